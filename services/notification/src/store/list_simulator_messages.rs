use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use sqlx::types::Json;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::domain::message::Button;

const OF_PHONE: &str = "select seq, id, notification_id, phone, text, buttons, at, true as settled
    from notification.simulated_message where seq > $1 and phone = $3 order by seq limit $2";
const ALL: &str = "select seq, id, notification_id, phone, text, buttons, at,
        stored_at < clock_timestamp() - interval '5 seconds' as settled
    from notification.simulated_message where seq > $1 order by seq limit $2";

/// A message in the order of showing.
#[derive(Debug, FromRow)]
pub(crate) struct Shown {
    /// Place.
    pub(crate) seq: i64,
    /// The simulator's id.
    pub(crate) id: String,
    /// Our id.
    pub(crate) notification_id: Uuid,
    /// Whose phone.
    pub(crate) phone: String,
    /// Text.
    pub(crate) text: String,
    /// Buttons.
    pub(crate) buttons: Json<Vec<Button>>,
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// Whether every earlier place that will ever be taken is taken.
    settled: bool,
}

/// Messages after a place, oldest first, of one phone or of all.
pub(crate) async fn page(
    pool: &PgPool,
    phone: Option<&str>,
    after: i64,
    limit: i64,
) -> Result<Vec<Shown>, Fault> {
    let query = match phone {
        Some(phone) => sqlx::query_as(OF_PHONE).bind(after).bind(limit).bind(phone),
        None => sqlx::query_as(ALL).bind(after).bind(limit),
    };
    let rows: Vec<Shown> = query.fetch_all(pool).await?;
    Ok(match phone {
        // Messages to one phone are stored one after another.
        Some(_) => rows,
        None => without_gaps(rows, after),
    })
}

/// Places are given before the commit, so a reader can see 8 before 7. What stands behind a gap is shown once
/// the gap has had time to be filled (a transaction that rolled back leaves one for ever).
fn without_gaps(mut rows: Vec<Shown>, after: i64) -> Vec<Shown> {
    let mut last = after;
    let gap = rows.iter().position(|row| {
        let follows = row.seq == last + 1 || row.settled;
        last = row.seq;
        !follows
    });
    rows.truncate(gap.unwrap_or(rows.len()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(seq: i64, settled: bool) -> Shown {
        Shown {
            seq,
            id: String::new(),
            notification_id: Uuid::nil(),
            phone: String::new(),
            text: String::new(),
            buttons: Json(Vec::new()),
            at: DateTime::UNIX_EPOCH,
            settled,
        }
    }

    fn places(rows: Vec<Shown>, after: i64) -> Vec<i64> {
        without_gaps(rows, after).iter().map(|row| row.seq).collect()
    }

    #[test]
    fn nothing_is_shown_behind_a_fresh_gap() {
        assert_eq!(
            places(vec![shown(1, false), shown(2, false), shown(4, false)], 0),
            [1, 2]
        );
        assert_eq!(places(vec![shown(4, false)], 2), Vec::<i64>::new());
        assert_eq!(places(vec![shown(4, true), shown(5, false)], 2), [4, 5]);
    }
}
