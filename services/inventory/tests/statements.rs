//! How many statements a command takes.

use std::cell::Cell;

use khaacho_proto::inventory::v1 as pb;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::world::{World, operator, reserve};

thread_local! {
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

/// Counts, on each thread, the statements about our tables that the database driver logs. What the pool
/// itself asks depends on which connection comes back first.
struct Statements;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut about_us = false;
        event.record(&mut |_: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            about_us |= format!("{value:?}").contains("inventory.");
        });
        STATEMENTS.set(STATEMENTS.get() + usize::from(about_us));
    }
}

/// K10: upstream asked for the product of every line inside the transaction.
#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_lines() {
    let world = World::demo().await;
    let list = pb::ListOffersRequest {
        vendor_id: "V01".to_owned(),
        page_size: 40,
        ..Default::default()
    };
    let offers = world
        .offers(operator())
        .list_offers(list)
        .await
        .expect("a list")
        .into_inner()
        .offers;
    let skus: Vec<(&str, i64)> = offers
        .iter()
        .filter(|o| o.on_hand_milli > 1000)
        .map(|o| (o.sku.as_str(), 1))
        .collect();
    let vendor = offers[0].vendor_id.as_str();
    assert!(skus.len() > 30, "enough products with stock");

    // for the whole process: scoped ones of several tests at once switch each other's events off
    let counting = tracing_subscriber::registry().with(Statements);
    tracing::subscriber::set_global_default(counting).expect("the only one of these tests");
    for (order, lines) in [("small", &skus[..2]), ("large", &skus[..30])] {
        STATEMENTS.set(0);
        world
            .reservations()
            .reserve(reserve(order, 1, vendor, lines))
            .await
            .expect("reserved");
        assert_eq!(STATEMENTS.replace(0), 3, "claim, lock, move");
        let lines = lines.iter().map(|(sku, _)| pb::AskedLine {
            sku: (*sku).to_owned(),
            quantity: "1".to_owned(),
            unit: String::new(),
        });
        world
            .quotes()
            .quote_lines(pb::QuoteLinesRequest {
                lines: lines.collect(),
            })
            .await
            .expect("quoted");
        assert_eq!(STATEMENTS.replace(0), 2, "products, offers");
    }
    let get = pb::GetVendorRequest {
        vendor: "V02".to_owned(),
    };
    let other = world
        .vendors(operator())
        .get_vendor(get)
        .await
        .expect("a vendor")
        .into_inner();
    let other = other.vendor.expect("a vendor").vendor_id;
    let moved = pb::ReserveRequest {
        replaces_attempt: 1,
        ..reserve("small", 2, &other, &[("SUGAR-50KG", 1)])
    };
    STATEMENTS.set(0);
    world.reservations().reserve(moved).await.expect("reserved");
    assert_eq!(STATEMENTS.get(), 6, "claim, read, lock, move back, close, move");
}
