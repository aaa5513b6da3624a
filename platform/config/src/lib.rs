#![doc = include_str!("../README.md")]

mod error;
/// What texts have to look like.
pub mod form;
mod reader;
mod secret;
mod strings;
#[cfg(test)]
mod tests;

pub use error::{Error, Mistake};
pub use form::Form;
pub use reader::{Reader, Setting};
pub use secret::Secret;
pub use strings::Strings;
