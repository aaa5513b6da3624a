//! What a shop writes.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use khaacho_money::Paisa;
use serde_json::json;

use super::handle_message::{Reply, Talk, is_no};
use crate::domain::answer::lines_json;
use crate::domain::basket::{self, Answer, Open, State};
use crate::domain::cancel_order::{By, CancelOrder};
use crate::domain::complete_order::CompleteOrder;
use crate::domain::finish_message::Outcome;
use crate::domain::place_order::PlaceOrder;
use crate::domain::quote::{Obstacle, QUOTE_MINUTES, Quote};
use crate::domain::quote_order::QuoteOrder;
use crate::domain::understand::{ITEMS_MAX, Item, ShopIntent, shop};
use crate::domain::{Asked, Buyer, Order, Refusal, Status};
use crate::peers::Blocked;
use crate::store::list_orders::{Filter, list};
use crate::store::{get_order, quote_order};

/// Handles a message of a shop.
pub async fn handle(talk: &Talk<'_>, buyer: &Buyer, blocked: Blocked) -> Result<Finished, Fault> {
    let said = talk.said();
    let intent = shop(said);
    let state = talk.waiting.state.clone();
    let support = json!({ "support_phone": talk.service.config.support_phone });
    if let State::Choosing { lines, open } = &state {
        let answer = match &intent {
            ShopIntent::Option(n) => Some(Answer::Number(*n)),
            ShopIntent::Unclear | ShopIntent::Items(_) => Some(Answer::Text(said.to_owned())),
            _ => None,
        };
        if let Some(chosen) = answer.and_then(|a| basket::choose(lines, open, &a)) {
            return go_on(talk, buyer, chosen.0, chosen.1).await;
        }
        // An open question has nothing to confirm yet, and its basket must not get lost.
        if matches!(
            intent,
            ShopIntent::Option(_) | ShopIntent::Unclear | ShopIntent::Confirm
        ) {
            let again = ("choose_product", basket::question(&open[0]));
            return talk.answer(Outcome::Answered, state.clone(), vec![again]).await;
        }
    }
    match intent {
        ShopIntent::Items(_) | ShopIntent::Confirm if blocked.is_some() => {
            let reason = blocked.unwrap_or_default();
            let data = json!({ "reason": reason, "support_phone": talk.service.config.support_phone });
            let outcome = Outcome::Refused("ACCOUNT_BLOCKED".to_owned());
            talk.answer(outcome, State::Idle, vec![("account_blocked", data)])
                .await
        }
        ShopIntent::Items(items) => order(talk, buyer, &items).await,
        ShopIntent::Confirm => confirm(talk, buyer).await,
        ShopIntent::Cancel(None, _) => cancel_quote(talk).await,
        ShopIntent::Cancel(Some(number), reason) => cancel_order(talk, buyer, number, reason).await,
        ShopIntent::Change => {
            let text =
                "Send the whole list again as it should be, for example: 2 bora chamal, 1 carton wai wai.";
            talk.answer(
                Outcome::Answered,
                State::Idle,
                vec![("plain_text", json!({ "text": text }))],
            )
            .await
        }
        ShopIntent::Status(number) => status(talk, buyer, number).await,
        ShopIntent::Balance => balance(talk, buyer).await,
        ShopIntent::Complete(number) => complete(talk, buyer, number).await,
        ShopIntent::BadNumber(text) => {
            let reply = ("not_found_order", json!({ "number": text }));
            talk.answer(Outcome::Refused("ORDER_UNKNOWN".to_owned()), state, vec![reply])
                .await
        }
        ShopIntent::Help => {
            talk.answer(Outcome::Answered, state, vec![("help", support)])
                .await
        }
        ShopIntent::Greeting => {
            let reply = ("greeting", json!({ "shop": buyer.shop_name }));
            talk.answer(Outcome::Answered, state, vec![reply]).await
        }
        ShopIntent::Thanks => {
            talk.answer(Outcome::Answered, state, vec![("thanks", json!({}))])
                .await
        }
        ShopIntent::Option(_) | ShopIntent::Unclear => unclear(talk, state).await,
    }
}

/// Text that means nothing to us, and pictures and voices, of which nobody reads the content yet.
async fn unclear(talk: &Talk<'_>, state: State) -> Result<Finished, Fault> {
    let kind = talk.waiting.inbound.kind.as_str();
    if talk.said().trim().is_empty() && kind != "text" {
        let text = format!("We got your {kind}, but can only read text so far. Please write what you need.");
        let outcome = Outcome::NeedsHuman(format!("MEDIA_{}", kind.to_uppercase()));
        return talk
            .answer(outcome, state, vec![("plain_text", json!({ "text": text }))])
            .await;
    }
    talk.answer(
        Outcome::Answered,
        state,
        vec![("not_understood", json!({ "problems": [] }))],
    )
    .await
}

async fn order(talk: &Talk<'_>, buyer: &Buyer, items: &[Item]) -> Result<Finished, Fault> {
    if items.len() > ITEMS_MAX {
        let problem = format!("at most {ITEMS_MAX} things in one message; send the rest in another one");
        let reply = ("not_understood", json!({ "problems": [problem] }));
        return talk
            .answer(Outcome::Refused("BAD_LINES".to_owned()), State::Idle, vec![reply])
            .await;
    }
    let matches = talk.service.peers.matches(&talk.ctx(), items).await?;
    let found = basket::gather(items, matches);
    if let [_] = found.problems.as_slice()
        && let Some((phrase, near)) = &found.unknown
    {
        let suggestions: Vec<_> = near
            .iter()
            .map(|m| json!({ "sku": m.sku, "name": m.name, "price_paisa": m.price_paisa }))
            .collect();
        let reply = (
            "unknown_product",
            json!({ "phrase": phrase, "suggestions": suggestions }),
        );
        return talk
            .answer(
                Outcome::Refused("PRODUCT_UNKNOWN".to_owned()),
                State::Idle,
                vec![reply],
            )
            .await;
    }
    if !found.problems.is_empty() {
        let reply = ("not_understood", json!({ "problems": found.problems }));
        return talk
            .answer(
                Outcome::Refused("NOT_UNDERSTOOD".to_owned()),
                State::Idle,
                vec![reply],
            )
            .await;
    }
    go_on(talk, buyer, found.lines, found.open).await
}

/// Asks the next question, or quotes when none is left.
async fn go_on(
    talk: &Talk<'_>,
    buyer: &Buyer,
    lines: Vec<Asked>,
    open: Vec<Open>,
) -> Result<Finished, Fault> {
    if let Some(first) = open.first() {
        let reply = ("choose_product", basket::question(first));
        return talk
            .answer(Outcome::Answered, State::Choosing { lines, open }, vec![reply])
            .await;
    }
    quote(talk, buyer, lines, Vec::new()).await
}

/// Prices the basket and asks for confirmation, or says what stands in the way.
async fn quote(
    talk: &Talk<'_>,
    buyer: &Buyer,
    asked: Vec<Asked>,
    before: Vec<Reply>,
) -> Result<Finished, Fault> {
    let quote_id = QuoteId::derive(&["chat", &talk.inbound_id]);
    let quoted = talk
        .service
        .quote(&talk.ctx(), quote_id, buyer.clone(), asked.clone())
        .await;
    let quote = match quoted {
        Ok(quote) => quote,
        Err(fault) if is_no(&fault) => return talk.say_no(&fault).await,
        Err(fault) => return Err(fault),
    };
    let mut replies = before;
    if let Some(obstacle) = &quote.obstacle {
        replies.push(in_the_way(&quote, obstacle, &talk.service.config.support_phone));
        return talk
            .answer(
                Outcome::Refused(obstacle.reason().to_owned()),
                State::Idle,
                replies,
            )
            .await;
    }
    replies.push((
        "quote",
        json!({
            "lines": lines_json(&quote.lines), "subtotal_paisa": quote.subtotal.paisa(),
            "vat_paisa": quote.vat.paisa(), "total_paisa": quote.total.paisa(),
            "credit_left_paisa": quote.credit_left_paisa, "expires_in_minutes": QUOTE_MINUTES,
        }),
    ));
    let state = State::Confirming {
        quote_id: quote.quote_id.clone(),
    };
    let command = QuoteOrder {
        account_id: buyer.account_id.clone(),
        asked,
        quote,
    };
    talk.carry_out(command, Outcome::Answered, state, replies).await
}

fn in_the_way(quote: &Quote, obstacle: &Obstacle, support_phone: &str) -> Reply {
    match obstacle {
        Obstacle::Blocked { why } => (
            "account_blocked",
            json!({ "reason": why, "support_phone": support_phone }),
        ),
        Obstacle::BadLines { sentence } => ("not_understood", json!({ "problems": [sentence] })),
        Obstacle::StockShort {
            name,
            asked_milli,
            available_milli,
        } => (
            "quote_stock_short",
            json!({ "name": name, "asked_milli": asked_milli, "available_milli": available_milli }),
        ),
        Obstacle::NoSingleVendor { names } => ("no_single_vendor", json!({ "names": names })),
        Obstacle::CreditShort {
            available_paisa,
            short_paisa,
        } => (
            "quote_credit_short",
            json!({
                "lines": lines_json(&quote.lines), "total_paisa": quote.total.paisa(),
                "available_paisa": available_paisa, "short_paisa": short_paisa,
            }),
        ),
    }
}

async fn confirm(talk: &Talk<'_>, buyer: &Buyer) -> Result<Finished, Fault> {
    let State::Confirming { quote_id } = talk.waiting.state.clone() else {
        return talk
            .answer(
                Outcome::Answered,
                State::Idle,
                vec![("nothing_to_confirm", json!({}))],
            )
            .await;
    };
    let found = quote_order::find(talk.service.door.db().pool(), &quote_id).await?;
    let Some(quote) = found else {
        return talk.say_no(&Refusal::QuoteUnknown.into()).await;
    };
    if quote.expires_at <= talk.service.clock().now() {
        // Prices may have changed: the basket is quoted anew and needs a new confirmation.
        return quote_again(talk, buyer, quote.asked).await;
    }
    let own_account = Some(buyer.account_id.clone());
    let command = PlaceOrder {
        own_account,
        quote_id,
        asked: Vec::new(),
        quoted: None,
    };
    let outcome = Outcome::Ordered(command.order_id().to_string());
    talk.carry_out(command, outcome, State::Idle, Vec::new()).await
}

async fn quote_again(talk: &Talk<'_>, buyer: &Buyer, asked: Vec<Asked>) -> Result<Finished, Fault> {
    Box::pin(quote(talk, buyer, asked, vec![("quote_expired", json!({}))])).await
}

async fn cancel_quote(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let reply = match talk.waiting.state {
        State::Idle => {
            let text = "There is nothing to cancel here. To cancel an order, write CANCEL and its number.";
            ("plain_text", json!({ "text": text }))
        }
        _ => ("quote_cancelled", json!({})),
    };
    talk.answer(Outcome::Answered, State::Idle, vec![reply]).await
}

async fn cancel_order(
    talk: &Talk<'_>,
    buyer: &Buyer,
    number: String,
    reason: String,
) -> Result<Finished, Fault> {
    let command = CancelOrder {
        order: number,
        own_account: Some(buyer.account_id.clone()),
        by: By::Buyer,
        reason,
        expected_version: 0,
    };
    // The change itself tells the shop.
    talk.carry_out(command, Outcome::Answered, State::Idle, Vec::new())
        .await
}

async fn own_order(talk: &Talk<'_>, buyer: &Buyer, number: &str) -> Result<Option<Order>, Fault> {
    let found = get_order::find(talk.service.door.db().pool(), number).await?;
    Ok(found.filter(|o| o.buyer.account_id == buyer.account_id))
}

async fn status(talk: &Talk<'_>, buyer: &Buyer, number: Option<String>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let reply = match number {
        Some(number) => match own_order(talk, buyer, &number).await? {
            Some(order) => order_status(&order),
            None => ("not_found_order", json!({ "number": number })),
        },
        None => {
            let filter = Filter {
                account_id: Some(buyer.account_id.clone()),
                limit: 5,
                ..Filter::default()
            };
            let (orders, _) = list(talk.service.door.db().pool(), &filter).await?;
            match orders.as_slice() {
                [only] => match get_order::find(talk.service.door.db().pool(), &only.order_id).await? {
                    Some(order) => order_status(&order),
                    None => ("orders_list", json!({ "orders": [] })),
                },
                several => {
                    let rows: Vec<_> = several
                        .iter()
                        .map(|o| {
                            let total = o.total.paisa();
                            json!({ "order_number": o.number, "status": o.status.name(), "total_paisa": total })
                        })
                        .collect();
                    ("orders_list", json!({ "orders": rows }))
                }
            }
        }
    };
    talk.answer(Outcome::Answered, state, vec![reply]).await
}

fn order_status(order: &Order) -> Reply {
    let accepted = !matches!(
        order.status,
        Status::Placed | Status::Pending | Status::Routed | Status::SentToVendor
    );
    let vendor = order.vendor.as_ref().filter(|_| accepted).map(|v| v.name.clone());
    let data = json!({
        "order_number": order.number, "status": order.status.name(), "vendor": vendor,
        "total_paisa": order.total.paisa(), "items": order.lines.len(),
        "due": order.due_at.map(|d| d.to_rfc3339()),
    });
    ("order_status", data)
}

async fn balance(talk: &Talk<'_>, buyer: &Buyer) -> Result<Finished, Fault> {
    let balance = talk.service.peers.balance(&talk.ctx(), &buyer.account_id).await?;
    let due = balance.next_due_at.and_then(crate::rpc::datetime);
    let data = json!({
        "owed_paisa": balance.owed_paisa, "held_paisa": balance.held_paisa, "limit_paisa": balance.limit_paisa,
        "available_paisa": balance.available_paisa,
        "next_due_paisa": due.map(|_| Paisa::new(balance.next_due_paisa).paisa()),
        "next_due_on": due.map(|d| d.to_rfc3339()),
    });
    talk.answer(
        Outcome::Answered,
        talk.waiting.state.clone(),
        vec![("balance", data)],
    )
    .await
}

async fn complete(talk: &Talk<'_>, buyer: &Buyer, number: Option<String>) -> Result<Finished, Fault> {
    let number = match number {
        Some(number) => number,
        None => {
            let filter = Filter {
                account_id: Some(buyer.account_id.clone()),
                status: Some(Status::Delivered),
                limit: 2,
                ..Filter::default()
            };
            let (delivered, _) = list(talk.service.door.db().pool(), &filter).await?;
            let [only] = delivered.as_slice() else {
                let text = "Which order? Write COMPLETE and its number.";
                let reply = ("plain_text", json!({ "text": text }));
                return talk
                    .answer(Outcome::Answered, talk.waiting.state.clone(), vec![reply])
                    .await;
            };
            only.number.clone()
        }
    };
    let command = CompleteOrder {
        order: number,
        own_account: Some(buyer.account_id.clone()),
        own_vendor: None,
        expected_version: 0,
    };
    talk.carry_out(command, Outcome::Answered, talk.waiting.state.clone(), Vec::new())
        .await
}
