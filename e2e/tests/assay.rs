//! The contract views: they are what their document says, and they say what the API says.

mod books;
mod orders;

use std::collections::{BTreeMap, BTreeSet};

use khaacho_e2e::world::{self, Basket, Shop};
use khaacho_e2e::{REPLY, SOON, TestMesh};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};

const DOCUMENT: &str = include_str!("../../docs/assay.md");
/// Nobody asked these services for something that is remembered, and all of their jobs are done.
const MAY_BE_EMPTY: &[&str] = &[
    "idem_inventory",
    "idem_notification",
    "job_credit",
    "job_inventory",
    "job_notification",
];

type Columns = BTreeMap<String, String>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_views_are_what_their_document_says() {
    let mesh = TestMesh::all_in_one(&[]).await;
    let found: Vec<(String, String, String)> = sqlx::query_as(
        "select c.relname::text, a.attname::text,
                replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz')
         from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0
         where n.nspname = 'assay_v1'",
    )
    .fetch_all(&mesh.database)
    .await
    .expect("the database answers");
    let mut published: BTreeMap<String, Columns> = BTreeMap::new();
    for (view, column, kind) in found {
        published.entry(view).or_default().insert(column, kind);
    }
    let promised = documented();
    let (there, said): (BTreeSet<_>, BTreeSet<_>) = (published.keys().collect(), promised.keys().collect());
    assert_eq!(there, said, "the views");
    for (view, columns) in &promised {
        assert_eq!(&published[view], columns, "the columns of {view}");
    }
    mesh.finish().await;
}

/// Views and their columns with types, from the table of the document.
fn documented() -> BTreeMap<String, Columns> {
    let code =
        |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut views = BTreeMap::new();
    for row in DOCUMENT.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let columns: Columns = cells[3]
            .split(", ")
            .map(|column| {
                let kind = column.rsplit_once("` ").map_or("text", |(_, kind)| kind);
                (code(column)[0].clone(), kind.to_owned())
            })
            .collect();
        for view in code(cells[0]) {
            assert!(
                views.insert(view.clone(), columns.clone()).is_none(),
                "{view} is documented once"
            );
        }
    }
    views
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_views_say_what_the_api_says() {
    let mesh = TestMesh::all_in_one(&[]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let number = delivered(&mesh, &shop, &basket).await;
    let payment = json!({ "account_id": shop.account_id, "amount_paisa": 5000, "method": "CASH" });
    let key = [("Idempotency-Key", "till-1")];
    let rest = mesh.rest();
    let paid = rest
        .post_with("/api/v1/payments", &key, payment.clone())
        .await
        .ok();
    assert_eq!(
        rest.post_with("/api/v1/payments", &key, payment).await.ok(),
        paid,
        "once"
    );
    mesh.quiesce_and_check().await;

    let mut conn = mesh.database.acquire().await.expect("the database answers");
    let mut views = Views(&mut conn);
    views.run("set role khaacho_assay").await;
    for view in documented().keys() {
        let rows = views.of(view, "true").await.len();
        assert!(
            rows > 0 || MAY_BE_EMPTY.contains(&view.as_str()),
            "{view} is empty"
        );
    }
    let order = rest.get(&format!("/api/v1/orders/{number}")).await.ok()["order"].clone();
    orders::orders(&mut views, &mesh, &order).await;
    orders::messages(&mut views, &mesh, &order, &shop).await;
    books::credit(&mut views, &mesh, &order, &shop.account_id, &paid["payment"]).await;
    books::stock(&mut views, &mesh, &order).await;
    orders::work(&mut views, &order).await;
    views.run("reset role").await;
    drop(conn);
    mesh.finish().await;
}

/// An order by chat that reaches the shop; its number.
async fn delivered(mesh: &TestMesh, shop: &Shop, basket: &Basket) -> String {
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask(&basket.text(), "Your order:", SOON).await;
    let number = phone.ask("CONFIRM", "is placed", REPLY).await.order_number();
    for step in ["accept", "pack", "dispatch", "sendOut", "deliver"] {
        let path = format!("/api/v1/orders/{number}:{step}");
        mesh.rest().post(&path, json!({})).await.ok();
    }
    phone.expect("is delivered", SOON).await;
    number
}

/// A session that reads views, as the role of their readers.
struct Views<'a>(&'a mut PgConnection);

impl Views<'_> {
    async fn run(&mut self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut *self.0).await.expect("a role");
    }

    async fn of(&mut self, view: &str, condition: &str) -> Vec<Value> {
        let sql =
            format!("select to_jsonb(v)::text from assay_v1.{view} v where {condition} order by v::text");
        let rows: Result<Vec<String>, _> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut *self.0)
            .await;
        let rows = rows.unwrap_or_else(|error| panic!("{view} where {condition}: {error}"));
        rows.iter()
            .map(|row| serde_json::from_str(row).expect("JSON"))
            .collect()
    }

    async fn one(&mut self, view: &str, condition: &str) -> Value {
        let mut rows = self.of(view, condition).await;
        assert_eq!(rows.len(), 1, "{view} where {condition}: {rows:?}");
        rows.remove(0)
    }
}

/// The same things under both names, on one side `snake_case`, on the other `camelCase`.
#[track_caller]
fn agree(row: &Value, seen: &Value, names: &[(&str, &str)]) {
    for (column, field) in names {
        assert!(!row[column].is_null(), "{column} in {row}");
        assert_eq!(row[column], seen[field], "{column} in {row}, {field} in {seen}");
    }
}

fn sum(rows: &[Value], column: &str) -> i64 {
    rows.iter()
        .map(|row| row[column].as_i64().expect("a number"))
        .sum()
}

fn list<'a>(answer: &'a Value, name: &str) -> &'a Vec<Value> {
    answer[name]
        .as_array()
        .unwrap_or_else(|| panic!("{name} in {answer}"))
}

fn is_hash(value: &Value) -> bool {
    let hex = |text: &str| {
        text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    value.as_str().is_some_and(hex)
}
