use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, enqueue, timestamp, view};
use crate::domain::message::Body;
use crate::store::list_told::{Told, newest};

const LIMIT_DEFAULT: u32 = 20;
const LIMIT_MAX: u32 = 100;

pub(super) async fn list_told(
    rpc: &Rpc,
    request: Request<pb::ListToldRequest>,
) -> Answer<pb::ListToldResponse> {
    let (_ctx, body) = open(request)?;
    let limit = match body.limit {
        0 => LIMIT_DEFAULT,
        limit if limit <= LIMIT_MAX => limit,
        _ => return Err(Fault::invalid("limit", format!("must be at most {LIMIT_MAX}")).into()),
    };
    let to = enqueue::recipient(&rpc.config, body.to.unwrap_or_default(), "to")?;
    if to.name().is_none() {
        return Err(Fault::invalid("to", "must name a phone, an address or a user id").into());
    }
    let rows = newest(rpc.door.db().pool(), &to.line(), i64::from(limit)).await?;
    Ok(Response::new(pb::ListToldResponse {
        messages: rows.into_iter().map(told).collect(),
    }))
}

fn told(row: Told) -> pb::Told {
    let choices = choices(&row.body);
    pb::Told {
        notification_id: row.id.to_string(),
        template: row.template,
        text: row.body.text,
        choices,
        state: view::state(row.state).into(),
        order_id: row.order_id.map(|id| id.to_string()).unwrap_or_default(),
        cause_id: row.cause,
        created_at: Some(timestamp(row.created_at)),
    }
}

/// What could be tapped.
fn choices(body: &Body) -> Vec<String> {
    let buttons = body.buttons.iter().map(|button| button.title.clone());
    let rows = body.list.iter().flat_map(|list| &list.rows);
    buttons.chain(rows.map(|row| row.title.clone())).collect()
}
