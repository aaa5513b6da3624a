//! The contracts of the mesh: generated messages, clients and servers, and the descriptors that routes, permissions,
//! reflection and the OpenAPI document are read from.

mod methods;

pub use methods::{HttpRoute, HttpVerb, Method, Role, descriptor_pool, method, methods};

/// Generated code; the contracts carry the documentation.
#[expect(missing_docs, reason = "generated from the contracts, which are documented")]
#[expect(clippy::all, reason = "generated")]
#[allow(dead_code, reason = "the HTTP rules are read through the descriptors")]
#[expect(clippy::allow_attributes_without_reason, reason = "generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/khaacho.rs"));
}

pub use generated::khaacho::{access, common, credit, inventory, notification, ops, order};

/// The encoded descriptor set of all contracts with their options and comments.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/khaacho.descriptors.bin"));
