//! A language that was set in chat, for what was begun before it.

use khaacho_durable::Tx;
use khaacho_fault::Fault;

use super::quote_order;
use crate::domain::basket::State;
use crate::domain::finish_message::Spoken;

const QUOTE: &str = "\
update orders.quote set body = jsonb_set(body, '{buyer,language}', to_jsonb($2::integer))
where id = $1 and used_at is null";
/// In the order of their ids, as every verb locks orders.
const BOUGHT: &str = "\
with open as (
    select id from orders.purchase_order
    where account_id = any($1) and status not in ('COMPLETED', 'CANCELLED', 'REFUSED')
    order by id for no key update
)
update orders.purchase_order o set buyer = jsonb_set(o.buyer, '{language}', to_jsonb($2::integer))
from open where o.id = open.id";
const SOLD: &str = "\
with open as (
    select id from orders.purchase_order
    where vendor_id = $1 and status not in ('COMPLETED', 'CANCELLED', 'REFUSED')
    order by id for no key update
)
update orders.purchase_order o set vendor = jsonb_set(o.vendor, '{language}', to_jsonb($2::integer))
from open where o.id = open.id and o.vendor_id = $1";

/// News of open orders, and of the one that the basket that waits may become, are in the new language.
pub async fn save(tx: &mut Tx, spoken: &Spoken, state: &State) -> Result<(), Fault> {
    let language = spoken.language.number();
    if let State::Confirming { quote_id } = state {
        sqlx::query(QUOTE)
            .bind(quote_order::uuid(quote_id)?)
            .bind(language)
            .execute(tx.conn())
            .await?;
    }
    if !spoken.account_ids.is_empty() {
        sqlx::query(BOUGHT)
            .bind(&spoken.account_ids)
            .bind(language)
            .execute(tx.conn())
            .await?;
    }
    if let Some(vendor_id) = &spoken.vendor_id {
        sqlx::query(SOLD)
            .bind(vendor_id)
            .bind(language)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
