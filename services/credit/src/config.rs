use std::time::Duration;

use khaacho_config::Reader;

/// Settings of the credit service.
#[derive(Debug, Clone)]
pub struct Config {
    /// How often the books are compared with each other.
    pub drift_every: Duration,
}

impl Config {
    /// Reads the settings; mistakes are noted in the reader.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            drift_every: reader.seconds(
                "KHAACHO_CREDIT_DRIFT_CHECK_SECONDS",
                60,
                1..=3600,
                "how often the credit service compares its books, in seconds",
            ),
        }
    }
}
