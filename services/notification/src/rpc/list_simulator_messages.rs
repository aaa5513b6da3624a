use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use khaacho_phone::Phone;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, timestamp};
use crate::store::list_simulator_messages::{Shown, page};

const LIMIT_DEFAULT: u32 = 100;
const LIMIT_MAX: u32 = 200;

pub(super) async fn list_simulator_messages(
    rpc: &Rpc,
    request: Request<pb::ListSimulatorMessagesRequest>,
) -> Answer<pb::ListSimulatorMessagesResponse> {
    let (_ctx, body) = open(request)?;
    let limit = match body.limit {
        0 => LIMIT_DEFAULT,
        limit if limit <= LIMIT_MAX => limit,
        _ => return Err(Fault::invalid("limit", format!("must be at most {LIMIT_MAX}")).into()),
    };
    let after = match body.after.as_str() {
        "" => 0,
        cursor => cursor
            .parse()
            .map_err(|_| Fault::invalid("after", "is not one of ours"))?,
    };
    // People who have no phone for us are listed by their user id.
    let phone = Some(body.phone).filter(|phone| !phone.is_empty());
    let phone = phone.map(|text| Phone::parse(&text).map_or(text, |phone| phone.to_string()));
    let found = page(rpc.door.db().pool(), phone.as_deref(), after, limit.into()).await?;
    Ok(Response::new(pb::ListSimulatorMessagesResponse {
        next: found.last().map_or(after, |last| last.seq).to_string(),
        messages: found.into_iter().map(message).collect(),
    }))
}

fn message(shown: Shown) -> pb::SimulatorMessage {
    let buttons = shown.buttons.0.into_iter().map(|button| pb::SimulatorButton {
        id: button.id,
        title: button.title,
    });
    pb::SimulatorMessage {
        id: shown.id,
        to: shown.phone,
        text: shown.text,
        buttons: buttons.collect(),
        at: Some(timestamp(shown.at)),
        notification_id: NotificationId::from(shown.notification_id).to_string(),
    }
}
