use std::net::{IpAddr, Ipv6Addr};

/// What a text has to look like, for [`Reader::shaped`](crate::Reader::shaped) and its sisters.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The form in words, as it stands in the list of mistakes.
    pub expected: &'static str,
    /// Whether a text has it.
    pub fits: fn(&str) -> bool,
}

/// Address of something that speaks HTTP.
pub const HTTP_URL: Form = Form {
    expected: "http://host or https://host, with or without a path",
    fits: |text| is_url(text, &["http", "https"]),
};

/// Address of something outside that is told what not everybody may read: by TLS, or on this machine.
pub const SAFE_URL: Form = Form {
    expected: "https://host with or without a path; http:// only to this machine",
    fits: |text| is_url(text, &["https"]) || is_url(text, &["http"]) && is_here(text),
};

/// A page's origin as browsers send it: scheme, host, port, nothing else.
pub const ORIGIN: Form = Form {
    expected: "https://host without a path",
    fits: |text| {
        let authority = text.split_once("://").map_or("", |(_, rest)| rest);
        (HTTP_URL.fits)(text) && !authority.contains(['/', '?', '#', '@'])
    },
};

/// Address that a listener binds.
pub const HOST: Form = Form {
    expected: "an IP address or a host's name",
    fits: |text| text.parse::<IpAddr>().is_ok() || is_name(text),
};

/// Where a service listens; several places are separated by commas.
pub const ADDRESS: Form = Form {
    expected: "host:port",
    fits: |text| text.split(',').all(|one| is_authority(one.trim(), true)),
};

/// A phone number as people write it: 7 to 15 digits, `+` in front, spaces, dashes and brackets between.
pub const PHONE: Form = Form {
    expected: "a phone number such as +977-9800000000",
    fits: |text| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let fits = |letter: char| letter.is_ascii_digit() || " -()".contains(letter);
        (7..=15).contains(&digits.bytes().filter(u8::is_ascii_digit).count()) && digits.chars().all(fits)
    },
};

/// Whether a text is an address with one of these schemes: a host, a port from 1 if there is one, no spaces.
pub fn is_url(text: &str, schemes: &[&str]) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority
        .rsplit_once('@')
        .map_or(authority, |(_person, place)| place);
    let clean = text
        .chars()
        .all(|letter| !letter.is_whitespace() && !letter.is_control());
    clean && schemes.contains(&scheme.to_ascii_lowercase().as_str()) && is_authority(place, false)
}

/// Whether an address names this machine, and can be read in one way only.
fn is_here(text: &str) -> bool {
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let bare = match authority.strip_prefix('[') {
        Some(v6) => v6.split_once(']').map_or("", |(host, _)| host),
        None => authority.split_once(':').map_or(authority, |(host, _)| host),
    };
    let loopback = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    (loopback || bare.eq_ignore_ascii_case("localhost")) && !text.contains(['@', '\\'])
}

/// An address without the name and password that may stand in it.
pub(crate) fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://[REDACTED]{}", &rest[at..]),
        None => text.to_owned(),
    }
}

/// `host`, `host:port` or `[v6]:port`.
fn is_authority(text: &str, port_needed: bool) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) if host.parse::<Ipv6Addr>().is_ok() => ("v6", port.strip_prefix(':')),
        Some(_) => return false,
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let port = match port {
        Some(port) => digits(port) && port.parse::<u16>().is_ok_and(|port| port > 0),
        None => !port_needed,
    };
    port && is_name(host)
}

/// Letters, digits, dots, dashes and underscores (names of containers have them), none of the marks at an end.
fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(inner)
    };
    text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(form: Form, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!((form.fits)(text), "{text:?} is {}", form.expected);
        }
        for text in wrong {
            assert!(!(form.fits)(text), "{text:?} is not {}", form.expected);
        }
    }

    #[test]
    fn addresses_on_the_web() {
        let right = [
            "http://otel-collector:4317",
            "https://graph.facebook.com/v26.0",
            "HTTPS://user:p%40ss@api.example.com/x?y=1",
            "http://[::1]:8080",
        ];
        let wrong = [
            "xx",
            "foo",
            "http://",
            "http:///path",
            "https://a b",
            "ftp://host",
            "http://host:0",
            "http://host:many",
            "http://host:+80",
            "http://[::g]:80",
            "http://-host",
            "localhost:4317",
        ];
        judge(HTTP_URL, &right, &wrong);
        judge(
            ORIGIN,
            &["https://shop.example", "http://localhost:3000"],
            &[
                "*",
                "https://shop.example/",
                "https://user@shop.example",
                "shop.example",
                "https://*.example",
            ],
        );
    }

    #[test]
    fn what_not_everybody_may_read_goes_by_tls_or_stays_here() {
        judge(
            SAFE_URL,
            &[
                "https://api.example.com/v1/chat/completions",
                "http://localhost:11434/v1/chat/completions",
                "http://127.0.0.1:8080/x",
                "HTTP://[::1]/x",
            ],
            &[
                "http://api.example.com/v1",
                "http://localhost.example.com",
                "http://localhost@example.com",
                "http://example.com\\@localhost/",
                "http://10.0.0.1/x",
                "http://127.0.0.1.example.com",
                "ftp://localhost",
            ],
        );
    }

    #[test]
    fn places_on_the_network() {
        judge(
            HOST,
            &["0.0.0.0", "::", "localhost", "order_1.internal."],
            &["not a host", "a..b", "http://host", "host:80"],
        );
        judge(
            ADDRESS,
            &["order:50051", "127.0.0.1:80", "[::1]:50051", "a:50051,b:50051"],
            &[
                "order",
                ":50051",
                "not a host:80",
                "order:0",
                "order:99999",
                "a:1,",
                "http://order:50051",
            ],
        );
    }

    #[test]
    fn phones() {
        judge(
            PHONE,
            &["+977-9800000000", "9841234567", "+1 (415) 523-8886"],
            &[
                "abc",
                "",
                "123",
                "+97798412345678901",
                "++9779841234567",
                "call 9841234567",
            ],
        );
    }

    #[test]
    fn passwords_are_cut_out() {
        let shown = without_password("https://me:pa@ss@host:1/x@y");
        assert_eq!(shown, "https://[REDACTED]@host:1/x@y");
        assert_eq!(without_password("http://host/a@b"), "http://host/a@b");
    }
}
