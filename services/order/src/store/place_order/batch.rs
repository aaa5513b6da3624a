//! Many orders in one transaction.

use std::collections::{HashMap, HashSet};

use khaacho_durable::{Command as _, Gathered, Item, Tx, Verdict};
use khaacho_fault::Fault;

use super::{enqueue, insert_all};
use crate::domain::place_order::{Decision, PlaceOrder, Snapshot};
use crate::store::quote_order;

impl Gathered for PlaceOrder {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<String>>, Fault> {
        let mut seen = load(items, tx).await?;
        let mut verdicts = Vec::with_capacity(items.len());
        let (mut placed, mut refused) = (Vec::new(), Vec::new());
        for item in items {
            let Some(snapshot) = seen.remove(&item.command.quote_id) else {
                verdicts.push(Verdict::Alone);
                continue;
            };
            match item.command.decide(snapshot, tx.now()) {
                Ok(decision) => {
                    verdicts.push(Verdict::Done(decision.order.order_id.clone()));
                    placed.push((item, decision));
                }
                Err(refusal) => {
                    verdicts.push(Verdict::Refused(refusal.into()));
                    if item.command.quoted.is_some() {
                        refused.push(item.command.quote_id.as_str());
                    }
                }
            }
        }
        quote_order::take_back(tx, &refused).await?;
        let rows: Vec<_> = placed
            .iter()
            .map(|(item, decision)| (&decision.order, item.command.quote_id.as_str(), item.ctx))
            .collect();
        insert_all(tx, &rows).await?;
        for (item, Decision { order, choices }) in placed {
            enqueue(tx, item.ctx, order, choices)?;
        }
        Ok(verdicts)
    }
}

/// What each command sees, by its quote. One whose quote is used, unknown or occurs twice is not there and goes alone.
async fn load(items: &[Item<'_, PlaceOrder>], tx: &mut Tx) -> Result<HashMap<String, Snapshot>, Fault> {
    let mut ids = HashSet::new();
    let (mut new, mut stored) = (Vec::new(), Vec::new());
    for item in items {
        if !ids.insert(item.command.quote_id.as_str()) {
            continue;
        }
        match &item.command.quoted {
            Some(quote) => new.push((quote, item.ctx)),
            None => stored.push(item.command.quote_id.as_str()),
        }
    }
    let mut found = quote_order::lock_unused(tx, &stored).await?;
    for (quote_id, sequence) in quote_order::insert_all_used(tx, &new).await? {
        let quote = new.iter().find(|(quote, _)| quote.quote_id == quote_id);
        found.extend(quote.map(|(quote, _)| ((*quote).clone(), sequence)));
    }
    let seen = found.into_iter().map(|(quote, sequence)| {
        let (quote_id, used_by) = (quote.quote_id.clone(), None);
        let quote = Some(quote);
        let snapshot = Snapshot {
            quote,
            used_by,
            sequence,
        };
        (quote_id, snapshot)
    });
    Ok(seen.collect())
}
