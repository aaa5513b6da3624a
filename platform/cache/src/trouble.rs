use ::redis::RedisError;

/// Why Redis gave no answer. None of these is an error of the request: the caller goes on without Redis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No address was configured.
    #[error("redis is not configured")]
    Off,
    /// Redis failed several times in a row and is left alone for a moment; nothing was sent.
    #[error("redis is left alone for a moment after repeated failures")]
    Open,
    /// No answer within the time limit; the command may or may not have been carried out.
    #[error("redis did not answer in time")]
    Timeout,
    /// The connection could not be made or broke.
    #[error("redis cannot be reached: {0}")]
    Io(String),
    /// The server has no memory left and refuses writes.
    #[error("redis has no memory left")]
    Oom,
    /// The server answered with another error, or with something the caller cannot read.
    #[error("redis refused: {0}")]
    Other(String),
}

impl Trouble {
    /// Label of `redis_errors_total`; `None` where no command was sent.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Off | Self::Open => None,
            Self::Timeout => Some("timeout"),
            Self::Io(_) => Some("io"),
            Self::Oom => Some("oom"),
            Self::Other(_) => Some("other"),
        }
    }
}

impl From<RedisError> for Trouble {
    fn from(error: RedisError) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        if error.is_io_error() {
            return Self::Io(error.to_string());
        }
        let text = error.to_string();
        // A pipeline's error hides the codes of its commands one level down.
        match error.into_server_errors() {
            Some(errors) if errors.iter().any(|(_, one)| one.code() == "OOM") => Self::Oom,
            _ => Self::Other(text),
        }
    }
}
