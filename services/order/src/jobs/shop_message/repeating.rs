//! The last order once more, at the prices of today.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::Talk;
use super::hearing::{Beside, Read};
use super::{bad_number, ordering, orders};
use crate::domain::finish_message::Outcome;
use crate::domain::number::kathmandu;
use crate::domain::{Asked, Buyer, Order, Status};
use crate::store::get_order;
use crate::store::list_orders::{Filter, list};

/// Orders that are looked through for the last one that stood.
const LOOKED_THROUGH: i64 = 10;

/// Quotes the lines of the named order, or of the last one that was not refused.
pub(super) async fn repeat(talk: &Talk<'_>, buyer: &Buyer, read: &Read) -> Result<Finished, Fault> {
    let order = match orders::meant(talk, buyer, read).await? {
        orders::Meant::Wrong(text) => return bad_number(talk, &text).await,
        orders::Meant::Number(number) => match orders::own_order(talk, buyer, &number).await? {
            Some(order) => Some(order),
            None => return bad_number(talk, &number).await,
        },
        orders::Meant::None => last(talk, buyer).await?,
    };
    let Some(order) = order else {
        let text = "There is no earlier order to repeat. Send the list of what you need.";
        let reply = ("plain_text", json!({ "text": text }));
        let state = talk.waiting.state.clone();
        return talk.answer(Outcome::Answered, state, vec![reply]).await;
    };
    let day = kathmandu(order.placed_at).format("%-d %b");
    let text = format!(
        "As in {} of {day}, which came to {}. These are the prices of today:",
        order.number, order.total
    );
    let asked = order.lines.into_iter().map(|l| Asked {
        sku: l.sku,
        quantity: l.quantity,
        unit: l.unit,
    });
    ordering::quote(talk, buyer, asked.collect(), Beside::saying(text)).await
}

async fn last(talk: &Talk<'_>, buyer: &Buyer) -> Result<Option<Order>, Fault> {
    let pool = talk.service.door.db().pool();
    let filter = Filter {
        account_id: Some(buyer.account_id.clone()),
        limit: LOOKED_THROUGH,
        ..Filter::default()
    };
    let (orders, _) = list(pool, &filter).await?;
    let stood = |o: &&Order| !matches!(o.status, Status::Refused | Status::Cancelled);
    match orders.iter().find(stood) {
        Some(order) => get_order::find(pool, &order.order_id).await,
        None => Ok(None),
    }
}
