//! What a world looks like at its end: rows of the contract views with ids as names and without times, what its people
//! read, and what they were told. Two plays of a chapter must look the same, whatever was broken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sqlx::postgres::PgConnection;

use super::names::Names;
use super::scenario::Play;
use super::stage::Stage;
use super::world::World;

/// The end of a play.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct State {
    /// By view, or `answers` or `heard`; each line once for each time that it is there.
    pub(super) lines: BTreeMap<String, Vec<String>>,
    /// Tries of each message to a person, by its name.
    pub(super) tries: BTreeMap<String, usize>,
}

/// A view, and which of its rows belong to a world. `$1` account, `$2` vendors, `$3` phones, `$4` their hashes, `$5`
/// when the play began.
const VIEWS: [(&str, &str); 21] = [
    ("inbound", "phone = any($3)"),
    ("orders", "retailer = $1"),
    (
        "order_line",
        "order_id in (select order_id from assay_v1.orders where retailer = $1)",
    ),
    (
        "order_status",
        "order_id in (select order_id from assay_v1.orders where retailer = $1)",
    ),
    (
        "assignment",
        "order_id in (select order_id from assay_v1.orders where retailer = $1)",
    ),
    ("account", "retailer = $1"),
    ("account_event", "retailer = $1"),
    ("hold", "retailer = $1"),
    ("entry", "retailer = $1"),
    (
        "line",
        "entry_id in (select entry_id from assay_v1.entry where retailer = $1)",
    ),
    ("invoice", "retailer = $1"),
    ("payment", "retailer = $1"),
    (
        "allocation",
        "payment_id in (select payment_id from assay_v1.payment where retailer = $1)",
    ),
    ("stock", "vendor = any($2)"),
    ("stock_event", "vendor = any($2)"),
    (
        "reservation",
        "order_id in (select order_id from assay_v1.orders where retailer = $1)",
    ),
    (
        "reservation_line",
        "res_id in (select r.res_id from assay_v1.reservation r join assay_v1.orders o
        using (order_id) where o.retailer = $1)",
    ),
    ("notice", "to_hash = any($4)"),
    (
        "attempt",
        "notice_id in (select notice_id from assay_v1.notice where to_hash = any($4))",
    ),
    ("idem", "created_at >= $5"),
    ("job", "created_at >= $5 and cause not like 'schedule %'"),
];

/// Columns that say when, how often, or hash what has such things in it.
const IGNORED: [&str; 18] = [
    "at",
    "fp",
    "reply_sha",
    "sha",
    "attempts",
    "faults",
    "leased",
    "lease_until",
    "run_at",
    "last_fault",
    "provider_ref",
    "job_id",
    "deadline_at",
    "due_at",
    "to_hash",
    "error_code",
    "trace_id",
    "seq_at",
];

/// Rows of each view as they are.
pub(super) type Rows = BTreeMap<&'static str, Vec<Value>>;

/// Reads the rows of a world in one snapshot.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn read(
    connection: &mut PgConnection,
    world: &World,
    since: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<Rows> {
    sqlx::raw_sql("begin isolation level repeatable read read only")
        .execute(&mut *connection)
        .await?;
    let vendors: Vec<&str> = world.stores.iter().map(|store| store.vendor.as_str()).collect();
    let phones = phones(world);
    let hashes: Vec<String> = phones.iter().map(|phone| sha256(phone)).collect();
    let mut rows = Rows::new();
    for (view, mine) in VIEWS {
        let tables = match view {
            "idem" | "job" => ["order", "credit", "inventory", "notification"]
                .map(|service| format!("select to_jsonb(v) from assay_v1.{view}_{service} v where {mine}"))
                .join(" union all "),
            _ => format!("select to_jsonb(v) from assay_v1.{view} v where {mine}"),
        };
        // every statement has all parameters, with their types
        let sql = format!(
            "with all_of as (select $1::text, $2::text[], $3::text[], $4::text[], $5::timestamptz) {tables}"
        );
        let found: Vec<Value> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(&world.account)
            .bind(&vendors)
            .bind(&phones)
            .bind(&hashes)
            .bind(since)
            .fetch_all(&mut *connection)
            .await?;
        rows.insert(view, found);
    }
    sqlx::raw_sql("rollback").execute(&mut *connection).await?;
    Ok(rows)
}

/// Phones of a world: vendors, then the shop.
pub(super) fn phones(world: &World) -> Vec<&str> {
    let stores = world.stores.iter().map(|store| store.phone.as_str());
    stores.chain([world.phone.as_str()]).collect()
}

fn sha256(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The end of a play, from its rows.
pub(super) fn of(stage: &Stage, play: &Play<'_>, rows: &Rows) -> State {
    let names = Names::of(play.world, rows);
    let mut state = State::default();
    for (view, found) in &without_refused(rows) {
        if *view == "attempt" {
            state.tries = tries(&names, found);
            continue;
        }
        let there = found.iter().filter(|row| !is_barrier(view, row));
        let mut lines: Vec<String> = there.map(|row| line(&names, row)).collect();
        lines.sort();
        state.lines.insert((*view).to_owned(), lines);
    }
    let told = play
        .answers
        .iter()
        .map(|(action, told)| format!("{action}: {told}"));
    state.lines.insert("answers".to_owned(), told.collect());
    let mut heard = BTreeSet::new();
    for phone in phones(play.world) {
        for one in stage.provider.heard(phone) {
            heard.insert(format!("{}: {}", names.put(phone), names.put(&one.text)));
        }
    }
    state
        .lines
        .insert("heard".to_owned(), heard.into_iter().collect());
    state
}

/// Rows without the reservations of orders that were refused for something else, and without what they moved. Stock and
/// credit are asked for at the same time: whether the stock had been reserved before the refusal, or finds the place
/// taken, is a race with two right ends in which nothing is held. Movements are numbered anew without them; that
/// numbers have no gap, and that what moved adds up, is checked of the rows as they are.
fn without_refused(rows: &Rows) -> Rows {
    let refused = |row: &&Value| row["state"] == "RELEASED" && row["closed_reason"] == "REFUSED";
    let reservations = rows.get("reservation").into_iter().flatten();
    let gone: BTreeSet<String> = reservations
        .filter(refused)
        .filter_map(|row| row["res_id"].as_str().map(str::to_owned))
        .collect();
    let is_gone = |row: &Value| row["res_id"].as_str().is_some_and(|id| gone.contains(id));
    let events = rows.get("stock_event").into_iter().flatten();
    let left_out: Vec<Value> = events.filter(|row| is_gone(row)).cloned().collect();
    let mut kept = Rows::new();
    for (view, found) in rows {
        let found = found.iter().filter(|row| !is_gone(row)).cloned();
        kept.insert(view, found.collect());
    }
    for view in ["stock", "stock_event"] {
        for row in kept.get_mut(view).into_iter().flatten() {
            renumber(row, &left_out);
        }
    }
    kept
}

/// Gives a row of stock, or a movement, the number that it has when others are left out.
fn renumber(row: &mut Value, left_out: &[Value]) {
    let seq = row["seq"].as_u64().unwrap_or_default();
    let same = |other: &&Value| other["vendor"] == row["vendor"] && other["sku"] == row["sku"];
    let before = |other: &&Value| other["seq"].as_u64().unwrap_or_default() <= seq;
    let fewer = left_out.iter().filter(same).filter(before).count();
    row["seq"] = Value::from(seq.saturating_sub(fewer as u64));
}

/// A reservation that never was: put there by whoever does something again, so that a late twin of a call that was
/// given up finds its place taken. It has no vendor and holds nothing.
fn is_barrier(view: &str, row: &Value) -> bool {
    view == "reservation" && row["vendor"].is_null() && row["state"] == "RELEASED"
}

fn tries(names: &Names, attempts: &[Value]) -> BTreeMap<String, usize> {
    let mut tries = BTreeMap::new();
    for attempt in attempts {
        let notice = names.put(attempt["notice_id"].as_str().unwrap_or_default());
        *tries.entry(notice).or_default() += 1;
    }
    tries
}

fn line(names: &Names, row: &Value) -> String {
    let kept: Map<String, Value> = row
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(column, value)| {
            !value.is_null() && !column.ends_with("_at") && !IGNORED.contains(&column.as_str())
        })
        .map(|(column, value)| match value {
            Value::String(text) => (column.clone(), Value::String(names.put(text))),
            other => (column.clone(), other.clone()),
        })
        .collect();
    Value::Object(kept).to_string()
}

impl State {
    /// What differs from the wanted state, a line each; empty when nothing does.
    pub(super) fn differences(&self, wanted: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let views: BTreeSet<&String> = self.lines.keys().chain(wanted.lines.keys()).collect();
        for view in views {
            let (is, should) = (self.lines.get(view), wanted.lines.get(view));
            let (is, should) = (counted(is), counted(should));
            let lines: BTreeSet<&String> = is.keys().chain(should.keys()).copied().collect();
            for line in lines {
                let number = |of: &BTreeMap<&String, usize>| of.get(line).copied().unwrap_or(0);
                match (number(&should), number(&is)) {
                    (should, is) if should == is => {}
                    (0, is) => found.push(format!("{view}: {is} too many: {line}")),
                    (should, 0) => found.push(format!("{view}: {should} missing: {line}")),
                    (should, is) => found.push(format!("{view}: {is} instead of {should}: {line}")),
                }
            }
        }
        for (notice, tries) in &self.tries {
            let usual = wanted.tries.get(notice).copied().unwrap_or(0);
            // one unknown outcome is answered with one more send
            if *tries > usual + 2 {
                found.push(format!("attempt: {tries} tries instead of {usual} for {notice}"));
            }
        }
        found
    }
}

fn counted(lines: Option<&Vec<String>>) -> BTreeMap<&String, usize> {
    let mut counts = BTreeMap::new();
    for line in lines.into_iter().flatten() {
        *counts.entry(line).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(lines: &[&str]) -> State {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        State {
            lines: BTreeMap::from([("hold".to_owned(), lines)]),
            tries: BTreeMap::from([("notice 1".to_owned(), 1)]),
        }
    }

    #[test]
    fn equal_states_do_not_differ() {
        assert!(
            state(&["a", "a", "b"])
                .differences(&state(&["b", "a", "a"]))
                .is_empty()
        );
    }

    #[test]
    fn what_is_missing_doubled_or_new_is_told() {
        let found = state(&["a", "a", "c"]).differences(&state(&["a", "b"]));
        assert_eq!(
            found,
            [
                "hold: 2 instead of 1: a",
                "hold: 1 missing: b",
                "hold: 1 too many: c"
            ]
        );
    }

    #[test]
    fn only_reservations_without_vendor_are_barriers() {
        let row = serde_json::json!({ "state": "RELEASED", "vendor": null });
        assert!(is_barrier("reservation", &row) && !is_barrier("hold", &row));
        let real = serde_json::json!({ "state": "RELEASED", "vendor": "ven_1" });
        assert!(!is_barrier("reservation", &real));
    }

    #[test]
    fn a_refused_order_may_or_may_not_have_reserved_first() {
        let event = |seq: u64, kind: &str, res: &str| serde_json::json!({ "vendor": "v", "sku": "s", "seq": seq, "kind": kind, "res_id": res });
        let reservation = |id: &str, reason: &str| serde_json::json!({ "res_id": id, "state": "RELEASED", "closed_reason": reason, "vendor": "v" });
        let stock = |seq: u64| vec![serde_json::json!({ "vendor": "v", "sku": "s", "seq": seq })];
        let later = |seq: u64| [event(seq, "reserve", "r2"), event(seq + 1, "release", "r2")];
        let without = Rows::from([
            ("stock", stock(3)),
            (
                "stock_event",
                [vec![event(1, "opening", "")], later(2).to_vec()].concat(),
            ),
            ("reservation", vec![reservation("r2", "CANCELLED")]),
        ]);
        let refused = [event(2, "reserve", "r1"), event(3, "release", "r1")];
        let with = Rows::from([
            ("stock", stock(5)),
            (
                "stock_event",
                [vec![event(1, "opening", "")], refused.to_vec(), later(4).to_vec()].concat(),
            ),
            (
                "reservation",
                vec![reservation("r1", "REFUSED"), reservation("r2", "CANCELLED")],
            ),
        ]);
        assert_eq!(without_refused(&with), without_refused(&without));
        assert_ne!(without_refused(&with), with);
    }

    #[test]
    fn tries_are_bounded() {
        let mut many = state(&["a"]);
        many.tries.insert("notice 1".to_owned(), 3);
        assert!(many.differences(&state(&["a"])).is_empty());
        many.tries.insert("notice 1".to_owned(), 4);
        assert_eq!(many.differences(&state(&["a"])).len(), 1);
    }
}
