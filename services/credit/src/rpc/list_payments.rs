use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, Ctx, open};
use tonic::{Request, Response};

use super::{Rpc, page, render};
use crate::store::list_payments;

pub(super) async fn list_payments(
    rpc: &Rpc,
    request: Request<pb::ListPaymentsRequest>,
) -> Answer<pb::ListPaymentsResponse> {
    let (ctx, body) = open(request)?;
    let (size, below) = (page::size(body.page_size)?, page::place(&body.page_token)?);
    let account_id = filter(rpc, &ctx, &body.account_id).await?;
    let pool = rpc.door.db().pool();
    let mut payments = list_payments::page(pool, account_id, below, page::limit(size)).await?;
    let token = |payment: &_| page::place_token(list_payments::place(payment));
    let next_page_token = page::cut(&mut payments, size, token);
    let payments = payments.into_iter().map(render::payment).collect();
    Ok(Response::new(pb::ListPaymentsResponse {
        payments,
        next_page_token,
    }))
}

/// Whose payments: of the account that was asked for, of a shop's own one, of all for everybody else.
async fn filter(rpc: &Rpc, ctx: &Ctx, account: &str) -> Result<Option<AccountId>, Fault> {
    let asked = match (account.trim(), ctx.principal().own_account()) {
        ("", None) => return Ok(None),
        ("", Some(own)) => own,
        (asked, _) => asked,
    };
    Ok(Some(rpc.account(ctx, "account_id", asked).await?.account_id))
}
