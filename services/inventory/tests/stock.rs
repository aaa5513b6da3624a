use khaacho_fault::Kind;
use khaacho_proto::inventory::v1 as pb;

use crate::world::{World, fault, operator, reason, reserve, sacks};

fn adjust(request_id: &str, vendor_id: &str, sku: &str, delta: i64) -> pb::AdjustStockRequest {
    pb::AdjustStockRequest {
        request_id: request_id.to_owned(),
        vendor_id: vendor_id.to_owned(),
        sku: sku.to_owned(),
        delta_milli: delta * 1000,
        reason: "a delivery".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_change_happens_once_per_request_id() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let first = world
        .stock(operator())
        .adjust_stock(adjust("a", &vendor, "RICE", 3))
        .await
        .expect("adjusted");
    let again = world
        .stock(operator())
        .adjust_stock(adjust("a", &vendor, "RICE", 3))
        .await
        .expect("adjusted");
    assert_eq!(first.into_inner(), again.into_inner());
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (8, 0));
    let other = world
        .stock(operator())
        .adjust_stock(adjust("a", &vendor, "RICE", 4))
        .await;
    assert_eq!(reason(other), "REQUEST_ID_REUSED");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (8, 0));
    world.assert_conserved().await;
}

#[tokio::test]
async fn stock_cannot_fall_below_what_is_promised() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 3)]))
        .await
        .expect("reserved");
    let below = fault(
        world
            .stock(operator())
            .adjust_stock(adjust("a", &vendor, "RICE", -3))
            .await,
    );
    assert_eq!(
        (below.kind(), below.reason()),
        (Kind::Refused, "STOCK_BELOW_RESERVED")
    );
    assert_eq!(
        below.sentence(),
        "3 are promised to orders, so the stock cannot become 2"
    );
    let counted = pb::AdjustStockRequest {
        counted: true,
        counted_milli: 3000,
        ..adjust("b", &vendor, "RICE", 0)
    };
    world
        .stock(operator())
        .adjust_stock(counted)
        .await
        .expect("adjusted");
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (3, 3));
    world.assert_conserved().await;
}

#[tokio::test]
async fn every_change_is_a_move_with_its_cause_listed_newest_first() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    for number in 0..4 {
        let request = adjust(&format!("a{number}"), &vendor, "RICE", 1);
        world
            .stock(operator())
            .adjust_stock(request)
            .await
            .expect("adjusted");
    }
    world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 2)]))
        .await
        .expect("reserved");
    let list = |page_token: String| pb::ListMovesRequest {
        vendor_id: "v01".to_owned(),
        sku: "rice".to_owned(),
        page_size: 4,
        page_token,
    };
    let first = world
        .stock(operator())
        .list_moves(list(String::new()))
        .await
        .expect("a page")
        .into_inner();
    let told: Vec<(i64, &str, i64, i64)> = first
        .moves
        .iter()
        .map(|m| {
            (
                m.sequence,
                m.kind.as_str(),
                m.on_hand_delta_milli,
                m.reserved_delta_milli,
            )
        })
        .collect();
    assert_eq!(told[..2], [(6, "reserve", 0, 2000), (5, "adjust", 1000, 0)]);
    assert!(first.moves[0].order_id.starts_with("ord_") && first.moves[0].reservation_id.starts_with("rsv_"));
    let rest = world
        .stock(operator())
        .list_moves(list(first.next_page_token))
        .await
        .expect("a page")
        .into_inner();
    let kinds: Vec<&str> = rest.moves.iter().map(|m| m.kind.as_str()).collect();
    assert_eq!(
        (kinds, rest.next_page_token.as_str()),
        (vec!["adjust", "opening"], "")
    );
    assert_eq!(rest.moves[0].reason, "a delivery");
    let causes = "select count(*) from inventory.stock_move where cause = '' or trace_id = '' or actor = ''";
    assert_eq!(world.number(causes).await, 0);
}

#[tokio::test]
async fn moves_are_never_changed_not_even_by_hand() {
    let world = World::new().await;
    world.shelf("V01", "RICE", 5).await;
    let hand = world.superuser().await;
    for sql in [
        "update inventory.stock_move set on_hand_delta_milli = 1",
        "delete from inventory.stock_move",
        "truncate inventory.stock_move",
    ] {
        let error = sqlx::query(sql)
            .execute(&hand)
            .await
            .expect_err("refused")
            .to_string();
        assert!(
            error.contains("rows of inventory.stock_move are never changed"),
            "{error}"
        );
    }
    let bounds = sqlx::query("update inventory.stock set reserved_milli = on_hand_milli + 1")
        .execute(&hand)
        .await;
    let bounds = bounds.expect_err("refused");
    assert_eq!(khaacho_fault::constraint(&bounds), Some("stock_reserved_bounds"));
}

#[tokio::test]
async fn changes_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let good = || adjust("a", &vendor, "RICE", 1);
    let cases = [
        (
            "INVALID_ARGUMENT",
            pb::AdjustStockRequest {
                request_id: String::new(),
                ..good()
            },
        ),
        ("INVALID_ARGUMENT", adjust("a", &vendor, "RICE", 0)),
        (
            "INVALID_ARGUMENT",
            pb::AdjustStockRequest {
                counted: true,
                ..good()
            },
        ),
        (
            "INVALID_ARGUMENT",
            pb::AdjustStockRequest {
                counted_milli: 5,
                ..good()
            },
        ),
        (
            "INVALID_ARGUMENT",
            pb::AdjustStockRequest {
                counted: true,
                counted_milli: -1,
                ..adjust("a", &vendor, "RICE", 0)
            },
        ),
        (
            "INVALID_ARGUMENT",
            pb::AdjustStockRequest {
                delta_milli: i64::MAX,
                ..good()
            },
        ),
        (
            "INVALID_ARGUMENT",
            pb::AdjustStockRequest {
                vendor_id: String::new(),
                ..good()
            },
        ),
        (
            "REASON_MISSING",
            pb::AdjustStockRequest {
                reason: "  ".to_owned(),
                ..good()
            },
        ),
        (
            "VENDOR_UNKNOWN",
            pb::AdjustStockRequest {
                vendor_id: "V99".to_owned(),
                ..good()
            },
        ),
        ("OFFER_UNKNOWN", adjust("a", &vendor, "NOTHING", 1)),
        (
            "FRACTION_NOT_SOLD",
            pb::AdjustStockRequest {
                delta_milli: 500_001,
                ..good()
            },
        ),
        ("STOCK_BELOW_RESERVED", adjust("a", &vendor, "RICE", -6)),
    ];
    for (n, (expected, request)) in cases.into_iter().enumerate() {
        // each is a request of its own, but for the one without an id
        let request_id = match request.request_id.as_str() {
            "" => String::new(),
            id => format!("{id}{n}"),
        };
        let request = pb::AdjustStockRequest {
            request_id,
            ..request
        };
        let answer = world.stock(operator()).adjust_stock(request.clone()).await;
        assert_eq!(reason(answer), expected, "{request:?}");
    }
    // a product that is offered without stock gets its row with the first change only
    let product = pb::CreateProductRequest {
        request_id: "p".to_owned(),
        product: Some(sacks("SALT")),
    };
    world.catalog().create_product(product).await.expect("a product");
    let nothing = world
        .stock(operator())
        .adjust_stock(adjust("b", &vendor, "SALT", 1))
        .await;
    assert_eq!(reason(nothing), "OFFER_UNKNOWN");
    assert_eq!(world.number("select count(*) from inventory.stock").await, 1);
}
