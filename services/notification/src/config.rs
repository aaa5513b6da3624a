//! Settings: which providers there are, and which one is used when nobody says.

use khaacho_config::{Form, Reader, Secret, form};

use crate::channels::{meta, twilio};
use crate::domain::Provider;
use crate::transcriber;

/// Our sender as Twilio's API takes it.
const SENDER: Form = Form {
    expected: "a number such as +14155238886, or a messaging service MG…",
    fits: |text| {
        let service = text.strip_prefix("MG");
        let number = text.strip_prefix("whatsapp:").unwrap_or(text).strip_prefix('+');
        let digits = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
        service.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            || number.is_some_and(|number| (8..=15).contains(&number.len()) && digits(number))
    },
};

/// A program of this machine.
const PROGRAM: Form = Form {
    expected: "the full path of a program, such as /usr/local/bin/transcribe",
    fits: |text| text.starts_with('/') && !text.ends_with('/') && !text.contains('\0'),
};

/// Settings of the service.
#[derive(Debug, Clone)]
pub struct Config {
    /// Carries messages whose sender does not say.
    pub(crate) provider: Provider,
    /// Whether there is a simulator: never in production.
    pub(crate) simulator: bool,
    /// Twilio and our number there.
    pub(crate) twilio: Option<(twilio::Settings, String)>,
    /// Meta and our phone number id there.
    pub(crate) meta: Option<(meta::Settings, String)>,
    /// Writes down voices.
    pub(crate) transcriber: Option<transcriber::Settings>,
}

impl Config {
    /// Reads the settings. Half of a provider's credentials, a chosen provider without credentials, and the
    /// simulator in production are mistakes.
    pub fn read(r: &mut Reader<'_>) -> Self {
        let environment = r.text("ENVIRONMENT", "development", "production, or anything else");
        let production = environment.eq_ignore_ascii_case("production");
        let twilio = read_twilio(r);
        let meta = read_meta(r);
        let found = match (&twilio, &meta) {
            (Some(_), _) => Provider::Twilio,
            (None, Some(_)) => Provider::Meta,
            (None, None) => Provider::Simulator,
        };
        let chosen = r.choice(
            "KHAACHO_NOTIFICATION_PROVIDER",
            found.as_str(),
            &["simulator", "twilio", "meta"],
            "who carries messages whose sender does not say: simulator, twilio or meta",
        );
        let transcriber = read_transcriber(r);
        let config = Self {
            provider: Provider::parse(chosen).unwrap_or(found),
            simulator: !production,
            twilio,
            meta,
            transcriber,
        };
        if !config.has(config.provider) {
            let problem = match config.provider {
                Provider::Simulator => "simulator, which reaches nobody, in production".to_owned(),
                provider => format!("{provider}, whose credentials are not set"),
            };
            r.reject(
                "KHAACHO_NOTIFICATION_PROVIDER",
                problem,
                "twilio with TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_NUMBER, or meta with \
                 WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_ACCESS_TOKEN",
            );
        }
        config
    }

    /// Whether messages may come in and go out through the simulator.
    pub fn has_simulator(&self) -> bool {
        self.simulator
    }

    /// Whether this installation can send through a provider.
    pub(crate) fn has(&self, provider: Provider) -> bool {
        match provider {
            Provider::Simulator => self.simulator,
            Provider::Twilio => self.twilio.is_some(),
            Provider::Meta => self.meta.is_some(),
        }
    }

    /// Our own sender at a provider; empty when there is none.
    pub(crate) fn account(&self, provider: Provider) -> &str {
        match provider {
            Provider::Simulator => "simulator",
            Provider::Twilio => self.twilio.as_ref().map_or("", |(_, number)| number),
            Provider::Meta => self.meta.as_ref().map_or("", |(_, id)| id),
        }
    }

    /// Providers that tell us what became of a message they took.
    pub(crate) fn reporting(&self) -> Vec<Provider> {
        let twilio = self
            .twilio
            .as_ref()
            .filter(|(settings, _)| settings.status_callback.is_some());
        let twilio = twilio.map(|_| Provider::Twilio);
        twilio.into_iter().chain([Provider::Meta]).collect()
    }

    /// Providers that can carry a message in an approved template when the 24 hour window is closed.
    pub(crate) fn templates_at(&self) -> Vec<Provider> {
        let twilio = self
            .twilio
            .as_ref()
            .and_then(|(settings, _)| settings.window_content_sid.as_ref());
        let meta = self
            .meta
            .as_ref()
            .and_then(|(settings, _)| settings.window_template.as_ref());
        let twilio = twilio.map(|_| Provider::Twilio);
        twilio.into_iter().chain(meta.map(|_| Provider::Meta)).collect()
    }
}

fn read_twilio(r: &mut Reader<'_>) -> Option<(twilio::Settings, String)> {
    let account_sid = r.optional(
        "TWILIO_ACCOUNT_SID",
        "Twilio account, AC…; messages go out with all three set",
    );
    let secret = r.secret("TWILIO_AUTH_TOKEN", "Twilio auth token");
    let number = r.optional_shaped(
        "TWILIO_WHATSAPP_NUMBER",
        SENDER,
        "our WhatsApp number at Twilio, +…, or a service MG…",
    );
    let same = "the same as TWILIO_WHATSAPP_NUMBER";
    let from = r.optional_shaped("TWILIO_WHATSAPP_FROM", SENDER, same);
    let phone = r.optional_shaped("TWILIO_PHONE_NUMBER", SENDER, same);
    let api_url = r.shaped(
        "TWILIO_API_URL",
        twilio::API_URL,
        form::HTTP_URL,
        "address of Twilio's API",
    );
    let webhook_url = r.optional_shaped(
        "WEBHOOK_URL",
        form::HTTP_URL,
        "our webhook's full URL; Twilio reports delivery there",
    );
    let window_content_sid = r.optional(
        "KHAACHO_NOTIFICATION_TWILIO_CONTENT_SID",
        "approved content, HX…, with one variable; carries messages after 24 hours of silence",
    );
    let account_sid = account_sid?;
    let mut needed = |name| {
        r.demand(
            name,
            "not set, while TWILIO_ACCOUNT_SID is",
            "all of Twilio's credentials or none",
        );
    };
    let number = number.or(from).or(phone);
    needed("TWILIO_AUTH_TOKEN");
    if number.is_none() {
        needed("TWILIO_WHATSAPP_NUMBER");
    }
    let settings = twilio::Settings {
        api_url,
        user: account_sid.clone(),
        account_sid,
        secret: secret.unwrap_or_else(|| Secret::new("")),
        status_callback: webhook_url,
        window_content_sid,
    };
    Some((settings, number.unwrap_or_default()))
}

fn read_meta(r: &mut Reader<'_>) -> Option<(meta::Settings, String)> {
    let api_url = r.shaped(
        "WHATSAPP_API_URL",
        meta::API_URL,
        form::HTTP_URL,
        "address of Meta's API with its version",
    );
    let phone_number_id = r.optional("WHATSAPP_PHONE_NUMBER_ID", "our phone number id at Meta");
    let access_token = r.secret(
        "WHATSAPP_ACCESS_TOKEN",
        "Meta's token; messages go out with the id and it set",
    );
    let template = r.optional(
        "KHAACHO_NOTIFICATION_META_TEMPLATE",
        "approved template with one variable; carries messages after 24 hours of silence",
    );
    let language = r.text(
        "KHAACHO_NOTIFICATION_META_TEMPLATE_LANGUAGE",
        "en",
        "language code of that template",
    );
    let (phone_number_id, access_token) = match (phone_number_id, access_token) {
        (Some(id), Some(token)) => (id, token),
        (None, None) => return None,
        (id, _) => {
            let name = if id.is_some() {
                "WHATSAPP_ACCESS_TOKEN"
            } else {
                "WHATSAPP_PHONE_NUMBER_ID"
            };
            r.reject(
                name,
                "not set, while its companion is",
                "both of Meta's credentials or none",
            );
            return None;
        }
    };
    let window_template = template.map(|name| meta::WindowTemplate { name, language });
    let settings = meta::Settings {
        api_url,
        access_token,
        window_template,
    };
    Some((settings, phone_number_id))
}

fn read_transcriber(r: &mut Reader<'_>) -> Option<transcriber::Settings> {
    let path = r.optional_shaped(
        "KHAACHO_NOTIFICATION_TRANSCRIBER",
        PROGRAM,
        "program that writes down voices: its type as argument, sound in, words out",
    );
    let limit = r.seconds(
        "KHAACHO_NOTIFICATION_TRANSCRIBER_SECONDS",
        120,
        1..=3_600,
        "seconds after which that program is ended",
    );
    let path = path?.into();
    Some(transcriber::Settings { path, limit })
}

#[cfg(test)]
mod tests {
    use khaacho_config::Strings;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let strings = Strings::from_pairs(pairs.iter().copied());
        let mut reader = Reader::new(&strings);
        let config = Config::read(&mut reader);
        reader
            .finish()
            .map(|()| config)
            .map_err(|error| error.to_string())
    }

    const TWILIO: [(&str, &str); 3] = [
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", "token"),
        ("TWILIO_WHATSAPP_NUMBER", "+14155238886"),
    ];

    #[test]
    fn without_credentials_messages_go_to_the_simulator() {
        let config = read(&[]).expect("fine");
        assert_eq!(config.provider, Provider::Simulator);
        assert_eq!(config.account(Provider::Simulator), "simulator");
    }

    #[test]
    fn credentials_choose_the_provider() {
        let config = read(&TWILIO).expect("fine");
        assert_eq!(config.provider, Provider::Twilio);
        assert_eq!(config.account(Provider::Twilio), "+14155238886");
        let meta = [
            ("WHATSAPP_PHONE_NUMBER_ID", "106"),
            ("WHATSAPP_ACCESS_TOKEN", "EAAG"),
        ];
        assert_eq!(read(&meta).expect("fine").provider, Provider::Meta);
    }

    #[test]
    fn half_of_the_credentials_is_a_mistake() {
        assert!(
            read(&TWILIO[..2])
                .expect_err("no number")
                .contains("TWILIO_WHATSAPP_NUMBER")
        );
        let half = [("WHATSAPP_PHONE_NUMBER_ID", "106")];
        assert!(
            read(&half)
                .expect_err("no token")
                .contains("WHATSAPP_ACCESS_TOKEN")
        );
        let chosen = [("KHAACHO_NOTIFICATION_PROVIDER", "meta")];
        assert!(read(&chosen).expect_err("no credentials").contains("meta"));
    }

    #[test]
    fn addresses_and_numbers_have_their_forms() {
        for sender in ["+14155238886", "whatsapp:+14155238886", "MG0123abc"] {
            assert!((SENDER.fits)(sender), "{sender}");
        }
        for sender in ["abc", "14155238886", "+1 415 523 8886", "MG"] {
            assert!(!(SENDER.fits)(sender), "{sender}");
        }
        let wrong = [
            ("TWILIO_WHATSAPP_NUMBER", "abc"),
            ("TWILIO_WHATSAPP_FROM", "abc"),
            ("TWILIO_PHONE_NUMBER", "abc"),
            ("TWILIO_API_URL", "foo"),
            ("WEBHOOK_URL", "foo"),
            ("WHATSAPP_API_URL", "foo"),
        ];
        let error = read(&wrong).expect_err("six mistakes");
        for (name, _) in wrong {
            assert!(error.contains(&format!("\n  {name}: ")), "{name} in {error}");
        }
    }

    #[test]
    fn there_is_no_simulator_in_production() {
        let production = ("ENVIRONMENT", "production");
        assert!(
            read(&[production])
                .expect_err("nobody would get a message")
                .contains("simulator")
        );
        let mut pairs = TWILIO.to_vec();
        pairs.push(production);
        let config = read(&pairs).expect("fine");
        assert!(!config.has(Provider::Simulator));
        pairs.push(("KHAACHO_NOTIFICATION_PROVIDER", "simulator"));
        assert!(read(&pairs).is_err());
    }
}
