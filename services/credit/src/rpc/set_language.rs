use khaacho_durable::run;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::Language;
use crate::domain::set_language::SetLanguage;

pub(super) async fn set_language(
    rpc: &Rpc,
    request: Request<pb::SetLanguageRequest>,
) -> Answer<pb::SetLanguageResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let language = language(body.language)?;
    let account_id = rpc.account(&ctx, "account", &body.account).await?.account_id;
    let command = SetLanguage { account_id, language };
    let account = run(&rpc.door, &ctx, command).await?.reply;
    rpc.parties.forget(&account.profile).await;
    Ok(Response::new(pb::SetLanguageResponse {
        account: Some(render::account(account)),
    }))
}

fn language(value: i32) -> Result<Language, khaacho_fault::Fault> {
    let mut fields = Fields::default();
    let language = fields.language("language", value);
    if language.is_none() && value == 0 {
        fields.wrong("language", "is mandatory");
    }
    match language {
        Some(language) => Ok(language),
        None => Err(fields.fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_needed_that_we_know() {
        assert_eq!(language(3).expect("known"), Language::NeLatn);
        for (wrong, told) in [(0, "is mandatory"), (9, "is not a language that we know")] {
            let fault = language(wrong).expect_err("a mistake");
            assert_eq!(fault.violations()[0].message, told);
        }
    }
}
