use futures_util::future::join_all;
use khaacho_proto::inventory::v1 as pb;
use pb::ReservationState;

use crate::world::{World, order_id, reason, reserve};

#[tokio::test]
async fn a_replaced_attempt_gives_its_stock_back_in_the_same_transaction() {
    let world = World::new().await;
    let first = world.shelf("V01", "RICE", 5).await;
    let second = world.shelf("V02", "RICE", 5).await;
    world
        .reservations()
        .reserve(reserve("order", 1, &first, &[("RICE", 4)]))
        .await
        .expect("reserved");

    // refused: the old attempt stays as it was
    let too_much = pb::ReserveRequest {
        replaces_attempt: 1,
        ..reserve("order", 2, &second, &[("RICE", 6)])
    };
    assert_eq!(
        reason(world.reservations().reserve(too_much).await),
        "STOCK_SHORT"
    );
    assert_eq!(
        (
            world.on_shelf(&first, "RICE").await,
            world.on_shelf(&second, "RICE").await
        ),
        ((5, 4), (5, 0))
    );

    // at another vendor
    let moved = pb::ReserveRequest {
        replaces_attempt: 1,
        ..reserve("order", 2, &second, &[("RICE", 4)])
    };
    world
        .reservations()
        .reserve(moved.clone())
        .await
        .expect("reserved");
    assert_eq!(
        (
            world.on_shelf(&first, "RICE").await,
            world.on_shelf(&second, "RICE").await
        ),
        ((5, 0), (5, 4))
    );

    // again: nothing more happens
    world.reservations().reserve(moved).await.expect("reserved");
    assert_eq!(
        (
            world.on_shelf(&first, "RICE").await,
            world.on_shelf(&second, "RICE").await
        ),
        ((5, 0), (5, 4))
    );

    // at the same vendor: what comes back counts, 4 of 5 are promised and 5 are asked for
    let more = pb::ReserveRequest {
        replaces_attempt: 2,
        ..reserve("order", 3, &second, &[("RICE", 5)])
    };
    world.reservations().reserve(more).await.expect("reserved");
    assert_eq!(world.on_shelf(&second, "RICE").await, (5, 5));
    let list = pb::ListReservationsRequest {
        order_id: order_id("order"),
        ..Default::default()
    };
    let list = world
        .reservations()
        .list_reservations(list)
        .await
        .expect("a list")
        .into_inner()
        .reservations;
    let states: Vec<(u32, ReservationState)> = list.iter().map(|r| (r.attempt, r.state())).collect();
    use ReservationState::{Pending, Released};
    assert_eq!(states, [(3, Pending), (2, Released), (1, Released)]);
    world.assert_conserved().await;
}

#[tokio::test]
async fn a_replaced_attempt_that_was_never_made_cannot_be_made_later() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let second = pb::ReserveRequest {
        replaces_attempt: 1,
        ..reserve("order", 2, &vendor, &[("RICE", 2)])
    };
    world.reservations().reserve(second).await.expect("reserved");
    let late = world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 2)]))
        .await;
    assert_eq!(reason(late), "RESERVATION_RELEASED");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (5, 2));
    world.assert_conserved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_change_places_between_two_vendors_never_deadlock() {
    let world = World::new().await;
    let vendors = [
        world.shelf("V01", "RICE", 100).await,
        world.shelf("V02", "RICE", 100).await,
    ];
    let orders: Vec<String> = (0..20).map(|number| format!("order {number}")).collect();
    for (number, order) in orders.iter().enumerate() {
        let request = reserve(order, 1, &vendors[number % 2], &[("RICE", 1)]);
        world.reservations().reserve(request).await.expect("reserved");
    }
    let moves = orders.iter().enumerate().map(|(number, order)| {
        let mut client = world.reservations();
        let request = reserve(order, 2, &vendors[(number + 1) % 2], &[("RICE", 1)]);
        let request = pb::ReserveRequest {
            replaces_attempt: 1,
            ..request
        };
        async move { client.reserve(request).await }
    });
    for answer in join_all(moves).await {
        answer.expect("reserved");
    }
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(world.number(deadlocks).await, 0);
    assert_eq!(
        world
            .number("select sum(reserved_milli)::bigint from inventory.stock")
            .await,
        20_000
    );
    world.assert_conserved().await;
}
