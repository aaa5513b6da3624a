use khaacho_fault::Kind;
use khaacho_proto::credit::v1::AccountState;
use khaacho_proto::order::v1 as pb;

use crate::world::verbs::asked;
use crate::world::{By, World, answer, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_binds_the_best_vendors_prices_with_vat_on_what_is_taxed() {
    let world = World::idle().await;
    let quote = world.quote(&[("RICE", "2"), ("SUGAR", "1")]).await;
    assert_eq!(
        (quote.subtotal_paisa, quote.vat_paisa, quote.total_paisa),
        (300_000, 13_000, 313_000)
    );
    assert_eq!(quote.credit_left_paisa, 10_000_000 - 313_000);
    assert!(quote.placeable && quote.expires_at.is_some(), "{quote:?}");
    assert_eq!(
        quote.lines.iter().map(|l| l.quantity_milli).collect::<Vec<_>>(),
        [2000, 1000]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_same_quote_and_another_body_is_refused() {
    let world = World::idle().await;
    let body = pb::QuoteOrderRequest {
        request_id: "once".to_owned(),
        account_id: String::new(),
        lines: asked(&[("RICE", "2")]),
    };
    let ask = |body: &pb::QuoteOrderRequest| {
        let request = By::Shop(1).asks(body.clone());
        let mut orders = world.orders();
        async move { answer(orders.quote_order(request).await) }
    };
    let first = ask(&body).await.expect("priced");
    world.minutes_pass(1);
    assert_eq!(ask(&body).await.expect("replayed"), first);
    let other = pb::QuoteOrderRequest {
        lines: asked(&[("RICE", "3")]),
        ..body
    };
    assert_eq!(reason(ask(&other).await), "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_told_with_its_reason() {
    let world = World::idle().await;
    let refusal = async |lines: &[(&str, &str)]| {
        let quote = world.quote(lines).await;
        assert!(!quote.placeable);
        (quote.refusal_reason, quote.refusal)
    };
    assert_eq!(refusal(&[("NOPE", "1")]).await.0, "BAD_LINES");
    assert_eq!(refusal(&[("RICE", "101")]).await.0, "STOCK_SHORT");
    let (credit, sentence) = refusal(&[("RICE", "99"), ("RICE-M", "2")]).await;
    assert_eq!(credit, "CREDIT_SHORT");
    assert!(sentence.contains("pay Rs 1,000"), "{sentence}");
    for vendor in 1..=4 {
        world
            .books()
            .stock_of(vendor, if vendor > 2 { "RICE" } else { "SUGAR" }, 0);
    }
    assert_eq!(
        refusal(&[("RICE", "1"), ("SUGAR", "1")]).await.0,
        "NO_SINGLE_VENDOR"
    );
    world.books().accounts[0].state = AccountState::Blocked.into();
    assert_eq!(refusal(&[("RICE", "1")]).await.0, "ORDERING_BLOCKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_beyond_every_measure_are_refused_and_break_nothing() {
    let world = World::idle().await;
    for price in world.books().prices.values_mut() {
        *price = i64::MAX / 100;
    }
    let ask = async |sacks: &str| {
        let body = pb::QuoteOrderRequest {
            request_id: world.request_id(),
            account_id: String::new(),
            lines: asked(&[("RICE", sacks)]),
        };
        answer(world.orders().quote_order(By::Shop(1).asks(body)).await)
    };
    assert_eq!(
        reason(ask("100").await),
        "BAD_LINES",
        "ten per cent more would not fit 64 bits"
    );
    let quote = ask("50").await.expect("priced").quote.expect("a quote");
    assert_eq!(quote.refusal_reason, "CREDIT_SHORT");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_the_database_cannot_hold_are_refused_in_lines_and_dropped_from_words() {
    let world = World::idle().await;
    for (sku, quantity) in [("NO\0PE", "1"), ("RICE", "1\0")] {
        let body = pb::QuoteOrderRequest {
            request_id: world.request_id(),
            account_id: String::new(),
            lines: asked(&[(sku, quantity)]),
        };
        let refused = answer(world.orders().quote_order(By::Shop(1).asks(body)).await).expect_err("refused");
        assert_eq!(refused.kind(), Kind::Invalid, "{refused:?}");
    }
    let quote = world.quote(&[("RICE", "1")]).await;
    let order = world
        .place(By::Shop(1), world.placing(&quote))
        .await
        .expect("placed");
    let cancelled = world
        .cancel(By::Operator, &order, "clo\0sed")
        .await
        .expect("cancelled");
    assert_eq!(cancelled.reason_text, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_listed_by_the_id_or_the_code_of_an_account() {
    let world = World::idle().await;
    let quote = world.quote(&[("RICE", "1")]).await;
    let order = world
        .place(By::Shop(1), world.placing(&quote))
        .await
        .expect("placed");
    let of = async |account: &str| {
        let body = pb::ListOrdersRequest {
            account_id: account.to_owned(),
            ..Default::default()
        };
        world.list(By::Operator, body).await
    };
    let page = of(&order.account_id).await.expect("by id");
    assert_eq!(page.orders.len(), 1);
    let page = of("R00001").await.expect("by code");
    assert_eq!(page.orders.len(), 1);
    assert_eq!(of("nobody").await.expect_err("unknown").kind(), Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_names_the_account_and_lines_are_counted() {
    let world = World::idle().await;
    let ask = async |account: &str, lines: Vec<pb::LineRequest>| {
        let body = pb::QuoteOrderRequest {
            request_id: world.request_id(),
            account_id: account.to_owned(),
            lines,
        };
        answer(world.orders().quote_order(By::Operator.asks(body)).await)
    };
    assert_eq!(reason(ask("", asked(&[("RICE", "1")])).await), "INVALID_ARGUMENT");
    assert_eq!(
        reason(ask("R99999", asked(&[("RICE", "1")])).await),
        "ACCOUNT_UNKNOWN"
    );
    assert_eq!(reason(ask("R00001", vec![]).await), "BAD_LINES");
    assert_eq!(
        reason(ask("R00001", asked(&[("RICE", "1"); 101])).await),
        "BAD_LINES"
    );
    assert_eq!(
        reason(ask("R00001", asked(&[("RICE", "0")])).await),
        "INVALID_ARGUMENT"
    );
    assert!(ask("R00002", asked(&[("RICE", "1")])).await.is_ok());
}
