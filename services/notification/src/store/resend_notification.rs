use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::FromRow;

use super::view::{attempts, view};
use super::{RecipientRow, queue, state};
use crate::domain::resend_notification::{Again, Ended, ResendNotification};
use crate::domain::view::View;

const LOCK: &str = "select state, provider, account, address, phone, user_id, queued_at, deadline_at
    from notification.notification where id = $1 for no key update";
const AGAIN: &str = "update notification.notification
    set state = 'QUEUED', provider_message_id = null, error_code = null, error_text = null,
        next_try_at = null,
        looks = 0, queued_at = $2, deadline_at = $3, resent_by = $4, updated_at = $2
    where id = $1";

#[derive(FromRow)]
struct Row {
    state: String,
    #[sqlx(flatten)]
    recipient: RecipientRow,
    queued_at: DateTime<Utc>,
    deadline_at: DateTime<Utc>,
}

impl Transact for ResendNotification {
    type Reply = View;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Ended>, Fault> {
        let row: Option<Row> = sqlx::query_as(LOCK)
            .bind(self.notification_id.uuid())
            .fetch_optional(tx.conn())
            .await?;
        let ended = |row: Row| {
            Ok(Ended {
                state: state(&row.state)?,
                recipient: row.recipient.try_into()?,
                queued_at: row.queued_at,
                deadline_at: row.deadline_at,
            })
        };
        row.map(ended).transpose()
    }

    async fn save(&self, again: Again, tx: &mut Tx) -> Result<View, Fault> {
        let (now, by) = (tx.now(), tx.ctx().principal().subject.clone());
        sqlx::query(AGAIN)
            .bind(self.notification_id.uuid())
            .bind(now)
            .bind(again.deadline_at)
            .bind(by)
            .execute(tx.conn())
            .await?;
        queue::add(tx, &tx.ctx().clone(), &again.recipient)?;
        let found = view(tx.conn(), self.notification_id).await?;
        let found = found.ok_or_else(|| Fault::bug("a locked notification is gone"))?;
        Ok(View {
            attempts: attempts(tx.conn(), self.notification_id).await?,
            ..found
        })
    }
}
