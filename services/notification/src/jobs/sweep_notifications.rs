//! Every notification ends: what is overdue is settled, reports that came too early are matched, lines without a job get
//! one, and what is left is counted.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use khaacho_durable::{Finished, JobKind, JobRun, run};
use khaacho_fault::Fault;

use super::count;
use crate::config::Config;
use crate::domain::Provider;
use crate::domain::receive_status::ReceiveStatus;
use crate::domain::revive_lines::ReviveLines;
use crate::domain::settle_overdue::SettleOverdue;
use crate::store::late_reports::late_reports;
use crate::store::settle_overdue::{BATCH, unresolved};

/// Kind of the job.
pub(super) const KIND: &str = "sweep_notifications";
/// How often.
pub(super) const EVERY: Duration = Duration::from_secs(30);
/// Batches of one sweep; the next sweep goes on.
const BATCHES_MAX: usize = 50;
/// Reports that nobody can match are looked at for this long.
const LATE_FOR: TimeDelta = TimeDelta::hours(24);

pub(super) fn kind(config: &Config) -> JobKind {
    let (reporting, templates_at) = (config.reporting(), config.templates_at());
    JobKind::new(KIND, move |job| {
        sweep(job, reporting.clone(), templates_at.clone())
    })
}

async fn sweep(
    job: Arc<JobRun>,
    reporting: Vec<Provider>,
    templates_at: Vec<Provider>,
) -> Result<Finished, Fault> {
    let door = job.door();
    let pool = door.db().pool();
    // First, because a report may say that an overdue message has arrived.
    let reports = late_reports(pool, door.clock().now() - LATE_FOR).await?;
    if !reports.is_empty() {
        let receive = ReceiveStatus {
            reports,
            templates_at,
        };
        count(&run(door, job.ctx(), receive).await?.reply.moved);
    }
    for _ in 0..BATCHES_MAX {
        let settle = SettleOverdue {
            reporting: reporting.clone(),
            queue: None,
        };
        let moved = run(door, job.ctx(), settle).await?.reply;
        count(&moved);
        if moved.len() < BATCH {
            break;
        }
    }
    let revived = run(door, job.ctx(), ReviveLines {}).await?.reply;
    if revived > 0 {
        metrics::counter!("notification_lines_revived_total").increment(revived as u64);
        tracing::warn!(
            lines = revived,
            "messages waited and nobody came for them; their lines have jobs again"
        );
    }
    let left = unresolved(pool, &reporting).await?;
    metrics::gauge!("notifications_unresolved").set(left as f64);
    job.finish().await
}
