use khaacho_ids::{EntryId, HoldId, InvoiceId, OrderId, PaymentId};
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::Method;
use crate::domain::fiscal_year::nepal_day;
use crate::store::explain_credit::{Source, Told, story};

pub(super) async fn explain_credit(
    rpc: &Rpc,
    request: Request<pb::ExplainCreditRequest>,
) -> Answer<pb::ExplainCreditResponse> {
    let (_, body) = open(request)?;
    let mut fields = Fields::default();
    let Some(order_id) = fields.id::<OrderId>("order_id", &body.order_id) else {
        return Err(fields.fault().into());
    };
    let told = story(rpc.door.db().pool(), order_id).await?;
    let events = told.into_iter().map(event).collect();
    Ok(Response::new(pb::ExplainCreditResponse { events }))
}

fn event(told: Told) -> pb::CreditEvent {
    let (kind, id) = match told.source {
        Source::Placed | Source::Posted | Source::Released | Source::Tombstone => {
            ("hold", HoldId::from(told.id).to_string())
        }
        Source::Entry => ("ledger_entry", EntryId::from(told.id).to_string()),
        Source::Invoice => ("invoice", InvoiceId::from(told.id).to_string()),
        Source::Payment => ("payment", PaymentId::from(told.id).to_string()),
    };
    pb::CreditEvent {
        at: Some(render::time(told.at)),
        kind: kind.to_owned(),
        summary: summary(&told),
        id,
        cause_id: told.cause,
        trace_id: told.trace,
    }
}

fn summary(told: &Told) -> String {
    let Told {
        amount,
        other,
        note,
        detail,
        ..
    } = told;
    let because = if note.is_empty() {
        String::new()
    } else {
        format!(": {note}")
    };
    match told.source {
        Source::Placed => format!("held {amount} of {other} limit"),
        Source::Posted => format!("hold of {amount} became a debt of {other}"),
        Source::Released => format!("released {amount}{because}"),
        Source::Tombstone => format!("released before it was held{because}"),
        Source::Entry => format!("{note} posted: {amount}"),
        Source::Invoice => {
            let due = told
                .due_at
                .map_or_else(String::new, |at| format!(", due {}", nepal_day(at)));
            format!("invoice {note} of {amount}{due}, {other} open")
        }
        Source::Payment => {
            let how = match Method::parse(note) {
                Some(method) => method.words(),
                None => note.as_str(),
            };
            let reference = if detail.is_empty() {
                String::new()
            } else {
                format!(" {detail}")
            };
            format!("{amount} paid by {how}{reference}, part of {other}")
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use khaacho_money::Paisa;
    use uuid::Uuid;

    use super::*;

    fn told(source: Source, amount: i64, other: i64, note: &str, detail: &str) -> String {
        summary(&Told {
            source,
            at: DateTime::UNIX_EPOCH,
            id: Uuid::nil(),
            amount: Paisa::new(amount),
            other: Paisa::new(other),
            note: note.to_owned(),
            detail: detail.to_owned(),
            due_at: Some(DateTime::UNIX_EPOCH),
            cause: String::new(),
            trace: String::new(),
        })
    }

    #[test]
    fn an_order_tells_its_story_in_rupees() {
        assert_eq!(
            told(Source::Placed, 5_250_00, 50_000_00, "", ""),
            "held Rs 5,250 of Rs 50,000 limit"
        );
        assert_eq!(
            told(Source::Posted, 5_250_00, 5_000_00, "", ""),
            "hold of Rs 5,250 became a debt of Rs 5,000"
        );
        assert_eq!(
            told(Source::Released, 100, 0, "CANCELLED", ""),
            "released Rs 1: CANCELLED"
        );
        assert_eq!(
            told(Source::Tombstone, 0, 0, "", ""),
            "released before it was held"
        );
        assert_eq!(
            told(Source::Entry, 500, 0, "delivery", ""),
            "delivery posted: Rs 5"
        );
        let invoice = told(Source::Invoice, 500, 200, "INV8384-000042", "");
        assert_eq!(
            invoice,
            "invoice INV8384-000042 of Rs 5, due 1970-01-01, Rs 2 open"
        );
        let paid = told(Source::Payment, 300, 1000, "MOBILE_MONEY", "TX1");
        assert_eq!(paid, "Rs 3 paid by mobile money TX1, part of Rs 10");
    }
}
