//! What the tests of the whole mesh need: a mesh to talk to, phones and REST clients to talk with, and the checks
//! that hold whatever happened. The mesh is met from outside only, as shops, vendors and operators meet it; the
//! database is read to find out what the demonstration offers and whether the books agree.

pub mod background;
pub mod chat;
pub mod check;
pub mod model;
pub mod otlp;
pub mod process;
pub mod provider;
pub mod proxy;
pub mod redis;
pub mod rest;
pub mod wait;
pub mod world;

mod mesh;

pub use chat::{Chat, Heard};
pub use mesh::{Serve, TestMesh, demo_database};
pub use model::Model;
pub use rest::{Answer, Rest};
pub use wait::eventually;

use std::time::Duration;

/// A shop that writes has its answer within this.
pub const REPLY: Duration = Duration::from_secs(2);
/// Longest wait for what nobody waits for with a phone in the hand: jobs of jobs, other processes, busy machines.
pub const SOON: Duration = Duration::from_secs(20);
