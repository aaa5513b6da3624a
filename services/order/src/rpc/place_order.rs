use std::sync::Arc;
use std::time::Duration;

use khaacho_durable::Done;
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;
use tokio::sync::broadcast;

use super::quote_order::{asked, buying_account};
use super::render;
use crate::domain::place_order::PlaceOrder;
use crate::domain::quote::Obstacle;
use crate::domain::{Order, Status};
use crate::service::Service;
use crate::store::get_order::find;

/// Places an order and, when asked to, waits for credit and stock to be secured.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::PlaceOrderRequest,
) -> Result<pb::PlaceOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let wait = Duration::from_secs(u64::from(body.wait_seconds.min(WAIT_SECONDS_MAX)));
    let own_account = ctx.principal().own_account().map(str::to_owned);
    if !body.quote_id.is_empty() && !body.lines.is_empty() {
        return Err(Fault::invalid("lines", "must be absent when a quote is placed"));
    }
    let command = if body.quote_id.is_empty() {
        let account = buying_account(&ctx, body.account_id)?;
        let asked = asked(body.lines)?;
        let quote_id = QuoteId::derive(&["place", &ctx.principal().subject, &body.request_id, &account]);
        let buyer = service.peers.account(&ctx, &account);
        let (mut quoted, blocked) = service.quote_goods(&ctx, quote_id, buyer, asked.clone()).await?;
        if let Some(why) = blocked {
            quoted.obstacle = Some(Obstacle::Blocked { why });
        }
        PlaceOrder {
            own_account,
            quote_id: quote_id.to_string(),
            asked,
            quoted: Some(quoted),
        }
    } else {
        PlaceOrder {
            own_account,
            quote_id: body.quote_id,
            asked: Vec::new(),
            quoted: None,
        }
    };
    // Before the commit, so that no bell is missed.
    let bell = service.settled.subscribe();
    let done = khaacho_durable::gather(&service.door, &ctx, command).await?;
    let left = ctx.deadline().left().saturating_sub(ANSWER_RESERVE);
    let order = settled(service, &done, bell, wait.min(left)).await?;
    let settled = order.status != Status::Placed;
    let body = pb::PlaceOrderResponse {
        order: Some(render::order(&order)),
        settled,
    };
    Ok(body)
}

/// Longest wait for the outcome; a little less than the edge's budget.
const WAIT_SECONDS_MAX: u32 = 8;
/// Kept back from the caller's deadline: a wait that uses it up would lose the answer.
const ANSWER_RESERVE: Duration = Duration::from_millis(100);
/// When the order is looked at first if its job runs in another process and no bell rings here; then half as often
/// each time.
const LOOK_FIRST: Duration = Duration::from_millis(25);
/// When it is looked at first if this process runs jobs: another one may still have taken this one.
const LOOK_FIRST_HERE: Duration = Duration::from_millis(200);
/// The longest pause between two looks.
const LOOK_LAST: Duration = Duration::from_millis(400);

/// The order once it has left `PLACED`, or when the wait is over.
async fn settled(
    service: &Service,
    done: &Done<String>,
    mut bell: broadcast::Receiver<Arc<Order>>,
    wait: Duration,
) -> Result<Order, Fault> {
    let order_id = &done.reply;
    let over = tokio::time::sleep(wait);
    tokio::pin!(over);
    let mut last = wait.is_zero();
    // An order that was placed just now cannot have settled already without a bell.
    let mut look = last || done.replayed;
    let mut pause = if service.door.runs_jobs() {
        LOOK_FIRST_HERE
    } else {
        LOOK_FIRST
    };
    loop {
        if look {
            let order = find(service.door.db().pool(), order_id)
                .await?
                .ok_or_else(|| Fault::bug("an order vanished"))?;
            if last || order.status != Status::Placed {
                return Ok(order);
            }
        }
        look = true;
        let soon = tokio::time::sleep(pause);
        pause = (pause * 2).min(LOOK_LAST);
        tokio::pin!(soon);
        loop {
            tokio::select! {
                () = &mut over => { last = true; break }
                () = &mut soon => break,
                rung = bell.recv() => match rung {
                    Ok(order) if order.order_id == *order_id => return Ok(Arc::unwrap_or_clone(order)),
                    Ok(_) => {}
                    // Bells were missed: look.
                    Err(_) => break,
                },
            }
        }
    }
}
