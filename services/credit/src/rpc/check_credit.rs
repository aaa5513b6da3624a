use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_money::Paisa;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::place_hold::why_not;
use crate::domain::{AMOUNT_MAX, Refusal};
use crate::store::check_credit::standing;

pub(super) async fn check_credit(
    rpc: &Rpc,
    request: Request<pb::CheckCreditRequest>,
) -> Answer<pb::CheckCreditResponse> {
    let (ctx, body) = open(request)?;
    let mut fields = Fields::default();
    let amount = fields.paisa("amount_paisa", body.amount_paisa, 0..=AMOUNT_MAX.paisa());
    let Some(account_id) = fields.id::<AccountId>("account_id", &body.account_id) else {
        return Err(fields.fault().into());
    };
    fields.finish()?;
    let found = standing(rpc.door.db().pool(), account_id).await?;
    let standing = found
        .filter(|_| ctx.principal().owns_account(&body.account_id))
        .ok_or_else(|| Fault::from(Refusal::AccountUnknown))?;
    let refusal = why_not(&standing, amount).map(Fault::from);
    let short = amount.paisa() - standing.balance.available().paisa();
    Ok(Response::new(pb::CheckCreditResponse {
        allowed: refusal.is_none(),
        balance: Some(render::balance(&standing.balance)),
        short_paisa: if refusal.is_some() {
            Paisa::new(short).max(Paisa::ZERO).paisa()
        } else {
            0
        },
        reason: refusal
            .as_ref()
            .map_or_else(String::new, |fault| fault.reason().to_owned()),
        block_reason: standing.state.block_reason().to_owned(),
    }))
}
