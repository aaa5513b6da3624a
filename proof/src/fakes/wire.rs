//! The requests of both APIs and their answers.

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use serde_json::{Value, json};

use super::incoming::Provider;
use super::manners::Verdict;

/// What the mesh asked for.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) provider: Provider,
    pub(super) to: String,
    pub(super) text: String,
    pub(super) buttons: Vec<String>,
    pub(super) notice: String,
    pub(super) callback: String,
}

pub(super) fn from_twilio(body: &[u8]) -> Option<Sent> {
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let variables: Value =
        serde_json::from_str(field("ContentVariables").unwrap_or("null")).unwrap_or_default();
    let text = field("Body").or_else(|| variables["1"].as_str())?;
    Some(Sent {
        provider: Provider::Twilio,
        to: field("To")?.trim_start_matches("whatsapp:").to_owned(),
        text: text.to_owned(),
        buttons: Vec::new(),
        notice: String::new(),
        callback: field("StatusCallback").unwrap_or_default().to_owned(),
    })
}

pub(super) fn from_meta(body: &[u8]) -> Option<Sent> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let places = [
        "/text/body",
        "/interactive/body/text",
        "/template/components/0/parameters/0/text",
    ];
    let text = places.iter().find_map(|place| asked.pointer(place)?.as_str())?;
    let buttons = asked
        .pointer("/interactive/action/buttons")
        .and_then(Value::as_array);
    let id = |button: &Value| Some(button.pointer("/reply/id")?.as_str()?.to_owned());
    Some(Sent {
        provider: Provider::Meta,
        to: format!("+{}", asked["to"].as_str()?),
        text: text.to_owned(),
        buttons: buttons.into_iter().flatten().filter_map(id).collect(),
        notice: asked["biz_opaque_callback_data"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        callback: String::new(),
    })
}

pub(super) fn reply(provider: Provider, verdict: Verdict, reference: &str) -> Response<Full<Bytes>> {
    let refused = |code: i64, message: &str| match provider {
        Provider::Meta => json!({ "error": { "message": message, "code": code } }),
        Provider::Twilio => json!({ "code": code, "message": message }),
    };
    let (meta, status) = (
        provider == Provider::Meta,
        if provider == Provider::Meta { 200 } else { 201 },
    );
    let taken = match provider {
        Provider::Meta => json!({ "messaging_product": "whatsapp", "messages": [{ "id": reference }] }),
        Provider::Twilio => json!({ "sid": reference, "status": "queued" }),
    };
    match verdict {
        Verdict::TooMany => told(
            429,
            &refused(if meta { 130_429 } else { 20_429 }, "too many requests"),
        ),
        Verdict::Broken => told(
            500,
            &refused(if meta { 131_000 } else { 20_500 }, "something went wrong"),
        ),
        Verdict::Never => told(
            400,
            &refused(if meta { 131_026 } else { 63_003 }, "no such recipient"),
        ),
        Verdict::Redirected => {
            let mut moved = told(302, &Value::Null);
            moved.headers_mut().insert(
                "location",
                http::HeaderValue::from_static("http://127.0.0.1:9/elsewhere"),
            );
            moved
        }
        Verdict::Giant => {
            let mut giant = taken;
            giant["padding"] = Value::from("x".repeat(10 << 20));
            told(status, &giant)
        }
        Verdict::Junk => {
            let mut page = Response::new(Full::new(Bytes::from_static(b"<html>\0\xff all is well</html>")));
            page.headers_mut()
                .insert("content-type", http::HeaderValue::from_static("text/html"));
            page
        }
        _ => told(status, &taken),
    }
}

pub(super) fn told(status: u16, body: &Value) -> Response<Full<Bytes>> {
    let answer = Response::builder()
        .status(status)
        .header("content-type", "application/json");
    answer
        .body(Full::new(Bytes::from(body.to_string())))
        .expect("a known status and header")
}
