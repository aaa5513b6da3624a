use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, page, render};
use crate::store::list_accounts;

pub(super) async fn list_accounts(
    rpc: &Rpc,
    request: Request<pb::ListAccountsRequest>,
) -> Answer<pb::ListAccountsResponse> {
    let (ctx, body) = open(request)?;
    if ctx.principal().own_account().is_some() {
        return Err(Fault::forbidden().into());
    }
    let (size, after) = (page::size(body.page_size)?, page::code(&body.page_token)?);
    let state = match pb::AccountState::try_from(body.state) {
        Ok(pb::AccountState::Unspecified) => "",
        Ok(pb::AccountState::Active) => "ACTIVE",
        Ok(pb::AccountState::Blocked) => "BLOCKED",
        Err(_) => return Err(Fault::invalid("state", "is not a state of an account").into()),
    };
    let pool = rpc.door.db().pool();
    let mut accounts = list_accounts::page(pool, &after, state, page::limit(size)).await?;
    let next_page_token = page::cut(&mut accounts, size, |account| {
        page::code_token(&account.profile.code)
    });
    let accounts = accounts.into_iter().map(render::account).collect();
    Ok(Response::new(pb::ListAccountsResponse {
        accounts,
        next_page_token,
    }))
}
