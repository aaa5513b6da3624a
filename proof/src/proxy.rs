//! What stands between two processes and spoils what they say to each other: bytes ([`TcpProxy`]), sessions of
//! PostgreSQL ([`PgProxy`]), calls of gRPC ([`GrpcProxy`]).
//!
//! Every proxy listens on a free port of loopback, ends with its value, and passes everything on until told otherwise.

mod grpc;
mod pg;
mod tcp;

pub use grpc::{CallFault, GrpcProxy};
pub use pg::{At, Hit, PgProxy, SyncPoint, Which, normal};
pub use tcp::{Counts, Direction, TcpProxy, Weather};
