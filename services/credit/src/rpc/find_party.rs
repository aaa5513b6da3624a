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
    let profiles = find(rpc, &ctx, &body.phone, &user_id).await?;
    let accounts: Vec<_> = profiles.into_iter().map(render::party).collect();
    Ok(Response::new(pb::FindPartyResponse {
        found: !accounts.is_empty(),
        account: accounts.first().cloned(),
        accounts,
    }))
}

/// The phone counts first: an operator registered it. A text that is no phone belongs to nobody.
async fn find(rpc: &Rpc, ctx: &Ctx, phone: &str, user_id: &str) -> Result<Vec<Profile>, Fault> {
    if let Ok(phone) = Phone::parse(phone) {
        let profiles = rpc.parties.by_phone(phone.as_str()).await?;
        if !profiles.is_empty() {
            learn(rpc, ctx, &profiles, user_id).await;
            return Ok(profiles);
        }
    }
    if user_id.is_empty() {
        Ok(Vec::new())
    } else {
        rpc.parties.by_user(user_id).await
    }
}

/// Remembers an id that came together with a known phone: the next message may carry only the id.
async fn learn(rpc: &Rpc, ctx: &Ctx, profiles: &[Profile], user_id: &str) {
    let knows = |profile: &Profile| profile.user_ids.iter().any(|known| known == user_id);
    if user_id.is_empty() || profiles.iter().all(knows) {
        return;
    }
    match link(rpc, ctx, profiles, user_id).await {
        Ok(()) => {}
        // the party was found all the same, and the next message tries again
        Err(fault) => tracing::warn!(error = ?fault, "could not link a user id"),
    }
}

async fn link(rpc: &Rpc, ctx: &Ctx, profiles: &[Profile], user_id: &str) -> Result<(), Fault> {
    let account_ids: Vec<_> = profiles.iter().map(|profile| profile.account_id).collect();
    let linked = rpc.parties.by_user(user_id).await?;
    let elsewhere = |profile: &Profile| !account_ids.contains(&profile.account_id);
    if linked.iter().any(elsewhere) || linked.len() == account_ids.len() {
        return Ok(());
    }
    let command = LinkIdentity {
        account_ids,
        user_id: user_id.to_owned(),
    };
    run(&rpc.door, ctx, command).await?;
    for profile in profiles {
        let mut linked = profile.clone();
        linked.user_ids.push(user_id.to_owned());
        rpc.parties.forget(&linked).await;
    }
    Ok(())
}
