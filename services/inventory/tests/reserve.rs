use futures_util::future::join_all;
use khaacho_fault::Kind;
use khaacho_proto::inventory::v1 as pb;
use pb::ReservationState;

use crate::world::{World, fault, order_id, reason, reserve};

async fn release(world: &World, order: &str, attempt: u32, vendor_id: &str) -> pb::Reservation {
    let request = pb::ReleaseRequest {
        order_id: order_id(order),
        attempt,
        vendor_id: vendor_id.to_owned(),
        reason: "CANCELLED".to_owned(),
    };
    let answer = world
        .reservations()
        .release(request)
        .await
        .expect("released")
        .into_inner();
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
        assert_eq!(
            (fault.kind(), fault.reason()),
            (Kind::Refused, "STOCK_SHORT"),
            "{fault:?}"
        );
    }
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (10, 10));
    assert_eq!(
        world.number("select count(*) from inventory.reservation").await,
        10
    );
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
    assert_eq!(
        world
            .number("select count(*) from inventory.stock_move where kind = 'reserve'")
            .await,
        1
    );

    let mut other = request();
    other.lines[0].quantity_milli += 1000;
    assert_eq!(
        reason(world.reservations().reserve(other).await),
        "REQUEST_ID_REUSED"
    );
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (10, 3));
    world.assert_conserved().await;
}

#[tokio::test]
async fn lines_of_one_product_are_summed_and_a_refusal_leaves_nothing_behind() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    world.shelf("V01", "DAL", 1).await;
    let lines = [("RICE", 3), ("DAL", 1), ("RICE", 3), ("SALT", 2)];
    let refused = fault(
        world
            .reservations()
            .reserve(reserve("order", 1, &vendor, &lines))
            .await,
    );
    assert_eq!(refused.reason(), "STOCK_SHORT");
    let fact = |key: &str| refused.facts().get(key).map(String::as_str);
    assert_eq!(fact("short_skus"), Some("RICE,SALT"));
    assert_eq!(
        (fact("asked_milli.RICE"), fact("available_milli.RICE")),
        (Some("6000"), Some("5000"))
    );
    assert_eq!(
        (fact("asked_milli.SALT"), fact("available_milli.SALT")),
        (Some("2000"), Some("0"))
    );
    assert_eq!(
        refused.sentence(),
        "only 5 of RICE (asked for 6), 0 of SALT (asked for 2) can be had"
    );
    assert_eq!(
        world.number("select count(*) from inventory.reservation").await,
        0
    );
    assert_eq!(
        world
            .number("select count(*) from inventory.reservation_line")
            .await,
        0
    );
    assert_eq!(
        (
            world.on_shelf(&vendor, "RICE").await,
            world.on_shelf(&vendor, "DAL").await
        ),
        ((5, 0), (1, 0))
    );

    // the same attempt may succeed later: a refusal is not remembered
    let made = world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &lines[..2]))
        .await;
    let made = made
        .expect("reserved")
        .into_inner()
        .reservation
        .expect("a reservation");
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
    assert_eq!(
        (mark.state(), mark.vendor_id.as_str(), mark.lines.len()),
        (ReservationState::Released, vendor.as_str(), 0)
    );
    assert_eq!(release(&world, "order", 1, &vendor).await, mark);
    let late = world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 1)]))
        .await;
    assert_eq!(reason(late), "RESERVATION_RELEASED");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (5, 0));
    // the next attempt of the order is another reservation
    world
        .reservations()
        .reserve(reserve("order", 2, &vendor, &[("RICE", 1)]))
        .await
        .expect("reserved");
    // a vendor that nobody knows does not keep an order from being released
    let stranger = khaacho_ids::VendorId::derive(&["nobody"]).to_string();
    assert_eq!(release(&world, "order", 3, &stranger).await.vendor_id, "");
    world.assert_conserved().await;
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused_with_their_field() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let good = || reserve("order", 2, &vendor, &[("RICE", 1)]);
    let cases = [
        (
            "order_id",
            pb::ReserveRequest {
                order_id: "ord_1".to_owned(),
                ..good()
            },
        ),
        ("attempt", pb::ReserveRequest { attempt: 0, ..good() }),
        (
            "attempt",
            pb::ReserveRequest {
                attempt: u32::MAX,
                ..good()
            },
        ),
        (
            "vendor_id",
            pb::ReserveRequest {
                vendor_id: "V01".to_owned(),
                ..good()
            },
        ),
        (
            "lines",
            pb::ReserveRequest {
                lines: vec![],
                ..good()
            },
        ),
        (
            "lines",
            pb::ReserveRequest {
                lines: vec![good().lines.remove(0); 101],
                ..good()
            },
        ),
        (
            "lines[0].quantity_milli",
            reserve("order", 2, &vendor, &[("RICE", 0)]),
        ),
        (
            "lines[0].quantity_milli",
            reserve("order", 2, &vendor, &[("RICE", -1)]),
        ),
        ("lines[0].sku", reserve("order", 2, &vendor, &[("RICE!", 1)])),
        (
            "replaces_attempt",
            pb::ReserveRequest {
                replaces_attempt: 2,
                ..good()
            },
        ),
    ];
    for (field, request) in cases {
        let fault = fault(world.reservations().reserve(request).await);
        assert_eq!(fault.kind(), Kind::Invalid, "{fault:?}");
        assert_eq!(
            fault
                .violations()
                .iter()
                .map(|v| v.field.as_str())
                .collect::<Vec<_>>(),
            [field]
        );
    }
    let stranger = khaacho_ids::VendorId::derive(&["nobody"]).to_string();
    let unknown = world
        .reservations()
        .reserve(reserve("order", 2, &stranger, &[("RICE", 1)]))
        .await;
    assert_eq!(reason(unknown), "VENDOR_UNKNOWN");
}
