//! The checker's invariants on the rows of one world. There is no history of what was asked: rules that need one have
//! nothing to look at.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::check::{self, input::Run};
use crate::history::{Event, Phase};
use crate::views::Views;

use super::state::Rows;

/// Invariants that hold of rows alone.
const OF_ROWS: [&str; 12] = [
    "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I17", "I18", "I22",
];

/// What is broken, a line each.
///
/// # Errors
/// When a row is not what the contract says.
pub(super) fn broken(rows: &Rows) -> anyhow::Result<Vec<String>> {
    let run = Run {
        history: vec![quiescent()],
        last: views(rows)?,
        ..Run::default()
    };
    let verdict = check::judge(&run);
    let ours = verdict
        .violations
        .iter()
        .filter(|it| OF_ROWS.contains(&it.invariant.as_str()));
    Ok(ours
        .map(|it| format!("{}: {}: {}", it.invariant, it.entity, it.message))
        .collect())
}

fn quiescent() -> Event {
    Event {
        i: 0,
        t_ns: 1,
        p: "run".to_owned(),
        ph: Phase::Mark,
        f: "quiescent".to_owned(),
        op: String::new(),
        attempt: 0,
        http: 0,
        v: json!({ "waited_ms": 0, "budget_ms": 1 }),
        err: String::new(),
    }
}

fn views(rows: &Rows) -> anyhow::Result<Views> {
    Ok(Views {
        label: "final".to_owned(),
        taken_at: None,
        inbound: of(rows, "inbound")?,
        orders: of(rows, "orders")?,
        order_line: of(rows, "order_line")?,
        order_status: of(rows, "order_status")?,
        account: of(rows, "account")?,
        account_event: of(rows, "account_event")?,
        hold: of(rows, "hold")?,
        entry: of(rows, "entry")?,
        line: of(rows, "line")?,
        invoice: of(rows, "invoice")?,
        payment: of(rows, "payment")?,
        allocation: of(rows, "allocation")?,
        stock: of(rows, "stock")?,
        stock_event: of(rows, "stock_event")?,
        reservation: of(rows, "reservation")?,
        reservation_line: of(rows, "reservation_line")?,
        assignment: of(rows, "assignment")?,
        notice: of(rows, "notice")?,
        attempt: of(rows, "attempt")?,
        idem: of(rows, "idem")?,
        job: of(rows, "job")?,
    })
}

fn of<T: DeserializeOwned>(rows: &Rows, view: &str) -> anyhow::Result<Vec<T>> {
    let found = rows.get(view).into_iter().flatten().cloned();
    found.map(|row: Value| Ok(serde_json::from_value(row)?)).collect()
}
