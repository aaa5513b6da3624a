use khaacho_config::{Reader, Secret, form};

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
    /// The language model that is asked about words nobody can read; `None` asks nobody.
    pub assist: Option<AssistConfig>,
}

/// A language model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistConfig {
    /// Where it answers: the whole address of its chat completions.
    pub url: String,
    /// Its name there.
    pub model: String,
    /// Proves who asks, where that is wanted.
    pub key: Option<Secret>,
    /// Questions of one shop on one day.
    pub daily: i32,
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
            assist: AssistConfig::read(reader),
        }
    }
}

impl AssistConfig {
    fn read(reader: &mut Reader) -> Option<Self> {
        let url = reader.optional_shaped(
            "KHAACHO_ORDER_ASSIST_URL",
            form::SAFE_URL,
            "chat completions of a language model that proposes what unread words mean; without it nobody is asked",
        );
        let model = reader.optional(
            "KHAACHO_ORDER_ASSIST_MODEL",
            "name of that model; needed with the address",
        );
        let key = reader.secret(
            "KHAACHO_ORDER_ASSIST_KEY",
            "key for that address, if it wants one",
        );
        let daily = reader.number(
            "KHAACHO_ORDER_ASSIST_DAILY",
            10,
            1..=1000,
            "questions to that model for one shop on one day",
        );
        let url = url?;
        if model.is_none() {
            reader.demand(
                "KHAACHO_ORDER_ASSIST_MODEL",
                "not set, while KHAACHO_ORDER_ASSIST_URL is",
                "the name of a model there",
            );
        }
        Some(Self {
            url,
            model: model.unwrap_or_default(),
            key,
            daily,
        })
    }
}

#[cfg(test)]
mod tests {
    use khaacho_config::Strings;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let strings = Strings::from_pairs(pairs.iter().copied());
        let mut reader = Reader::new(&strings);
        let config = Config::read(&mut reader);
        let done = reader.finish().map(|()| config);
        done.map_err(|error| error.to_string())
    }

    #[test]
    fn nobody_is_asked_without_an_address() {
        let others = [
            ("KHAACHO_ORDER_ASSIST_MODEL", "small"),
            ("KHAACHO_ORDER_ASSIST_KEY", "sk-1"),
        ];
        assert_eq!(read(&[]).expect("fine").assist, None);
        assert_eq!(read(&others).expect("fine").assist, None);
    }

    #[test]
    fn an_address_needs_tls_and_a_model() {
        let at = |url| {
            [
                ("KHAACHO_ORDER_ASSIST_URL", url),
                ("KHAACHO_ORDER_ASSIST_MODEL", "small"),
            ]
        };
        let assist = read(&at("https://model.example/v1/chat/completions"))
            .expect("fine")
            .assist;
        let assist = assist.expect("an assist");
        assert_eq!((assist.daily, assist.key), (10, None));
        assert!(read(&at("http://localhost:11434/v1/chat/completions")).is_ok());
        let plain = read(&at("http://model.example/v1/chat/completions")).expect_err("no TLS");
        assert!(
            plain.contains("KHAACHO_ORDER_ASSIST_URL") && !plain.contains("model.example"),
            "{plain}"
        );
        let nameless = read(&at("https://model.example")[..1]).expect_err("no model");
        assert!(nameless.contains("KHAACHO_ORDER_ASSIST_MODEL"), "{nameless}");
    }
}
