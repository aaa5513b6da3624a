//! The checker: a pure function over a stored run. It never talks to the mesh, so that a finding can be looked at again
//! years later from its directory alone.
//!
//! # What a run leaves behind
//!
//! ```text
//! history.jsonl            what the actors asked and were told, what the nemesis broke (this file's language is below)
//! provider.jsonl           what the fake providers received, see "Provider log"
//! logs/<process>.log       standard output and error of each process
//! views/start/*.jsonl      the contract views before the first actor: taken as given (optional: nothing existed)
//! views/at-<n>/*.jsonl     the same during the run, also while something is broken
//! views/final/*.jsonl      the same after quiescence
//! views/restored/*.jsonl   the same of a backup that was restored (optional)
//! meta.json                seed, versions, scenario (copied into the report); `began`: RFC 3339 time of t_ns 0
//! ```
//!
//! # Operations
//!
//! Every line of an actor has `op`, the id of the operation, and `try`. One `invoke` a try, and exactly one completion
//! with the same `op` and `try`. **The op id is the request's `X-Request-Id`**, on every try, and its `Idempotency-Key`
//! unless `v.idem` says another; `[A-Za-z0-9_.-]`, at most 100 characters.
//!
//! `ok`: 2xx. `fail`: a definite no (400–422 but 409 idempotency, 429, 503 with `X-Outcome: not-executed`). `info`:
//! nobody knows (timeout, reset, 5xx, 409 while the first one runs). A connection that was refused is a `fail` with
//! status 0. A `fail` has `v.reason`, the problem's `reason`.
//! Field `http` is the status, `err` how no answer came (`timeout`, `reset`, …). Every completion may have `v.ms` and
//! `v.budget_ms`: what the client waited, and would have at most. A replayed answer has `v.replayed: true`.
//!
//! `err: "gave_up"` says that the client went away on purpose.
//!
//! Money in paisa, quantities in thousandths of the sale unit, ids as the API shows them.
//!
//! Each line: `f`; what `v` has when it is asked → what `v` has when it is acknowledged. *Italics* may be missing.
//!
//! * `vendor`: `code`, `phone` → `vendor`
//! * `account`: `code`, `phone`, `limit_paisa` → `retailer`, `version`
//! * `offer`: `vendor`, `sku`, `price_paisa`, *`vat_bp`*
//! * `stock`: `vendor`, `sku`, `delta_milli` or `counted_milli` → `on_hand_milli`, `reserved_milli`; the reason in the
//!   request is the op id
//! * `order`: `retailer`, `lines: [[sku, quantity_milli], …]`, *`idem`*, *`quote_id`* → `order_id`, `number`, `status`,
//!   `version`, `total_paisa`, `settled`
//! * `accept`, `decline`, `assign`, `pack`, `dispatch`, `send_out`, `deliver`, `complete`, `cancel` (all by REST):
//!   `order` (its id), *`vendor`*, *`reason`* → `order_id`, `status`, `version`
//! * `payment`: `retailer`, `amount_paisa`, `method`, `reference` (the op id) → `payment_id`, *`entry_id`*
//! * `limit`: `retailer`, `limit_paisa` → `version`, `limit_paisa`, `owed_paisa`, `held_paisa`
//! * `block`, `unblock`: `retailer` → `version`
//! * `message` (a signed webhook): `prov` (`meta`, `twilio`), `mid`, `phone` (E.164), `text`, `intent`, *`lines`*,
//!   *`of`*, *`order`*, *`party`*
//! * `dup` (the provider delivers again): `prov`, `mid`, `phone`, `of` (the first op)
//! * `twin` (the same id with another text): `prov`, `mid`, `phone`, `text`, `of`
//! * `forged` (a wrong signature): `prov`, `mid`; never acknowledged, 401 or 403
//! * `replay` (same key, same body, after an acknowledgement): `of`, `kind` (its f), `idem` → as the first, `replayed`
//! * `reuse` (same key, other body, after an acknowledgement): `of`, `kind`, `idem`; refused with 422
//! * `garbage` (a bad request of any kind): `what`; refused
//! * `get_order`, `find_order`: `order` → `order_id`, `status`, `version`, `total_paisa`, *`invoice_number`*
//! * `get_account`: `retailer` → `retailer`, `version`, `limit_paisa`, `owed_paisa`, `held_paisa`, *`state`*
//! * `get_stock`: `vendor`, `sku` → `on_hand_milli`, `reserved_milli`
//! * `foreign` (a scoped key asks for another's thing): `what`, `id`; refused with 403 or 404
//! * any other: counted, never judged
//!
//! `intent` of a message: `list` (has `lines: [[sku, quantity_milli], …]`, what an order of it must contain), `confirm`
//! (`of`: op of the list it confirms), `cancel`, `accept`, `decline`, `pack`, `dispatch`, `send_out`, `deliver`,
//! `complete` (with `order`: id), `status`, `balance`, `garbage`. `party`: retailer or vendor id of the phone.
//! A 2xx of a webhook is `ok` and means: durable, will have exactly one outcome.
//!
//! # Faults and marks
//!
//! `fault`/`heal` have `v.id`, the same for both; a fault without `heal` lasts an instant. `v.svc` says what it hit.
//! What fails within 10 s after the end of a window is excused. Fault kinds (`f`): `kill`, `stop`, `term`,
//! `pg_kill`, `pg_terminate`, `pg_lock`, `redis_kill`, `redis_flush`, `redis_stop`, `net_…`, `provider_…`,
//! `statement_kill`, `reply_lost`, `disk_full`, `clock_jump` (`seconds`), `call_twice`,
//! `call_lost`.
//!
//! Marks, all by `run`:
//!
//! * `snapshot`: `label`, *`after`* (number of the last history line before the snapshot began)
//! * `baseline`, `resources`: `processes: {name: {rss_kb, fds}}`, `sessions`, `idle_in_transaction`; taken before the
//!   first actor and after quiescence
//! * `restarted`: `svc` (what was broken), `role` (who serves again), `ms`, `budget_ms`: serving again after a fault
//! * `exit`: `svc`, `planned` (whether the nemesis did it), `status`
//! * `calls`: `handled`, `repeated`, `processes`, `seconds`: calls inside the mesh by its own counters
//! * `backup`: `after` (number of the last history line before it began), *`at`* (`rest`: taken after `views/final`)
//! * `not_restored`: `error`: the backup could not be restored, or none be taken at rest
//! * `quiescent`: `waited_ms`, `budget_ms`
//! * `not_quiescent`: `waited_ms`, `budget_ms`, `pending`
//! * any other: not judged
//!
//! # Provider log
//!
//! `provider.jsonl`, a line for each send request that reached a fake: `t_ns`, `prov`, `to` (E.164), `text`, `ref` (id
//! that the fake gave it, empty when it gave none), `notice` (Meta's `biz_opaque_callback_data`; empty for Twilio),
//! `verdict`: `accepted` (the recipient has it; also when the answer was withheld, then `lost: true`) or anything else
//! (refused). A line with `verdict: "status"` is a report sent to us and not judged.
//!
//! # Personal data
//!
//! `meta.json` may have `phones: [E.164, …]` and `secrets: [text, …]`: none of them may occur in a log. Phones of
//! `vendor`, `account` and `message` operations are added.

use std::path::{Path, PathBuf};

mod calls;
mod credit;
mod effects;
mod facts;
mod idempotency;
mod index;
pub(crate) mod input;
mod intake;
mod ledger;
mod liveness;
mod logs;
mod machine;
mod matrix;
mod notices;
mod once;
mod ops;
mod orphans;
mod phantoms;
mod reads;
mod recovery;
mod registry;
mod restored;
mod snapshots;
mod sometimes;
mod stock;
#[cfg(test)]
mod tests;
mod verdict;

pub use verdict::{Counter, Finding, KEPT, Recovery, Standing, Totals, Verdict, Violation};

use crate::history::Phase;
use facts::Facts;
use input::Run;
use ops::{Known, Ops};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Directory of a run.
    dir: PathBuf,
}

/// Checks a stored run, prints the report, and writes `verdict.json` and `report.md` into its directory; the answer
/// is whether no invariant was broken.
///
/// # Errors
/// When the run cannot be read or the report cannot be written.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let verdict = check_dir(&args.dir).await?;
    println!("{}", crate::report::summary(&verdict));
    println!("report: {}", args.dir.join("report.md").display());
    Ok(verdict.held)
}

/// Checks a stored run and writes `verdict.json` and `report.md` into its directory.
///
/// # Errors
/// When the run cannot be read or the report cannot be written.
pub async fn check_dir(dir: &Path) -> anyhow::Result<Verdict> {
    let dir = dir.to_owned();
    // hundreds of megabytes of logs and rows may have to be read
    tokio::task::spawn_blocking(move || check(&dir)).await?
}

fn check(dir: &Path) -> anyhow::Result<Verdict> {
    let run = Run::read(dir)?;
    let verdict = judge(&run);
    std::fs::write(dir.join("verdict.json"), serde_json::to_vec_pretty(&verdict)?)?;
    std::fs::write(dir.join("report.md"), crate::report::markdown(&run, &verdict))?;
    Ok(verdict)
}

/// The verdict on a run.
pub(crate) fn judge(run: &Run) -> Verdict {
    let facts = Facts::of(run);
    let (findings, violations) = registry::judge(&facts);
    Verdict {
        held: findings
            .iter()
            .all(|finding| finding.standing != Standing::Violated),
        totals: totals(run, &facts.ops),
        findings,
        violations,
        sometimes: sometimes::count(&facts),
        recoveries: recovery::all(&facts),
        selftest: ops::text(&run.meta, "selftest").to_owned(),
    }
}

fn totals(run: &Run, ops: &Ops<'_>) -> Totals {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let known = |wanted: Known| number(ops.all.iter().filter(|op| op.known() == wanted).count());
    let faults = run
        .history
        .iter()
        .filter(|event| event.ph == Phase::Fault)
        .count();
    Totals {
        operations: number(ops.all.len()),
        acknowledged: known(Known::Yes),
        refused: known(Known::No),
        unknown: known(Known::Maybe),
        faults: number(faults),
        snapshots: number(run.snaps.len() + 1),
        orders: number(run.last.orders.len()),
        took_ms: run.history.last().map_or(0, |event| event.t_ns / 1_000_000),
    }
}

/// What a report says about an invariant: whose rows it looks at, and whether it is about time.
pub(crate) fn about(invariant: &str) -> (&'static str, bool) {
    registry::named(invariant).map_or(("", false), |rule| {
        (rule.owner, rule.kind == registry::Kind::Liveness)
    })
}
