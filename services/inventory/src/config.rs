use std::time::Duration;

use khaacho_config::Reader;

/// Settings of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How often the catalogue in memory is compared with the database.
    pub index_every: Duration,
    /// How often stock is compared with its moves and reservations.
    pub drift_every: Duration,
    /// Reservations that are pending longer than this are looked after.
    pub pending_max: Duration,
    /// Shops that have to mean the same by a phrase before it means that for all.
    pub promote_after: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            index_every: Duration::from_secs(2),
            drift_every: Duration::from_secs(60),
            pending_max: Duration::from_secs(600),
            promote_after: 3,
        }
    }
}

impl Config {
    /// Reads the settings; the reader notes what is wrong.
    pub fn read(r: &mut Reader<'_>) -> Self {
        Self {
            index_every: r.seconds(
                "KHAACHO_INVENTORY_INDEX_SECONDS",
                2,
                1..=60,
                "how often the catalogue in memory is compared with the database, in seconds",
            ),
            drift_every: r.seconds(
                "KHAACHO_INVENTORY_DRIFT_SECONDS",
                60,
                5..=3600,
                "how often stock is compared with its moves and reservations, in seconds",
            ),
            pending_max: r.seconds(
                "KHAACHO_INVENTORY_PENDING_SECONDS",
                600,
                60..=86_400,
                "age in seconds from which a pending reservation makes the service ask about its order",
            ),
            promote_after: r.number(
                "KHAACHO_INVENTORY_PROMOTE_AFTER",
                3,
                2..=1000,
                "shops that have to mean the same by a phrase before it means that for all",
            ),
        }
    }
}
