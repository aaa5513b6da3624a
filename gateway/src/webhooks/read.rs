//! From a complete HTTP request to verified events, without waiting for anything.

use http::{HeaderMap, Method, header, request};

use super::meta::MetaAuth;
use super::twilio::TwilioAuth;
use super::{Event, Malformed, Provider, Rejection, Verification, meta, scrub, twilio};

/// How webhooks are checked. Built once from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether proofs are checked.
    pub verification: Verification,
    /// `scheme://host[:port]` under which the providers reach us. A path, query or fragment is ignored, so the
    /// whole `WEBHOOK_URL` may be given.
    pub public_base: String,
    /// Twilio's secrets.
    pub twilio: TwilioAuth,
    /// Meta's secrets.
    pub meta: MetaAuth,
}

/// A request with its whole body.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The provider that the path names, `None` on a path that all share.
    pub hint: Option<Provider>,
    /// The request method.
    pub method: &'a Method,
    /// The request headers.
    pub headers: &'a HeaderMap,
    /// Path and query byte for byte as received.
    pub path_and_query: &'a str,
    /// The raw body.
    pub body: &'a [u8],
}

/// A request whose origin is proven.
#[derive(Debug, Clone, PartialEq)]
pub enum Verified {
    /// Meta's handshake: answer 200 with this text, unchanged.
    Handshake(String),
    /// A delivery: make the events durable, then answer 200 with [`Provider::acknowledgement`].
    Events {
        /// Who delivered.
        provider: Provider,
        /// At least one, messages first.
        events: Vec<Event>,
    },
}

/// Verifies and reads a webhook request.
///
/// Without proof: [`Rejection::Forbidden`]. With proof a body is always accepted, even when it cannot be read:
/// the provider would only send the same bytes again, so it comes back as one ignored event to be stored.
pub fn read(settings: &Settings, call: Call<'_>) -> Result<Verified, Rejection> {
    if is_handshake(call.hint, call.method, call.headers) {
        let token = settings.meta.verify_token.as_ref();
        return meta::handshake(query(call.path_and_query), token).map(Verified::Handshake);
    }
    let provider = provider(call.hint, call.method, call.headers)?;
    if call.body.len() > provider.body_max() {
        return Err(Rejection::TooLarge);
    }
    let read = match provider {
        Provider::Twilio => read_twilio(settings, call)?,
        Provider::Meta => read_meta(settings, call)?,
        Provider::Simulator => return Err(Rejection::UnsupportedMedia),
    };
    let events = match read {
        Ok(events) => events,
        Err(Malformed) if settings.verification.is_off() => return Err(Rejection::Malformed),
        Err(Malformed) => {
            vec![Event::Ignored {
                provider,
                kind: "malformed".to_owned(),
                raw: scrub::unreadable(call.body),
            }]
        }
    };
    events.iter().for_each(count);
    Ok(Verified::Events { provider, events })
}

/// Who speaks, from the path's hint, the method and the headers, before the body is there.
///
/// On a shared path a form is Twilio's and JSON is Meta's, unless it carries Twilio's signature.
pub fn provider(hint: Option<Provider>, method: &Method, headers: &HeaderMap) -> Result<Provider, Rejection> {
    let signed_by_twilio = headers.contains_key(twilio::SIGNATURE);
    let encoded = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|coding| coding != "identity");
    if encoded {
        return Err(Rejection::UnsupportedMedia);
    }
    if is_read(method) {
        // Only Twilio can be configured to deliver by GET.
        return if hint == Some(Provider::Twilio) || signed_by_twilio {
            Ok(Provider::Twilio)
        } else {
            Err(Rejection::Malformed)
        };
    }
    if method != Method::POST {
        return Err(Rejection::Malformed);
    }
    match (media(headers)?, hint) {
        (Media::Form, None | Some(Provider::Twilio)) => Ok(Provider::Twilio),
        (Media::Json, Some(Provider::Twilio)) => Ok(Provider::Twilio),
        (Media::Json, None) if signed_by_twilio => Ok(Provider::Twilio),
        (Media::Json, None | Some(Provider::Meta)) => Ok(Provider::Meta),
        _ => Err(Rejection::UnsupportedMedia),
    }
}

/// The body limit in bytes for a webhook request of which only the head is there.
pub fn body_max(head: &request::Parts) -> usize {
    let provider = provider(None, &head.method, &head.headers).unwrap_or(Provider::Twilio);
    provider.body_max()
}

/// The URL as the provider called it: scheme and authority of `public_base`, path and query as received.
pub fn public_url(public_base: &str, path_and_query: &str) -> String {
    let authority = public_base.find("://").map_or(0, |at| at + 3);
    let end = public_base[authority..]
        .find(['/', '?', '#'])
        .map_or(public_base.len(), |at| authority + at);
    format!("{}{path_and_query}", &public_base[..end])
}

type Read = Result<Vec<Event>, Malformed>;

fn read_twilio(settings: &Settings, call: Call<'_>) -> Result<Read, Rejection> {
    let content_type = call
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !settings.verification.is_off() {
        let url = public_url(&settings.public_base, call.path_and_query);
        twilio::verify(&settings.twilio, &url, content_type, call.body, call.headers)?;
    }
    if !is_read(call.method) && media(call.headers)? == Media::Json {
        let kind = "event_stream".to_owned();
        let read = scrub::json(call.body);
        return Ok(read.map(|raw| {
            vec![Event::Ignored {
                provider: Provider::Twilio,
                kind,
                raw,
            }]
        }));
    }
    let form = if is_read(call.method) {
        query(call.path_and_query).as_bytes()
    } else {
        call.body
    };
    let accounts = &settings.twilio.account_sids;
    let ours = |sid: String| accounts.contains(&sid);
    if !accounts.is_empty() && !twilio::account_sid(form).is_some_and(ours) {
        return Err(Rejection::forbidden("wrong_account"));
    }
    Ok(twilio::parse(form).map(|event| vec![event]))
}

fn read_meta(settings: &Settings, call: Call<'_>) -> Result<Read, Rejection> {
    if !settings.verification.is_off() {
        let signature = call
            .headers
            .get(meta::SIGNATURE)
            .and_then(|value| value.to_str().ok());
        meta::verify(&settings.meta, call.body, signature)?;
    }
    Ok(meta::parse(call.body))
}

#[derive(PartialEq)]
enum Media {
    Form,
    Json,
}

/// The media type. Only UTF-8: in another charset the names of shops would be read wrong without anyone noticing.
fn media(headers: &HeaderMap) -> Result<Media, Rejection> {
    let stated = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = stated.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let utf8 = parts
        .filter_map(|part| part.split_once('='))
        .all(|(name, value)| {
            let charset = value.trim().trim_matches('"');
            !name.trim().eq_ignore_ascii_case("charset")
                || charset.eq_ignore_ascii_case("utf-8")
                || charset.eq_ignore_ascii_case("utf8")
        });
    match essence.as_str() {
        "application/x-www-form-urlencoded" if utf8 => Ok(Media::Form),
        "application/json" if utf8 => Ok(Media::Json),
        _ => Err(Rejection::UnsupportedMedia),
    }
}

fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

fn is_handshake(hint: Option<Provider>, method: &Method, headers: &HeaderMap) -> bool {
    let theirs = matches!(hint, None | Some(Provider::Meta));
    is_read(method) && theirs && !headers.contains_key(twilio::SIGNATURE)
}

fn query(path_and_query: &str) -> &str {
    path_and_query.split_once('?').map_or("", |(_, query)| query)
}

fn count(event: &Event) {
    match event {
        Event::Message(message) => {
            let (provider, kind) = (message.provider.as_str(), message.kind.as_str());
            metrics::counter!("webhook_messages_total", "provider" => provider, "kind" => kind).increment(1);
        }
        Event::Status(update) => {
            let (provider, status) = (update.provider.as_str(), update.status.as_str());
            metrics::counter!("webhook_statuses_total", "provider" => provider, "status" => status)
                .increment(1);
        }
        Event::Ignored {
            provider,
            kind,
            raw: _,
        } => {
            let (provider, kind) = (provider.as_str(), label(kind));
            metrics::counter!("webhook_ignored_total", "provider" => provider, "kind" => kind).increment(1);
        }
    }
}

/// A label of bounded length and alphabet: the word may come from the provider.
fn label(kind: &str) -> String {
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
    kind.chars().filter(fits).take(48).collect()
}
