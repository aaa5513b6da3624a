use chrono::{DateTime, Utc};
use khaacho_durable::run;
use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, provider};
use crate::channels::without_phones;
use crate::domain::receive_status::{ReceiveStatus, Report};
use crate::jobs::count;

/// Updates of one request.
const UPDATES_MAX: usize = 100;
/// Longest id, status or code; providers' ids have up to about 100 characters.
const WORD_MAX: usize = 255;

pub(super) async fn receive_status(
    rpc: &Rpc,
    request: Request<pb::ReceiveStatusRequest>,
) -> Answer<pb::ReceiveStatusResponse> {
    let (ctx, body) = open(request)?;
    if body.updates.is_empty() || body.updates.len() > UPDATES_MAX {
        return Err(Fault::invalid("updates", format!("must be 1 to {UPDATES_MAX}")).into());
    }
    let reports = body.updates.into_iter().enumerate();
    let reports = reports.map(|(at, update)| report(update, &format!("updates[{at}]")));
    let receive = ReceiveStatus {
        reports: reports.collect::<Result<_, Fault>>()?,
        templates_at: rpc.config.templates_at(),
    };
    let received = run(&rpc.door, &ctx, receive).await?.reply;
    count(&received.moved);
    let told = |outcome: &'static str, count: u32| {
        metrics::counter!("notification_statuses_total", "outcome" => outcome).increment(count.into());
    };
    told("stored", received.stored);
    told("duplicate", received.duplicates);
    told("unmatched", received.unmatched);
    Ok(Response::new(pb::ReceiveStatusResponse {
        stored: received.stored,
        duplicates: received.duplicates,
        unmatched: received.unmatched,
    }))
}

fn report(update: pb::StatusUpdate, field: &str) -> Result<Report, Fault> {
    let provider_field = format!("{field}.provider");
    let provider = provider(update.provider, &provider_field)?;
    let provider = provider.ok_or_else(|| Fault::invalid(provider_field, "is mandatory"))?;
    let words = [
        ("account", &update.account, 0),
        ("provider_message_id", &update.provider_message_id, 1),
        ("status", &update.status, 1),
        ("raw_status", &update.raw_status, 0),
        ("error_code", &update.error_code, 0),
    ];
    for (name, word, min) in words {
        if word.len() < min || word.len() > WORD_MAX {
            let field = format!("{field}.{name}");
            return Err(Fault::invalid(
                field,
                format!("must have {min} to {WORD_MAX} bytes"),
            ));
        }
    }
    Ok(Report {
        provider,
        account: update.account,
        provider_message_id: update.provider_message_id,
        status: update.status,
        raw_status: update.raw_status,
        error_code: update.error_code,
        error_text: Some(without_phones(&update.error_text)).filter(|text| !text.is_empty()),
        // What came back may be anything: an id that is not ours matches nothing.
        notification_id: update.notification_id.parse().ok(),
        at: update.at.and_then(time),
    })
}

fn time(at: prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}
