//! Where a provider keeps media. A message names places, and who writes messages could name ours.

use crate::domain::Provider;

/// Hosts to which Meta's answers point.
const META: [&str; 2] = ["lookaside.fbsbx.com", "mmg.whatsapp.net"];
/// Hosts to which Twilio redirects.
const TWILIO: [&str; 2] = ["mms.twiliocdn.com", "media.twiliocdn.com"];
/// Where Twilio's messages say that their media are.
const TWILIO_API: Place<'static> = Place {
    scheme: "https",
    host: "api.twilio.com",
    port: None,
    user: false,
};

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
    pub fn authority(&self) -> String {
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

/// A medium of this account in Twilio's API, by the path of the address that its message gave. Nothing of that address
/// but the ids goes into the path that is asked for.
pub fn twilio_path(named: &Place<'_>, base: &Place<'_>, path: &str, account: &str) -> Option<String> {
    let is_id =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !named.is_at(base) && !named.is_at(&TWILIO_API) {
        return None;
    }
    let rest = path.strip_prefix("/2010-04-01/Accounts/")?;
    let rest = rest.strip_prefix(account)?.strip_prefix("/Messages/")?;
    let (message, medium) = rest.split_once("/Media/")?;
    [message, medium]
        .iter()
        .all(is_id)
        .then(|| format!("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{medium}"))
}

/// Whether this is an id of a medium at Meta.
pub fn is_meta_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_twilio_address_only_the_ids_count() {
        let base = Place {
            scheme: "http",
            host: "127.0.0.1",
            port: Some(8080),
            user: false,
        };
        let good = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1";
        let path = |named: &Place<'_>, path: &str| twilio_path(named, &base, path, "AC1");
        assert_eq!(path(&base, good).as_deref(), Some(good));
        assert_eq!(path(&https("api.twilio.com"), good).as_deref(), Some(good));
        for host in [
            "api.twilio.com.evil.example",
            "169.254.169.254",
            "mms.twiliocdn.com",
        ] {
            assert_eq!(path(&https(host), good), None, "{host}");
        }
        for bad in [
            "/2010-04-01/Accounts/AC2/Messages/MM1/Media/ME1",
            "/2010-04-01/Accounts/AC1/Messages/../Media/ME1",
            "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1/",
            "/2010-04-01/Accounts/AC1/Messages/MM1/Media/",
            "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1%2e%2e",
            "/latest/meta-data/",
        ] {
            assert_eq!(path(&base, bad), None, "{bad}");
        }
    }

    #[test]
    fn an_id_of_meta_is_a_number() {
        assert!(is_meta_id("1046175677145819"));
        for id in ["", "1/..", "me?fields=x", "10a", &"1".repeat(129)] {
            assert!(!is_meta_id(id), "{id}");
        }
    }

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
