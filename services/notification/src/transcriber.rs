//! Writing down voices. What comes out is a help for people who read a conversation; nobody acts upon it.

mod program;

use std::future::Future;
use std::pin::Pin;

pub(crate) use program::{Program, Settings};

/// A future of a transcriber; boxed, because transcribers are chosen at run time.
pub(crate) type Hearing<'a> = Pin<Box<dyn Future<Output = Result<String, Deaf>> + Send + 'a>>;

/// Hears words in sound.
pub(crate) trait Transcriber: Send + Sync {
    /// The words in this sound; empty when there are none. `mime` is what the sound is.
    fn hear<'a>(&'a self, mime: &'a str, sound: &'a [u8]) -> Hearing<'a>;
}

/// Why there are no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deaf {
    /// The program cannot be started.
    Missing,
    /// It ended with a failure.
    Failed,
    /// It took too long.
    Late,
    /// It wrote too much.
    TooMuch,
}

impl Deaf {
    /// Label of the metric.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Deaf::Missing => "missing",
            Deaf::Failed => "failed",
            Deaf::Late => "late",
            Deaf::TooMuch => "too_much",
        }
    }
}
