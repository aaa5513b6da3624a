//! The simulator's phones: what a shop would type and what it would see, without any provider.

use axum::Router;
use axum::extract::{Extension, RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, StatusCode};
use khaacho_fault::Fault;
use khaacho_phone::Phone;
use khaacho_proto::Role;
use khaacho_proto::common::v1::{Address, Provider};
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::notification::v1::simulator_service_client::SimulatorServiceClient;
use khaacho_proto::order::v1::{InboundMessage, Receipt, ReceivedMessage};
use khaacho_rpc::Principal;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::App;
use crate::edge::{self, Arrival};
use crate::intake::deliver_messages;
use crate::problem::{self, Problem};
use crate::transcode::body;

const TEXT_MAX: usize = 4096;
const ID_MAX: usize = 128;

/// The routes. Mounted only where the simulator provider is on, and never in production.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/v1/simulator/messages", get(list).post(send))
}

/// What a simulated shop sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    from: String,
    #[serde(default)]
    text: String,
    reply_id: Option<String>,
    message_id: Option<String>,
}

async fn send(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<Response, Problem> {
    admit(&app, &arrival, &headers).await?;
    let sent: Sent = body::typed(&headers, &raw)?;
    let message = received(sent, app.clock.now())?;
    let stored = deliver_messages(&app, &arrival, vec![message])
        .await
        .map_err(Fault::outcome_unknown)?;
    let status = match stored.receipts().next() {
        Some(Receipt::Accepted) => "ACCEPTED",
        Some(Receipt::Duplicate) => "DUPLICATE",
        Some(Receipt::Unspecified) | None => return Err(Fault::bug("a message without receipt").into()),
    };
    let id = stored.inbound_ids.into_iter().next().unwrap_or_default();
    Ok(problem::json(
        StatusCode::OK,
        &json!({ "id": id, "status": status }),
    ))
}

fn received(sent: Sent, now: DateTime<Utc>) -> Result<ReceivedMessage, Fault> {
    let phone = Phone::parse(&sent.from).map_err(|error| Fault::invalid("from", error.to_string()))?;
    if sent.text.trim().is_empty() && sent.reply_id.is_none() {
        return Err(Fault::invalid("text", "must not be empty"));
    }
    if sent.text.chars().count() > TEXT_MAX {
        return Err(Fault::invalid("text", "must have at most 4096 characters"));
    }
    // Ids of buttons may hold blanks, as in `ACCEPT ORD2611000429`.
    let fits =
        |id: &str| (1..=ID_MAX).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    for (field, id) in [("message_id", &sent.message_id), ("reply_id", &sent.reply_id)] {
        if id.as_deref().is_some_and(|id| !fits(id)) {
            return Err(Fault::invalid(
                field,
                "must be 1 to 128 printable ASCII characters",
            ));
        }
    }
    let payload = json!({ "from": phone.as_str(), "text": sent.text, "reply_id": sent.reply_id });
    Ok(ReceivedMessage {
        address: Some(Address {
            provider: Provider::Simulator.into(),
            account: "simulator".to_owned(),
            address: phone.as_str().to_owned(),
            phone: phone.as_str().to_owned(),
            user_id: String::new(),
        }),
        message: Some(InboundMessage {
            provider_message_id: sent.message_id.unwrap_or_else(|| edge::random_id("sim_")),
            profile_name: String::new(),
            kind: if sent.reply_id.is_some() { "button" } else { "text" }.to_owned(),
            text: sent.text,
            reply_id: sent.reply_id.unwrap_or_default(),
            context_id: String::new(),
            sent_at: Some(prost_types::Timestamp {
                seconds: now.timestamp(),
                nanos: i32::try_from(now.timestamp_subsec_nanos()).unwrap_or(0),
            }),
            payload_json: payload.to_string(),
            ..InboundMessage::default()
        }),
    })
}

async fn list(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    admit(&app, &arrival, &headers).await?;
    let request = wanted(query.as_deref().unwrap_or_default())?;
    let ctx = arrival.ctx(Principal::service("gateway"), app.config.budget);
    let mut client = SimulatorServiceClient::new(app.peers.channel("notification"));
    let page = client
        .list_simulator_messages(ctx.outgoing(request))
        .await
        .map_err(Fault::from)?
        .into_inner();
    let messages: Vec<Value> = page.messages.iter().map(shown).collect();
    Ok(problem::json(
        StatusCode::OK,
        &json!({ "messages": messages, "next": page.next }),
    ))
}

fn wanted(query: &str) -> Result<notification::ListSimulatorMessagesRequest, Fault> {
    let mut request = notification::ListSimulatorMessagesRequest::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "phone" => {
                // In a query a plus sign that nobody escaped means a space.
                let text = match value.strip_prefix(' ') {
                    Some(rest) => format!("+{}", rest.trim()),
                    None => value.into_owned(),
                };
                let phone =
                    Phone::parse(&text).map_err(|error| Fault::invalid("phone", error.to_string()))?;
                request.phone = phone.as_str().to_owned();
            }
            "after" => request.after = value.into_owned(),
            "limit" => {
                request.limit = value
                    .parse()
                    .ok()
                    .filter(|limit| (1..=200).contains(limit))
                    .ok_or_else(|| Fault::invalid("limit", "must be a number from 1 to 200"))?;
            }
            _ => return Err(Fault::invalid(name, "is not a parameter of this request")),
        }
    }
    Ok(request)
}

fn shown(message: &notification::SimulatorMessage) -> Value {
    let buttons: Vec<Value> = message
        .buttons
        .iter()
        .map(|button| json!({ "id": button.id, "title": button.title }))
        .collect();
    let at = message.at.as_ref().and_then(|at| {
        DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
            .map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
    });
    json!({ "id": message.id, "to": message.to, "text": message.text, "buttons": buttons, "at": at })
}

/// From this machine anybody may; from elsewhere only operators, because it speaks in the name of any shop.
async fn admit(app: &App, arrival: &Arrival, headers: &HeaderMap) -> Result<(), Problem> {
    if arrival.local && !headers.contains_key(http::header::AUTHORIZATION) {
        return app
            .rates
            .take(&app.rates.policies.simulator, &arrival.network(), arrival)
            .await;
    }
    let principal = app.signed_in(arrival, headers).await?;
    if !matches!(principal.role, Role::Owner | Role::Operations) {
        return Err(Fault::forbidden().into());
    }
    Ok(())
}
