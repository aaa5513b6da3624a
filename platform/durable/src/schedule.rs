use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_pg::in_tx;
use uuid::Uuid;

use crate::door::Door;
use crate::job::NewJob;
use crate::runner::{LEASE, interval};

/// Work that comes back: one job per time slot, whoever ticks.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Kind of the job; its body is the slot's time.
    pub kind: &'static str,
    /// Length of a slot.
    pub every: Duration,
}

impl Schedule {
    /// The slot that `now` falls into, counted from the epoch.
    fn slot(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let every = i64::try_from(self.every.as_secs().max(1)).unwrap_or(i64::MAX);
        let seconds = now.timestamp() - now.timestamp().rem_euclid(every);
        DateTime::from_timestamp(seconds, 0).expect("earlier than now")
    }

    /// Enqueues the job of the present slot unless somebody has. Slots that were slept through are not made up for:
    /// such work looks at the whole state each time.
    pub(crate) async fn tick(self, door: &Door) -> Result<(), Fault> {
        let slot = self.slot(door.clock().now());
        let job = NewJob::new(self.kind, &slot)?;
        let (take, enqueue) = (door.sql().take_slot, door.sql().enqueue);
        let trace = khaacho_telemetry::Trace::new_root().traceparent();
        let taken = in_tx(door.db(), move |conn| {
            Box::pin(async move {
                let taken = sqlx::query(take)
                    .bind(self.kind)
                    .bind(slot)
                    .execute(&mut *conn)
                    .await?;
                if taken.rows_affected() == 0 {
                    return Ok(false);
                }
                sqlx::query(enqueue)
                    .bind(vec![job.id])
                    .bind(vec![job.kind])
                    .bind(vec![None::<String>])
                    .bind(vec![Some(format!("schedule {}", self.kind))])
                    .bind(vec![job.body])
                    .bind(vec![false])
                    .bind(vec![slot])
                    .bind(vec![format!("schedule {}", self.kind)])
                    .bind(vec![trace])
                    .bind(interval(LEASE))
                    .bind(vec![None::<Uuid>])
                    .execute(&mut *conn)
                    .await?;
                Ok(true)
            })
        })
        .await?;
        if taken {
            door.ring();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_aligned_to_the_epoch() {
        let hourly = Schedule {
            kind: "x",
            every: Duration::from_secs(3600),
        };
        let now = DateTime::from_timestamp(1_800_001_234, 5).expect("valid");
        assert_eq!(hourly.slot(now).timestamp() % 3600, 0);
        assert!(hourly.slot(now) <= now);
    }
}
