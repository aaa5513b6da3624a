//! Lists read an index however many rows there are, and drift is seen whichever way it came.

use khaacho_durable::SCHEMA_SQL;
use khaacho_pg::migrate::SchemaMigrations;
use khaacho_pg::{Db, Settings};
use khaacho_testkit::db::TestDb;
use sqlx::{AssertSqlSafe, PgPool, Row as _};

use super::{drift, explain_stock, list_moves, list_offers, list_products, list_reservations, quote_lines};

const SCHEMA: SchemaMigrations = SchemaMigrations::new("inventory", "khaacho_inventory", crate::MIGRATIONS)
    .with_prelude(&[("durable", SCHEMA_SQL)])
    .with_append_only(crate::APPEND_ONLY);

/// 20,000 products, 100 vendors, 40,000 offers, 100,000 moves and 50,000 reservations with lines.
const MANY: &str = "
insert into inventory.product (sku, name, name_ne, category, brand, base_unit, pack_label, pack_quantity,
    vat_class,
    mrp_paisa, typical_wholesale_paisa, created_at)
select 'P-' || n, 'Product', '', 'category ' || n % 50, '', 'sack', 'sack', 1, 'exempt', 0, 0, now()
from generate_series(1, 20000) n;
insert into inventory.product_unit select 'P-' || n, 0, 'sack', 1 from generate_series(1, 20000) n;
insert into inventory.vendor (vendor_id, code, name, phone, municipality, latitude, longitude, opens, closes,
    language, created_at)
select md5('v' || n)::uuid, 'V' || n, 'Vendor', '+97798412' || 10000 + n, '', 0, 0, '07:00', '19:00', 'en',
    now()
from generate_series(1, 100) n;
insert into inventory.offer (vendor_id, sku, price_paisa, lead_time_days, minimum_quantity, active,
    updated_at,
    updated_by)
select md5('v' || v)::uuid, 'P-' || ((p * 50 + v * 7) % 20000 + 1), 100, 0, 1, true, now(), 'test'
from generate_series(1, 100) v, generate_series(1, 400) p;
insert into inventory.stock (vendor_id, sku, on_hand_milli, seq)
select vendor_id, sku, 1000000, 2 from inventory.offer;
insert into inventory.stock_move (vendor_id, sku, seq, kind, on_hand_delta_milli, reserved_delta_milli,
    order_id, reason,
    actor, cause, trace_id, at)
select vendor_id, sku, n, 'opening', 500000, 0, md5(vendor_id || sku)::uuid, '', 'test', 'test', 'test', now()
from inventory.stock, generate_series(1, 2) n;
insert into inventory.reservation (reservation_id, order_id, attempt, vendor_id, state, created_at, cause,
    trace_id,
    closed_at)
select md5('r' || n)::uuid, md5('o' || n)::uuid, 1, md5('v' || n % 100 + 1)::uuid,
    case when n % 100 = 0 then 'PENDING' else 'CONSUMED' end, now() - n * interval '1 minute', 'test', 'test',
    case when n % 100 = 0 then null else now() end
from generate_series(1, 50000) n;
insert into inventory.reservation_line
select md5('r' || n)::uuid, 'P-' || n % 20000 + 1, 1000 from generate_series(1, 50000) n;
analyze inventory.product, inventory.product_unit, inventory.product_alias, inventory.vendor, inventory.offer,
    inventory.stock, inventory.stock_move, inventory.reservation, inventory.reservation_line;
";

async fn database() -> (TestDb, PgPool) {
    let database = TestDb::migrated(&[SCHEMA]).await;
    let pool = PgPool::connect(database.url())
        .await
        .expect("the test's database");
    (database, pool)
}

/// The plan of a prepared statement for these parameters.
async fn plan(pool: &PgPool, sql: &str, parameters: &str) -> String {
    let mut conn = pool.acquire().await.expect("a connection");
    let prepare = format!("set plan_cache_mode = force_custom_plan; prepare looked_at as {sql}");
    sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *conn)
        .await
        .expect(sql);
    let explain = AssertSqlSafe(format!("explain execute looked_at({parameters})"));
    let rows = sqlx::raw_sql(explain).fetch_all(&mut *conn).await.expect(sql);
    sqlx::raw_sql("deallocate looked_at")
        .execute(&mut *conn)
        .await
        .expect("gone");
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    lines.join("\n")
}

#[tokio::test]
async fn lists_read_an_index_however_many_rows_there_are() {
    let (_database, pool) = database().await;
    sqlx::raw_sql(MANY).execute(&pool).await.expect("many rows");
    let id = "md5('v5')::uuid";
    let cases = [
        (list_products::ALL, "'P-500', 21".to_owned(), "product_pkey"),
        (
            list_products::OF_CATEGORY,
            "'P-500', 21, 'category 7'".to_owned(),
            "product_category_sku_idx",
        ),
        (list_offers::ALL, format!("{id}, 'P-1', 21"), "offer_pkey"),
        (list_offers::OF_VENDOR, format!("{id}, 'P-1', 21"), "offer_pkey"),
        (
            list_offers::OF_PRODUCT,
            format!("{id}, 'P-1', 21"),
            "offer_sku_vendor_id_idx",
        ),
        (list_offers::ONE, format!("{id}, 'P-1', 21"), "on offer o"),
        (list_moves::PAGE, format!("{id}, 'P-1', 9, 21"), "stock_move_pkey"),
        (
            list_reservations::ALL,
            format!("now(), {id}, 21"),
            "reservation_created_at_idx",
        ),
        (
            list_reservations::IN_STATE,
            format!("now(), {id}, 21, 'PENDING'"),
            "reservation_state_created_at_idx",
        ),
        (
            list_reservations::OF_ORDER,
            format!("now(), {id}, 21, null, {id}"),
            "reservation_order_id_idx",
        ),
        (
            list_reservations::PENDING_SINCE,
            format!("now(), 'epoch', {id}, 21"),
            "reservation_state_created_at_idx",
        ),
        (
            explain_stock::RESERVATIONS,
            format!("{id}, 100"),
            "reservation_order_id_idx",
        ),
        (
            explain_stock::MOVES,
            format!("{id}, 100"),
            "stock_move_order_id_idx",
        ),
        (
            quote_lines::OFFERS,
            "array['P-1', 'P-2']".to_owned(),
            "offer_sku_vendor_id_idx",
        ),
    ];
    for (sql, parameters, index) in cases {
        let plan = plan(&pool, sql, &parameters).await;
        assert!(plan.contains(index), "{index} is not used by {sql}\n{plan}");
        for table in [
            "product p",
            "offer o",
            "stock s",
            "stock_move m",
            "reservation r",
            "reservation_line l",
        ] {
            assert!(
                !plan.contains(&format!("Seq Scan on {table}")),
                "{sql} reads all of {table}\n{plan}"
            );
        }
    }
}

#[tokio::test]
async fn drift_is_seen_whichever_way_it_came_and_until_it_is_gone() {
    let (database, pool) = database().await;
    sqlx::raw_sql(MANY).execute(&pool).await.expect("many rows");
    let tidy =
        "update inventory.reservation set state = 'CONSUMED', closed_at = now() where state = 'PENDING'";
    sqlx::query(tidy).execute(&pool).await.expect("nothing pending");
    let mut settings = Settings::new(database.url(), "inventory", "test");
    settings.role = Some("khaacho_inventory".to_owned());
    let db = Db::connect(settings).await.expect("the test's database");
    let look = || crate::jobs::drift::look(&db);
    assert_eq!(look().await.expect("a look"), 0);
    let checked: i64 = sqlx::query_scalar("select count(*) from inventory.stock_checkpoint")
        .fetch_one(&pool)
        .await
        .expect("a number");
    assert_eq!(checked, 40_000, "what adds up is not added up again");

    let breaks = [
        (
            "update inventory.stock set on_hand_milli = on_hand_milli + 7 where sku = 'P-1'",
            "on_hand",
        ),
        (
            "update inventory.stock set seq = seq + 1 where sku = 'P-1'",
            "missing",
        ),
        (
            "update inventory.reservation set state = 'PENDING', closed_at = null where order_id = md5('o7')::uuid",
            "promised",
        ),
    ];
    let mends = [
        "update inventory.stock set on_hand_milli = on_hand_milli - 7 where sku = 'P-1'",
        "update inventory.stock set seq = seq - 1 where sku = 'P-1'",
        "update inventory.reservation set state = 'RELEASED', closed_at = now() where state = 'PENDING'",
    ];
    for ((damage, kind), mend) in breaks.into_iter().zip(mends) {
        sqlx::query(damage).execute(&pool).await.expect(damage);
        for _ in 0..2 {
            let rows = drift::compare(&db).await.expect("a comparison");
            assert!(!rows.is_empty(), "{damage}");
            let all = rows.iter().all(|row| match kind {
                "on_hand" => row.on_hand == 7,
                "missing" => row.missing == 1,
                _ => row.promised == -1000,
            });
            assert!(all, "{damage}: {rows:?}");
            look().await.expect("a look");
        }
        sqlx::query(mend).execute(&pool).await.expect(mend);
        assert!(
            drift::compare(&db).await.expect("a comparison").is_empty(),
            "{mend}"
        );
    }
}
