use khaacho_durable::run;
use khaacho_fault::Fault;
use khaacho_phone::Phone;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, Ctx, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::Profile;
use crate::domain::link_identity::LinkIdentity;

const USER_ID_CHARS_MAX: usize = 128;

pub(super) async fn find_party(
    rpc: &Rpc,
    request: Request<pb::FindPartyRequest>,
) -> Answer<pb::FindPartyResponse> {
    let (ctx, body) = open(request)?;
    let mut fields = Fields::default();
    let user_id = fields.text("user_id", &body.user_id, 0..=USER_ID_CHARS_MAX);
    if body.phone.trim().is_empty() && user_id.is_empty() {
        fields.wrong("phone", "a phone or a user id is needed");
    }
    fields.finish()?;
    let profile = find(rpc, &ctx, &body.phone, &user_id).await?;
    let account = profile.map(render::party);
    Ok(Response::new(pb::FindPartyResponse {
        found: account.is_some(),
        account,
    }))
}

/// The phone counts first: an operator registered it. A text that is no phone belongs to nobody.
async fn find(rpc: &Rpc, ctx: &Ctx, phone: &str, user_id: &str) -> Result<Option<Profile>, Fault> {
    if let Ok(phone) = Phone::parse(phone)
        && let Some(profile) = rpc.parties.by_phone(phone.as_str()).await?
    {
        learn(rpc, ctx, &profile, user_id).await;
        return Ok(Some(profile));
    }
    if user_id.is_empty() {
        Ok(None)
    } else {
        rpc.parties.by_user(user_id).await
    }
}

/// Remembers an id that came together with a known phone: the next message may carry only the id.
async fn learn(rpc: &Rpc, ctx: &Ctx, profile: &Profile, user_id: &str) {
    if user_id.is_empty() || profile.user_ids.iter().any(|known| known == user_id) {
        return;
    }
    match link(rpc, ctx, profile, user_id).await {
        Ok(()) => {}
        // the party was found all the same, and the next message tries again
        Err(fault) => {
            tracing::warn!(account.id = %profile.account_id, error = ?fault, "could not link a user id")
        }
    }
}

async fn link(rpc: &Rpc, ctx: &Ctx, profile: &Profile, user_id: &str) -> Result<(), Fault> {
    if rpc.parties.by_user(user_id).await?.is_some() {
        return Ok(());
    }
    let command = LinkIdentity {
        account_id: profile.account_id,
        user_id: user_id.to_owned(),
    };
    run(&rpc.door, ctx, command).await?;
    let mut linked = profile.clone();
    linked.user_ids.push(user_id.to_owned());
    rpc.parties.forget(&linked).await;
    Ok(())
}
