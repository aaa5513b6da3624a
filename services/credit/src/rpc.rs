//! The four gRPC services: parse, run, render. One line a method, one file a verb.

mod block_account;
mod check_credit;
mod explain_credit;
mod fields;
mod find_party;
mod get_account;
mod get_balance;
mod list_accounts;
mod list_entries;
mod list_payments;
mod open_account;
mod page;
mod place_hold;
mod post_hold;
mod record_payment;
mod refusal;
mod release_hold;
pub(crate) mod render;
mod set_language;
mod set_limit;
mod unblock_account;

use khaacho_durable::Door;
use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;
use khaacho_proto::credit::v1::account_service_server::AccountService;
use khaacho_proto::credit::v1::hold_service_server::HoldService;
use khaacho_proto::credit::v1::ledger_service_server::LedgerService;
use khaacho_proto::credit::v1::payment_service_server::PaymentService;
use khaacho_rpc::{Answer, Ctx};
use tonic::{Request, async_trait};

use crate::domain::{Profile, Refusal};
use crate::parties::Parties;
use crate::store::get_account::Standings;

/// What every handler needs.
#[derive(Clone)]
pub(crate) struct Rpc {
    pub(crate) door: Door,
    pub(crate) parties: Parties,
    pub(crate) standings: Standings,
}

impl Rpc {
    /// The account that a request names by id or code, if the caller may see it. Somebody else's account does not
    /// exist.
    async fn account(&self, ctx: &Ctx, field: &'static str, reference: &str) -> Result<Profile, Fault> {
        let reference = reference.trim();
        if reference.is_empty() {
            return Err(Fault::invalid(field, "is mandatory: an account's id or code"));
        }
        let profile = match reference.parse() {
            Ok(account_id) => self.parties.by_id(account_id).await?,
            Err(_) => match fields::code(reference) {
                Some(code) => self.parties.by_code(&code).await?,
                None => None,
            },
        };
        profile
            .filter(|profile| ctx.principal().owns_account(&profile.account_id.to_string()))
            .ok_or_else(|| Refusal::AccountUnknown.into())
    }
}

#[async_trait]
impl AccountService for Rpc {
    async fn open_account(
        &self,
        request: Request<pb::OpenAccountRequest>,
    ) -> Answer<pb::OpenAccountResponse> {
        open_account::open_account(self, request).await
    }

    async fn get_account(&self, request: Request<pb::GetAccountRequest>) -> Answer<pb::GetAccountResponse> {
        get_account::get_account(self, request).await
    }

    async fn list_accounts(
        &self,
        request: Request<pb::ListAccountsRequest>,
    ) -> Answer<pb::ListAccountsResponse> {
        list_accounts::list_accounts(self, request).await
    }

    async fn find_party(&self, request: Request<pb::FindPartyRequest>) -> Answer<pb::FindPartyResponse> {
        find_party::find_party(self, request).await
    }

    async fn set_limit(&self, request: Request<pb::SetLimitRequest>) -> Answer<pb::SetLimitResponse> {
        set_limit::set_limit(self, request).await
    }

    async fn set_language(
        &self,
        request: Request<pb::SetLanguageRequest>,
    ) -> Answer<pb::SetLanguageResponse> {
        set_language::set_language(self, request).await
    }

    async fn block_account(
        &self,
        request: Request<pb::BlockAccountRequest>,
    ) -> Answer<pb::BlockAccountResponse> {
        block_account::block_account(self, request).await
    }

    async fn unblock_account(
        &self,
        request: Request<pb::UnblockAccountRequest>,
    ) -> Answer<pb::UnblockAccountResponse> {
        unblock_account::unblock_account(self, request).await
    }
}

#[async_trait]
impl HoldService for Rpc {
    async fn check_credit(
        &self,
        request: Request<pb::CheckCreditRequest>,
    ) -> Answer<pb::CheckCreditResponse> {
        check_credit::check_credit(self, request).await
    }

    async fn place_hold(&self, request: Request<pb::PlaceHoldRequest>) -> Answer<pb::PlaceHoldResponse> {
        place_hold::place_hold(self, request).await
    }

    async fn post_hold(&self, request: Request<pb::PostHoldRequest>) -> Answer<pb::PostHoldResponse> {
        post_hold::post_hold(self, request).await
    }

    async fn release_hold(
        &self,
        request: Request<pb::ReleaseHoldRequest>,
    ) -> Answer<pb::ReleaseHoldResponse> {
        release_hold::release_hold(self, request).await
    }
}

#[async_trait]
impl LedgerService for Rpc {
    async fn list_entries(
        &self,
        request: Request<pb::ListEntriesRequest>,
    ) -> Answer<pb::ListEntriesResponse> {
        list_entries::list_entries(self, request).await
    }

    async fn get_balance(&self, request: Request<pb::GetBalanceRequest>) -> Answer<pb::GetBalanceResponse> {
        get_balance::get_balance(self, request).await
    }

    async fn explain_credit(
        &self,
        request: Request<pb::ExplainCreditRequest>,
    ) -> Answer<pb::ExplainCreditResponse> {
        explain_credit::explain_credit(self, request).await
    }
}

#[async_trait]
impl PaymentService for Rpc {
    async fn record_payment(
        &self,
        request: Request<pb::RecordPaymentRequest>,
    ) -> Answer<pb::RecordPaymentResponse> {
        record_payment::record_payment(self, request).await
    }

    async fn list_payments(
        &self,
        request: Request<pb::ListPaymentsRequest>,
    ) -> Answer<pb::ListPaymentsResponse> {
        list_payments::list_payments(self, request).await
    }
}
