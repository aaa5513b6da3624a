//! Tells the shop that its payment was recorded.

use std::sync::Arc;

use khaacho_durable::{Finished, JobKind, JobRun};
use khaacho_fault::Fault;
use khaacho_ids::PaymentId;
use khaacho_money::Paisa;
use khaacho_proto::common::v1::Address;
use khaacho_proto::notification::v1::notification_service_client::NotificationServiceClient;
use khaacho_proto::notification::v1::{EnqueueRequest, Notice};
use khaacho_rpc::{MeshChannel, Peers};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::rpc::render;
use crate::store::payment_notice;

pub(crate) const KIND: &str = "notify_payment";
const TEMPLATE: &str = "payment_received";

/// No phone and no name in it: job rows are shown to operators.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    /// The payment.
    pub(crate) payment_id: PaymentId,
    /// What was owed after it.
    pub(crate) owed: Paisa,
}

pub(super) fn kind(peers: &Peers) -> JobKind {
    let client = NotificationServiceClient::new(peers.channel("notification"));
    JobKind::new(KIND, move |job| run(job, client.clone()))
}

async fn run(
    job: Arc<JobRun>,
    mut client: NotificationServiceClient<MeshChannel>,
) -> Result<Finished, Fault> {
    let body: Body = job.body()?;
    let notice = payment_notice::read(job.door().db().pool(), body.payment_id).await?;
    let data = json!({
        "amount_paisa": notice.amount.paisa(),
        "method": notice.method.as_str(),
        "owed_paisa": body.owed.paisa(),
    });
    let request = EnqueueRequest {
        notices: vec![Notice {
            // the payment names the message: a second attempt of this job sends nothing twice
            dedup_key: body.payment_id.to_string(),
            recipient: Some(Address {
                phone: notice.phone,
                ..Address::default()
            }),
            template: TEMPLATE.to_owned(),
            data_json: data.to_string(),
            language: render::language(notice.language).into(),
            order_id: String::new(),
        }],
    };
    client
        .enqueue(job.ctx().outgoing(request))
        .await
        .map_err(Fault::from)?;
    job.finish().await
}
