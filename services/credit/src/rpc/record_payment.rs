use khaacho_durable::run;
use khaacho_fault::Fault;
use khaacho_ids::{AccountId, PaymentId};
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::record_payment::RecordPayment;
use crate::domain::{AMOUNT_MAX, Method};
use crate::measures;

pub(super) async fn record_payment(
    rpc: &Rpc,
    request: Request<pb::RecordPaymentRequest>,
) -> Answer<pb::RecordPaymentResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let account = body.account_id.clone();
    let payment = parse(body)?;
    let account_id = rpc.account(&ctx, "account_id", &account).await?.account_id;
    let done = run(&rpc.door, &ctx, payment(account_id)).await?;
    let recorded = done.reply;
    measures::paid(!done.replayed, recorded.payment.method.as_str());
    let balance = render::balance(&recorded.balance);
    let payment = render::payment(recorded.payment);
    Ok(Response::new(pb::RecordPaymentResponse {
        payment: Some(payment),
        balance: Some(balance),
    }))
}

/// The command, but for the account.
fn parse(body: pb::RecordPaymentRequest) -> Result<impl FnOnce(AccountId) -> RecordPayment, Fault> {
    let mut fields = Fields::default();
    let amount = fields.paisa("amount_paisa", body.amount_paisa, 1..=AMOUNT_MAX.paisa());
    let reference = fields.text("reference", &body.reference, 0..=64);
    let received_at = body.received_at.and_then(|time| fields.time("received_at", time));
    let method = match pb::PaymentMethod::try_from(body.method) {
        Ok(pb::PaymentMethod::Cash) => Some(Method::Cash),
        Ok(pb::PaymentMethod::BankTransfer) => Some(Method::BankTransfer),
        Ok(pb::PaymentMethod::MobileMoney) => Some(Method::MobileMoney),
        Ok(pb::PaymentMethod::Cheque) => Some(Method::Cheque),
        Ok(pb::PaymentMethod::Unspecified) | Err(_) => None,
    };
    let Some(method) = method else {
        fields.wrong("method", "must be CASH, BANK_TRANSFER, MOBILE_MONEY or CHEQUE");
        return Err(fields.fault());
    };
    if method != Method::Cash && reference.is_empty() {
        fields.wrong("reference", "is mandatory except for cash");
    }
    fields.finish()?;
    Ok(move |account_id| RecordPayment {
        payment_id: PaymentId::generate(),
        account_id,
        amount,
        method,
        reference,
        received_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(method: pb::PaymentMethod, reference: &str, amount_paisa: i64) -> Vec<String> {
        let body = pb::RecordPaymentRequest {
            method: method.into(),
            reference: reference.to_owned(),
            amount_paisa,
            ..pb::RecordPaymentRequest::default()
        };
        match parse(body) {
            Ok(_) => Vec::new(),
            Err(fault) => fault
                .violations()
                .iter()
                .map(|violation| violation.field.clone())
                .collect(),
        }
    }

    #[test]
    fn only_cash_needs_no_reference() {
        assert!(violations(pb::PaymentMethod::Cash, "", 1).is_empty());
        assert_eq!(violations(pb::PaymentMethod::Cheque, " ", 1), ["reference"]);
        assert_eq!(
            violations(pb::PaymentMethod::Unspecified, "", 0),
            ["amount_paisa", "method"]
        );
    }
}
