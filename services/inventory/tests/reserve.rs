use std::cell::Cell;

use futures_util::future::join_all;
use khaacho_fault::Kind;
use khaacho_proto::inventory::v1 as pb;
use pb::ReservationState;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::world::{World, fault, operator, order_id, reason, reserve};

async fn release(world: &World, order: &str, attempt: u32, vendor_id: &str) -> pb::Reservation {
    let request = pb::ReleaseRequest {
        order_id: order_id(order),
        attempt,
        vendor_id: vendor_id.to_owned(),
        reason: "CANCELLED".to_owned(),
    };
    let answer = world.reservations().release(request).await.expect("released").into_inner();
    answer.reservation.expect("a reservation")
}

/// K4: upstream read the stock, compared it in the program and took it later; two orders could both pass.
#[tokio::test(flavor = "multi_thread")]
async fn rivals_share_the_last_units_exactly() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 10).await;
    let rivals = (0..60).map(|rival| {
        let mut client = world.reservations();
        let request = reserve(&format!("rival {rival}"), 1, &vendor, &[("RICE", 1)]);
        async move { client.reserve(request).await }
    });
    let answers = join_all(rivals).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 10);
    for lost in answers.into_iter().filter(Result::is_err) {
        let fault = fault(lost);
        assert_eq!((fault.kind(), fault.reason()), (Kind::Refused, "STOCK_SHORT"), "{fault:?}");
    }
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (10, 10));
    assert_eq!(world.number("select count(*) from inventory.reservation").await, 10);
    world.assert_conserved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_attempt_reserves_once_however_often_it_is_asked() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 10).await;
    let request = || reserve("order", 1, &vendor, &[("RICE", 3)]);
    let twins = (0..12).map(|_| {
        let mut client = world.reservations();
        let request = request();
        async move { client.reserve(request).await.expect("reserved").into_inner() }
    });
    let answers = join_all(twins).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (10, 3));
    assert_eq!(world.number("select count(*) from inventory.stock_move where kind = 'reserve'").await, 1);

    let mut other = request();
    other.lines[0].quantity_milli += 1000;
    assert_eq!(reason(world.reservations().reserve(other).await), "REQUEST_ID_REUSED");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (10, 3));
    world.assert_conserved().await;
}

#[tokio::test]
async fn lines_of_one_product_are_summed_and_a_refusal_leaves_nothing_behind() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    world.shelf("V01", "DAL", 1).await;
    let lines = [("RICE", 3), ("DAL", 1), ("RICE", 3), ("SALT", 2)];
    let refused = fault(world.reservations().reserve(reserve("order", 1, &vendor, &lines)).await);
    assert_eq!(refused.reason(), "STOCK_SHORT");
    let fact = |key: &str| refused.facts().get(key).map(String::as_str);
    assert_eq!(fact("short_skus"), Some("RICE,SALT"));
    assert_eq!((fact("asked_milli.RICE"), fact("available_milli.RICE")), (Some("6000"), Some("5000")));
    assert_eq!((fact("asked_milli.SALT"), fact("available_milli.SALT")), (Some("2000"), Some("0")));
    assert_eq!(refused.sentence(), "only 5 of RICE (asked for 6), 0 of SALT (asked for 2) can be had");
    assert_eq!(world.number("select count(*) from inventory.reservation").await, 0);
    assert_eq!(world.number("select count(*) from inventory.reservation_line").await, 0);
    assert_eq!((world.on_shelf(&vendor, "RICE").await, world.on_shelf(&vendor, "DAL").await), ((5, 0), (1, 0)));

    // the same attempt may succeed later: a refusal is not remembered
    let made = world.reservations().reserve(reserve("order", 1, &vendor, &lines[..2])).await;
    let made = made.expect("reserved").into_inner().reservation.expect("a reservation");
    assert_eq!((made.state(), made.lines.len()), (ReservationState::Pending, 2));
    world.assert_conserved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_with_opposite_lines_never_deadlock() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 1000).await;
    for sku in ["DAL", "SALT", "OIL"] {
        world.shelf("V01", sku, 1000).await;
    }
    let skus = ["RICE", "DAL", "SALT", "OIL"];
    let orders = (0..80).map(|number| {
        let mut client = world.reservations();
        let mut lines = skus.map(|sku| (sku, 1));
        if number % 2 == 1 {
            lines.reverse();
        }
        lines.rotate_left(number % 4);
        let request = reserve(&format!("order {number}"), 1, &vendor, &lines);
        async move { client.reserve(request).await }
    });
    for answer in join_all(orders).await {
        answer.expect("reserved");
    }
    for sku in skus {
        assert_eq!(world.on_shelf(&vendor, sku).await, (1000, 80));
    }
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(world.number(deadlocks).await, 0);
    world.assert_conserved().await;
}

#[tokio::test]
async fn a_reserve_that_comes_after_its_release_is_refused() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let mark = release(&world, "order", 1, &vendor).await;
    assert_eq!((mark.state(), mark.vendor_id.as_str(), mark.lines.len()), (ReservationState::Released, vendor.as_str(), 0));
    assert_eq!(release(&world, "order", 1, &vendor).await, mark);
    let late = world.reservations().reserve(reserve("order", 1, &vendor, &[("RICE", 1)])).await;
    assert_eq!(reason(late), "RESERVATION_RELEASED");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (5, 0));
    // the next attempt of the order is another reservation
    world.reservations().reserve(reserve("order", 2, &vendor, &[("RICE", 1)])).await.expect("reserved");
    // a vendor that nobody knows does not keep an order from being released
    let stranger = khaacho_ids::VendorId::derive(&["nobody"]).to_string();
    assert_eq!(release(&world, "order", 3, &stranger).await.vendor_id, "");
    world.assert_conserved().await;
}

#[tokio::test]
async fn a_replaced_attempt_gives_its_stock_back_in_the_same_transaction() {
    let world = World::new().await;
    let first = world.shelf("V01", "RICE", 5).await;
    let second = world.shelf("V02", "RICE", 5).await;
    world.reservations().reserve(reserve("order", 1, &first, &[("RICE", 4)])).await.expect("reserved");

    // refused: the old attempt stays as it was
    let too_much = pb::ReserveRequest { replaces_attempt: 1, ..reserve("order", 2, &second, &[("RICE", 6)]) };
    assert_eq!(reason(world.reservations().reserve(too_much).await), "STOCK_SHORT");
    assert_eq!((world.on_shelf(&first, "RICE").await, world.on_shelf(&second, "RICE").await), ((5, 4), (5, 0)));

    // at another vendor
    let moved = pb::ReserveRequest { replaces_attempt: 1, ..reserve("order", 2, &second, &[("RICE", 4)]) };
    world.reservations().reserve(moved.clone()).await.expect("reserved");
    assert_eq!((world.on_shelf(&first, "RICE").await, world.on_shelf(&second, "RICE").await), ((5, 0), (5, 4)));

    // again: nothing more happens
    world.reservations().reserve(moved).await.expect("reserved");
    assert_eq!((world.on_shelf(&first, "RICE").await, world.on_shelf(&second, "RICE").await), ((5, 0), (5, 4)));

    // at the same vendor: what comes back counts, 4 of 5 are promised and 5 are asked for
    let more = pb::ReserveRequest { replaces_attempt: 2, ..reserve("order", 3, &second, &[("RICE", 5)]) };
    world.reservations().reserve(more).await.expect("reserved");
    assert_eq!(world.on_shelf(&second, "RICE").await, (5, 5));
    let list = pb::ListReservationsRequest { order_id: order_id("order"), ..Default::default() };
    let list = world.reservations().list_reservations(list).await.expect("a list").into_inner().reservations;
    let states: Vec<(u32, ReservationState)> = list.iter().map(|r| (r.attempt, r.state())).collect();
    use ReservationState::{Pending, Released};
    assert_eq!(states, [(3, Pending), (2, Released), (1, Released)]);
    world.assert_conserved().await;
}

#[tokio::test]
async fn a_replaced_attempt_that_was_never_made_cannot_be_made_later() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let second = pb::ReserveRequest { replaces_attempt: 1, ..reserve("order", 2, &vendor, &[("RICE", 2)]) };
    world.reservations().reserve(second).await.expect("reserved");
    let late = world.reservations().reserve(reserve("order", 1, &vendor, &[("RICE", 2)])).await;
    assert_eq!(reason(late), "RESERVATION_RELEASED");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (5, 2));
    world.assert_conserved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_change_places_between_two_vendors_never_deadlock() {
    let world = World::new().await;
    let vendors = [world.shelf("V01", "RICE", 100).await, world.shelf("V02", "RICE", 100).await];
    let orders: Vec<String> = (0..20).map(|number| format!("order {number}")).collect();
    for (number, order) in orders.iter().enumerate() {
        let request = reserve(order, 1, &vendors[number % 2], &[("RICE", 1)]);
        world.reservations().reserve(request).await.expect("reserved");
    }
    let moves = orders.iter().enumerate().map(|(number, order)| {
        let mut client = world.reservations();
        let request = reserve(order, 2, &vendors[(number + 1) % 2], &[("RICE", 1)]);
        let request = pb::ReserveRequest { replaces_attempt: 1, ..request };
        async move { client.reserve(request).await }
    });
    for answer in join_all(moves).await {
        answer.expect("reserved");
    }
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(world.number(deadlocks).await, 0);
    assert_eq!(world.number("select sum(reserved_milli)::bigint from inventory.stock").await, 20_000);
    world.assert_conserved().await;
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused_with_their_field() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let good = || reserve("order", 2, &vendor, &[("RICE", 1)]);
    let cases = [
        ("order_id", pb::ReserveRequest { order_id: "ord_1".to_owned(), ..good() }),
        ("attempt", pb::ReserveRequest { attempt: 0, ..good() }),
        ("attempt", pb::ReserveRequest { attempt: u32::MAX, ..good() }),
        ("vendor_id", pb::ReserveRequest { vendor_id: "V01".to_owned(), ..good() }),
        ("lines", pb::ReserveRequest { lines: vec![], ..good() }),
        ("lines", pb::ReserveRequest { lines: vec![good().lines.remove(0); 101], ..good() }),
        ("lines[0].quantity_milli", reserve("order", 2, &vendor, &[("RICE", 0)])),
        ("lines[0].quantity_milli", reserve("order", 2, &vendor, &[("RICE", -1)])),
        ("lines[0].sku", reserve("order", 2, &vendor, &[("RICE!", 1)])),
        ("replaces_attempt", pb::ReserveRequest { replaces_attempt: 2, ..good() }),
    ];
    for (field, request) in cases {
        let fault = fault(world.reservations().reserve(request).await);
        assert_eq!(fault.kind(), Kind::Invalid, "{fault:?}");
        assert_eq!(fault.violations().iter().map(|v| v.field.as_str()).collect::<Vec<_>>(), [field]);
    }
    let stranger = khaacho_ids::VendorId::derive(&["nobody"]).to_string();
    let unknown = world.reservations().reserve(reserve("order", 2, &stranger, &[("RICE", 1)])).await;
    assert_eq!(reason(unknown), "VENDOR_UNKNOWN");
}

thread_local! {
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

/// Counts what the database driver logs on each thread: one event per statement.
struct Statements;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.set(STATEMENTS.get() + 1);
        }
    }
}

/// K10: upstream asked for the product of every line inside the transaction.
#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_lines() {
    let world = World::demo().await;
    let list =
        pb::ListOffersRequest { vendor_id: "V01".to_owned(), page_size: 40, ..Default::default() };
    let offers = world.offers(operator()).list_offers(list).await.expect("a list").into_inner().offers;
    let skus: Vec<(&str, i64)> = offers.iter().filter(|o| o.on_hand_milli > 1000).map(|o| (o.sku.as_str(), 1)).collect();
    let vendor = offers[0].vendor_id.as_str();
    assert!(skus.len() > 30, "enough products with stock");

    // for the whole process: scoped ones of several tests at once switch each other's events off
    let counting = tracing_subscriber::registry().with(Statements);
    tracing::subscriber::set_global_default(counting).expect("the only one of these tests");
    let mut reserved = Vec::new();
    let mut quoted = Vec::new();
    // the first one opens connections
    for (order, lines) in [("first", &skus[..2]), ("small", &skus[..2]), ("large", &skus[..30])] {
        STATEMENTS.set(0);
        world.reservations().reserve(reserve(order, 1, vendor, lines)).await.expect("reserved");
        reserved.push(STATEMENTS.replace(0));
        let lines = lines.iter().map(|(sku, _)| pb::AskedLine {
            sku: (*sku).to_owned(),
            quantity: "1".to_owned(),
            unit: String::new(),
        });
        world.quotes().quote_lines(pb::QuoteLinesRequest { lines: lines.collect() }).await.expect("quoted");
        quoted.push(STATEMENTS.replace(0));
    }
    assert_eq!(reserved[1], reserved[2]);
    assert_eq!(quoted[1], quoted[2]);
    // the pool's and debug builds' own questions, begin and commit included
    assert!((3..=8).contains(&reserved[2]), "{reserved:?}");
    assert!((2..=6).contains(&quoted[2]), "{quoted:?}");
}
