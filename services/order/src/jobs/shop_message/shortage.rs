//! Too little of a product is there: what is left of it, or what can stand in for it.

use khaacho_fault::Fault;
use khaacho_text::Unit;

use super::super::handle_message::Talk;
use crate::domain::Asked;
use crate::domain::basket::{Goods, OPTIONS_MAX, Open, State, Why};
use crate::domain::quote::Obstacle;

/// The question what to take instead, with the rest of the basket; `None` when there is nothing to take.
pub(super) async fn question(
    talk: &Talk<'_>,
    asked: &[Asked],
    obstacle: &Obstacle,
) -> Result<Option<State>, Fault> {
    let Obstacle::StockShort {
        sku,
        name,
        asked_milli,
        available_milli,
    } = obstacle
    else {
        return Ok(None);
    };
    let Some(at) = asked.iter().position(|line| line.sku == *sku) else {
        return Ok(None);
    };
    let (peers, ctx) = (&talk.service.peers, talk.ctx());
    let mut options: Vec<(Goods, i64)> = Vec::new();
    let own = peers.shelf_of(&ctx, &[sku]).await?.remove(sku);
    options.extend(own.and_then(|own| what_is_left(own, *available_milli)));
    options.extend(peers.alternatives(&ctx, sku, *asked_milli).await?);
    options.truncate(OPTIONS_MAX);
    if options.is_empty() {
        return Ok(None);
    }
    let (options, each) = options.into_iter().unzip();
    let open = Open {
        phrase: name.clone(),
        options,
        each,
        at: Some(at),
        why: Why::Short,
        ..Open::default()
    };
    let lines = asked.iter().filter(|line| line.sku != *sku).cloned();
    Ok(Some(State::Choosing {
        lines: lines.collect(),
        open: vec![open],
        question: Some(talk.inbound_id.clone()),
        failed: 0,
    }))
}

/// The rest of the product itself.
fn what_is_left(goods: Goods, available_milli: i64) -> Option<(Goods, i64)> {
    let loose = goods.sale_unit() == Unit::Kg.as_str();
    let milli = if loose {
        available_milli
    } else {
        available_milli / 1000 * 1000
    };
    (milli > 0).then_some((goods, milli))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::basket::SoldIn;

    #[test]
    fn the_rest_is_offered_in_what_can_be_sold() {
        let goods = |unit: &str| Goods {
            sku: "RICE".to_owned(),
            name: "Rice".to_owned(),
            default_unit: unit.to_owned(),
            units: vec![SoldIn {
                unit: unit.to_owned(),
                factor: 1,
            }],
            ..Goods::default()
        };
        let left = |unit: &str, milli| what_is_left(goods(unit), milli).map(|(_, milli)| milli);
        assert_eq!(left("sack", 3500), Some(3000));
        assert_eq!(left("kg", 3500), Some(3500));
        assert_eq!(left("sack", 900), None);
    }
}
