use khaacho_config::{Reader, form};

/// Settings of the order service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How long an asked vendor may take.
    pub vendor_deadline_minutes: u32,
    /// Where operators read about orders that are stuck.
    pub operator_phone: Option<String>,
    /// Phone that shops may call.
    pub support_phone: String,
    /// Jobs that run at once.
    pub jobs_at_once: usize,
    /// For how long who acts for several shops is not asked again for which.
    pub shop_minutes: u32,
}

impl Config {
    /// Reads the settings.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            vendor_deadline_minutes: reader.number(
                "KHAACHO_ORDER_VENDOR_DEADLINE_MINUTES",
                30,
                1..=1440,
                "minutes that an asked vendor has to answer",
            ),
            operator_phone: reader.optional_shaped(
                "KHAACHO_ORDER_OPERATOR_PHONE",
                form::PHONE,
                "phone that is told about orders no vendor takes",
            ),
            support_phone: reader.shaped(
                "SUPPORT_PHONE",
                "+977-9800000000",
                form::PHONE,
                "phone that shops are told to call",
            ),
            jobs_at_once: reader.number(
                "KHAACHO_ORDER_JOBS_AT_ONCE",
                8,
                1..=64,
                "jobs of the order service that run at once in a process",
            ),
            shop_minutes: reader.number(
                "KHAACHO_ORDER_SHOP_MINUTES",
                60,
                0..=1440,
                "minutes after which somebody with several shops is asked again for which one he writes",
            ),
        }
    }
}
