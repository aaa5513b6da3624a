use futures_util::future::join_all;
use khaacho_proto::inventory::v1 as pb;
use pb::ReservationState;

use crate::world::{World, order_id, reason, reserve};

fn consume(order: &str, attempt: u32) -> pb::ConsumeRequest {
    pb::ConsumeRequest {
        order_id: order_id(order),
        attempt,
    }
}

fn release(order: &str, attempt: u32, vendor_id: &str) -> pb::ReleaseRequest {
    pb::ReleaseRequest {
        order_id: order_id(order),
        attempt,
        vendor_id: vendor_id.to_owned(),
        reason: "CANCELLED".to_owned(),
    }
}

#[tokio::test]
async fn consuming_takes_the_goods_out_once() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 2)]))
        .await
        .expect("reserved");
    for _ in 0..2 {
        let consumed = world
            .reservations()
            .consume(consume("order", 1))
            .await
            .expect("consumed")
            .into_inner();
        assert_eq!(
            consumed.reservation.map(|r| r.state()),
            Some(ReservationState::Consumed)
        );
        assert_eq!(world.on_shelf(&vendor, "RICE").await, (3, 0));
    }
    assert_eq!(
        reason(world.reservations().release(release("order", 1, &vendor)).await),
        "RESERVATION_CONSUMED"
    );
    assert_eq!(
        reason(world.reservations().consume(consume("other", 1)).await),
        "RESERVATION_UNKNOWN"
    );
    world.assert_conserved().await;
}

#[tokio::test]
async fn releasing_gives_the_goods_back_once() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 2)]))
        .await
        .expect("reserved");
    for _ in 0..2 {
        let released = world
            .reservations()
            .release(release("order", 1, &vendor))
            .await
            .expect("released");
        let released = released.into_inner().reservation.expect("a reservation");
        assert_eq!(
            (released.state(), released.lines.len()),
            (ReservationState::Released, 1)
        );
        assert_eq!(world.on_shelf(&vendor, "RICE").await, (5, 0));
    }
    assert_eq!(
        reason(world.reservations().consume(consume("order", 1)).await),
        "RESERVATION_RELEASED"
    );
    world.assert_conserved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_ends_once_whoever_comes_first() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 40).await;
    for number in 0..20 {
        let request = reserve(&format!("order {number}"), 1, &vendor, &[("RICE", 1)]);
        world.reservations().reserve(request).await.expect("reserved");
    }
    let ends = (0..20)
        .flat_map(|number| [(number, true), (number, false)])
        .map(|(number, consumes)| {
            let (mut client, vendor, order) =
                (world.reservations(), vendor.clone(), format!("order {number}"));
            async move {
                match consumes {
                    true => client.consume(consume(&order, 1)).await.is_ok(),
                    false => client.release(release(&order, 1, &vendor)).await.is_ok(),
                }
            }
        });
    let ended = join_all(ends).await;
    for pair in ended.chunks(2) {
        assert_ne!(pair[0], pair[1], "exactly one of the two wins");
    }
    let consumed = i64::try_from(ended.iter().step_by(2).filter(|won| **won).count()).expect("few");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (40 - consumed, 0));
    world.assert_conserved().await;
}

#[tokio::test]
async fn the_story_of_an_order_is_told_from_the_rows() {
    let world = World::new().await;
    let first = world.shelf("V01", "RICE", 5).await;
    let second = world.shelf("V02", "RICE", 5).await;
    world
        .reservations()
        .reserve(reserve("order", 1, &first, &[("RICE", 2)]))
        .await
        .expect("reserved");
    let next = pb::ReserveRequest {
        replaces_attempt: 1,
        ..reserve("order", 2, &second, &[("RICE", 2)])
    };
    world.reservations().reserve(next).await.expect("reserved");
    world
        .reservations()
        .consume(consume("order", 2))
        .await
        .expect("consumed");
    let story = |order| pb::ExplainStockRequest {
        order_id: order_id(order),
    };
    let events = world
        .reservations()
        .explain_stock(story("order"))
        .await
        .expect("a story")
        .into_inner()
        .events;
    let told: Vec<(&str, &str)> = events
        .iter()
        .map(|e| (e.kind.as_str(), e.summary.as_str()))
        .collect();
    let expected = [
        ("reservation", "attempt 1: 1 products reserved at V01"),
        ("stock_move", "reserve RICE: promised +2"),
        ("reservation", "attempt 2: 1 products reserved at V02"),
        ("stock_move", "release RICE: promised -2"),
        ("stock_move", "reserve RICE: promised +2"),
        ("reservation", "attempt 1: released (REPLACED)"),
        ("stock_move", "consume RICE: on hand -2, promised -2"),
        ("reservation", "attempt 2: consumed"),
    ];
    for event in &expected {
        assert!(told.contains(event), "{event:?} is missing in {told:?}");
    }
    assert_eq!(told.len(), expected.len(), "{told:?}");
    assert!(
        events
            .iter()
            .all(|e| e.cause_id == "test-cause" && e.trace_id.len() == 32 && e.at.is_some())
    );
    let times: Vec<_> = events
        .iter()
        .map(|e| e.at.map(|at| (at.seconds, at.nanos)))
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    let nothing = world
        .reservations()
        .explain_stock(story("other"))
        .await
        .expect("a story")
        .into_inner();
    assert!(nothing.events.is_empty());
}

#[tokio::test]
async fn reservations_are_listed_in_pages_newest_first() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 50).await;
    for number in 0..7 {
        let order = format!("order {number}");
        world
            .reservations()
            .reserve(reserve(&order, 1, &vendor, &[("RICE", 1)]))
            .await
            .expect("reserved");
        if number % 2 == 0 {
            world
                .reservations()
                .consume(consume(&order, 1))
                .await
                .expect("consumed");
        }
    }
    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = pb::ListReservationsRequest {
            page_size: 3,
            page_token,
            ..Default::default()
        };
        let page = world
            .reservations()
            .list_reservations(request)
            .await
            .expect("a page")
            .into_inner();
        assert!(page.reservations.len() <= 3);
        seen.extend(page.reservations);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let orders: Vec<String> = seen.iter().map(|r| r.order_id.clone()).collect();
    let expected: Vec<String> = (0..7)
        .rev()
        .map(|number| order_id(&format!("order {number}")))
        .collect();
    assert_eq!(orders, expected);

    let pending = pb::ListReservationsRequest {
        state: ReservationState::Pending.into(),
        ..Default::default()
    };
    let pending = world
        .reservations()
        .list_reservations(pending)
        .await
        .expect("a page")
        .into_inner();
    assert_eq!(pending.reservations.len(), 3);
    for bad in ["x", "1~2", "~", "9~rsv_zz", &"9".repeat(300)] {
        let request = pb::ListReservationsRequest {
            page_token: bad.to_owned(),
            ..Default::default()
        };
        assert_eq!(
            reason(world.reservations().list_reservations(request).await),
            "INVALID_ARGUMENT",
            "{bad}"
        );
    }
}
