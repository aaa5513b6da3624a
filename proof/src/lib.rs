//! The touchstone: drives the mesh from outside, breaks what it stands on, and checks every promise from what can be
//! seen. It links none of the product's crates, so that a mistake in shared code cannot hide from it.

pub mod abuse;
pub mod bench;
pub mod check;
pub mod crashpoints;
pub mod fakes;
pub mod fuzz;
pub mod harness;
pub mod history;
pub mod ledger;
pub mod load;
pub mod matrix;
pub mod proxy;
pub mod report;
pub mod run;
pub mod scorecard;
pub mod selftest;
pub mod views;
