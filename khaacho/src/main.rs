//! The `khaacho` command.
fn main() {}
