//! Lists: pages, filters and the indexes behind them.

use chrono::{DateTime, Duration, Utc};
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::{account_id, vendor_id};
use crate::world::{By, World, reason};

/// 200,000 orders of 2,000 shops at 500 vendors; one in a thousand waits for an operator.
const MANY: &str = "
    insert into orders.purchase_order (id, number, status, version, account_id, buyer, quote_id, vendor_id,
        subtotal_paisa, vat_paisa, total_paisa, placed_at, updated_at, needs_operator, cause, trace_id)
    select gen_random_uuid(), 'N' || n,
        case when n % 400 = 1 then 'ACCEPTED' when n % 9 = 1 then 'CANCELLED' else 'COMPLETED' end,
        1, 'acc_' || n % 2000, '{\"account_id\":\"\",\"shop_name\":\"\",\"contact\":{\"provider\":0,\"account\":\"\",
        \"address\":\"\",\"phone\":\"\",\"user_id\":\"\"},\"language\":0,\"municipality\":\"\",\"latitude\":0.0,
        \"longitude\":0.0}', gen_random_uuid(), 'ven_' || n % 500, 1, 0, 1,
        timestamptz '2026-01-01' + n * interval '1 minute', now(), n % 1000 = 0, 'test', 'test'
    from generate_series(1, 200000) n";

/// The plan that the service gets: its statements are prepared, and its sessions plan them once for all values.
async fn plan(world: &World, types: &str, filter: &str, values: &str) -> String {
    let sql = format!(
        "deallocate all; prepare page ({types}) as
         select o.id, o.buyer from orders.purchase_order o where true {filter}
         order by o.placed_at desc, o.id desc limit 21; explain execute page ({values})"
    );
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .fetch_all(world.db.pool())
        .await
        .expect("a plan");
    let rows: Vec<String> = rows.iter().map(|row| sqlx::Row::get(row, 0)).collect();
    rows.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_reads_its_index_and_sorts_nothing() {
    let world = World::idle().await;
    let hand = world.superuser().await;
    sqlx::query(MANY).execute(&hand).await.expect("many orders");
    sqlx::query("analyze orders.purchase_order")
        .execute(&hand)
        .await
        .expect("analyzed");
    let (first, second) = ("'2026-02-01'", "'2026-02-02'");
    let window = format!("{first}, {second}");
    for (filter, types, values, index) in [
        ("", "text, text", "'', ''", "placed_at_idx"),
        (
            "and o.account_id = $1",
            "text, text",
            "'acc_7', ''",
            "account_id_idx",
        ),
        (
            "and o.vendor_id = $1",
            "text, text",
            "'ven_7', ''",
            "vendor_id_idx",
        ),
        ("and o.status = 'ACCEPTED'", "text, text", "'', ''", "status_idx"),
        (
            "and o.status = 'SENT_TO_VENDOR'",
            "text, text",
            "'', ''",
            "status_idx",
        ),
        ("and o.status = 'COMPLETED'", "text, text", "'', ''", "_idx"),
        (
            "and o.needs_operator",
            "text, text",
            "'', ''",
            "needs_operator_idx",
        ),
        (
            "and o.placed_at >= $1 and o.placed_at < $2",
            "timestamptz, timestamptz",
            &window,
            "placed_at_idx",
        ),
        (
            "and o.vendor_id = $1 and o.status not in ('COMPLETED', 'CANCELLED', 'REFUSED')",
            "text, text",
            "'ven_7', ''",
            "open_idx",
        ),
    ] {
        for after in [false, true] {
            let types = format!("{types}, timestamptz, uuid");
            let values = format!("{values}, '2026-03-01', 'ffffffff-ffff-ffff-ffff-ffffffffffff'");
            let page = if after {
                "and (o.placed_at, o.id) < ($3, $4)"
            } else {
                ""
            };
            let plan = plan(&world, &types, &format!("{filter} {page}"), &values).await;
            assert!(plan.contains(index), "{filter}: {plan}");
            // One row may be sorted.
            let sorts = plan.contains("Sort") && !filter.contains("not in");
            assert!(!plan.contains("Seq Scan") && !sorts, "{filter}: {plan}");
        }
    }
    // The record of vendors that every quote reads.
    let sql =
        "explain select count(*) from (select 1 from orders.purchase_order o where o.vendor_id = 'ven_7'
               and o.status in ('ACCEPTED', 'PACKING', 'DISPATCHED', 'OUT_FOR_DELIVERY') limit 50) busy";
    let rows: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(world.db.pool())
        .await
        .expect("a plan");
    assert!(
        rows.join("\n").contains("open_idx"),
        "only what is under way: {rows:?}"
    );

    let body = pb::ListOrdersRequest {
        needs_operator: true,
        page_size: 100,
        ..Default::default()
    };
    let page = world.list(By::Operator, body).await.expect("a page");
    assert_eq!(
        (page.orders.len(), page.orders.iter().all(|o| o.needs_operator)),
        (100, true)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_miss_and_repeat_nothing_also_among_equal_times() {
    let world = World::idle().await;
    let hand = world.superuser().await;
    for _ in 0..7 {
        world.placed().await;
    }
    sqlx::query("update orders.purchase_order set placed_at = '2026-01-01'")
        .execute(&hand)
        .await
        .expect("equal");
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let body = pb::ListOrdersRequest {
            page_size: 3,
            page_token,
            ..Default::default()
        };
        let page = world.list(By::Shop(1), body).await.expect("a page");
        assert!(page.orders.len() <= 3 && page.orders.iter().all(|o| o.lines.is_empty()));
        seen.extend(page.orders.into_iter().map(|o| o.order_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((seen.len(), distinct.len()), (7, 7));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_and_the_newest_comes_first() {
    let world = World::new().await;
    let first = world.accepted().await;
    world.minutes_pass(10);
    let second = world.offered().await;
    let ids = async |body: pb::ListOrdersRequest| {
        let page = world.list(By::Operator, body).await.expect("a page");
        page.orders.into_iter().map(|o| o.order_id).collect::<Vec<_>>()
    };
    let (one, two) = (first.order_id.clone(), second.order_id.clone());
    assert_eq!(
        ids(pb::ListOrdersRequest::default()).await,
        [two.as_str(), one.as_str()]
    );
    let accepted = pb::ListOrdersRequest {
        status: OrderStatus::Accepted.into(),
        ..Default::default()
    };
    assert_eq!(ids(accepted).await, [one.as_str()]);
    let vendor = pb::ListOrdersRequest {
        vendor_id: vendor_id(2),
        ..Default::default()
    };
    assert_eq!(ids(vendor).await, Vec::<String>::new());
    let account = pb::ListOrdersRequest {
        account_id: account_id(1),
        page_size: 1,
        ..Default::default()
    };
    assert_eq!(ids(account).await, [two.as_str()]);
    let placed = second.placed_at.expect("a time");
    let placed = DateTime::<Utc>::from_timestamp(placed.seconds, 0).expect("a time") - Duration::minutes(5);
    let stamp = prost_types::Timestamp {
        seconds: placed.timestamp(),
        nanos: 0,
    };
    let later = pb::ListOrdersRequest {
        placed_from: Some(stamp),
        ..Default::default()
    };
    assert_eq!(ids(later).await, [two]);
    let earlier = pb::ListOrdersRequest {
        placed_to: Some(stamp),
        ..Default::default()
    };
    assert_eq!(ids(earlier).await, [one]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_limits_and_tokens_are_checked() {
    let world = World::idle().await;
    let list = async |body| world.list(By::Operator, body).await;
    let large = pb::ListOrdersRequest {
        page_size: 101,
        ..Default::default()
    };
    assert_eq!(
        list(large).await.expect_err("too large").violations()[0].field,
        "page_size"
    );
    for page_token in [
        "x",
        "1.",
        ".",
        "99999999999999999999.0",
        "-8000000000000000000.00000000000000000000000000000000",
    ] {
        let forged = pb::ListOrdersRequest {
            page_token: page_token.to_owned(),
            ..Default::default()
        };
        assert_eq!(reason(list(forged).await), "INVALID_ARGUMENT", "{page_token}");
    }
}
