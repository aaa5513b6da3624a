#![doc = include_str!("../README.md")]

mod client;
mod ctx;
mod deadline;
mod discovery;
mod peers;
mod principal;
mod server;
mod token;

pub use client::MeshChannel;
pub use ctx::{Ctx, open};
pub use deadline::Deadline;
pub use peers::{PeerSettings, Peers, Target};
pub use principal::Principal;
pub use server::{Guard, GuardLayer, ServerLimits};
pub use token::{Claims, MeshKeys};

pub use khaacho_proto::Role;
pub use khaacho_telemetry::Trace;

/// What a gRPC handler returns.
pub type Answer<T> = Result<tonic::Response<T>, tonic::Status>;
