//! Where a provider keeps media. A message names places, and who writes messages could name ours.

use crate::domain::Provider;

/// Hosts to which Meta's answers point.
const META: [&str; 2] = ["lookaside.fbsbx.com", "mmg.whatsapp.net"];
/// Hosts to which Twilio redirects.
const TWILIO: [&str; 2] = ["mms.twiliocdn.com", "media.twiliocdn.com"];

/// A place, taken apart by the same reader that will connect to it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// `https` or another.
    pub scheme: &'a str,
    /// Name or address.
    pub host: &'a str,
    /// Port, when it is not the scheme's own.
    pub port: Option<u16>,
    /// Whether a name or a password stands before the host.
    pub user: bool,
}

impl Place<'_> {
    /// `host` or `host:port`.
    fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_owned(),
        }
    }

    /// Whether a provider keeps media here. `further` are places `host:port` that the owner has added for tests; they
    /// need no TLS.
    pub fn keeps_media_of(&self, provider: Provider, further: &[String]) -> bool {
        let authority = self.authority();
        if self.user {
            return false;
        }
        if further.contains(&authority) {
            return matches!(self.scheme, "http" | "https");
        }
        let own: &[&str] = match provider {
            Provider::Meta => &META,
            Provider::Twilio => &TWILIO,
            Provider::Simulator => &[],
        };
        self.scheme == "https" && self.port.is_none() && own.contains(&self.host)
    }

    /// Whether this is the same server as another place.
    pub fn is_at(&self, other: &Place<'_>) -> bool {
        !self.user && self.scheme == other.scheme && self.host == other.host && self.port == other.port
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn https(host: &str) -> Place<'_> {
        Place {
            scheme: "https",
            host,
            port: None,
            user: false,
        }
    }

    #[test]
    fn each_provider_has_its_own_hosts() {
        assert!(https("lookaside.fbsbx.com").keeps_media_of(Provider::Meta, &[]));
        assert!(https("mms.twiliocdn.com").keeps_media_of(Provider::Twilio, &[]));
        assert!(!https("mms.twiliocdn.com").keeps_media_of(Provider::Meta, &[]));
        assert!(!https("lookaside.fbsbx.com").keeps_media_of(Provider::Simulator, &[]));
    }

    #[test]
    fn a_look_alike_is_another_host() {
        for host in [
            "lookaside.fbsbx.com.evil.example",
            "evil-lookaside.fbsbx.com",
            "fbsbx.com",
            "169.254.169.254",
        ] {
            assert!(!https(host).keeps_media_of(Provider::Meta, &[]), "{host}");
        }
        let good = https("lookaside.fbsbx.com");
        let plain = Place {
            scheme: "http",
            ..good
        };
        let port = Place {
            port: Some(8443),
            ..good
        };
        let user = Place { user: true, ..good };
        for place in [plain, port, user] {
            assert!(!place.keeps_media_of(Provider::Meta, &[]), "{place:?}");
            assert!(!place.is_at(&good), "{place:?}");
        }
    }

    #[test]
    fn places_for_tests_count_with_their_port() {
        let further = ["127.0.0.1:8080".to_owned()];
        let there = Place {
            scheme: "http",
            host: "127.0.0.1",
            port: Some(8080),
            user: false,
        };
        assert!(there.keeps_media_of(Provider::Meta, &further));
        let elsewhere = Place {
            port: Some(8081),
            ..there
        };
        assert!(!elsewhere.keeps_media_of(Provider::Meta, &further));
    }
}
