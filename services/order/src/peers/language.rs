use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as credit;
use khaacho_proto::credit::v1::account_service_client::AccountServiceClient;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::vendor_service_client::VendorServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;
use crate::domain::language::Language;

impl Peers {
    /// Sets the language of an account. The same request sets it once, whatever was set since.
    pub async fn set_language(
        &self,
        ctx: &Ctx,
        request_id: String,
        account_id: &str,
        language: Language,
    ) -> Result<(), Fault> {
        let asked = credit::SetLanguageRequest {
            request_id,
            account: account_id.to_owned(),
            language: language.number(),
        };
        AccountServiceClient::new(self.credit.clone())
            .set_language(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Sets the language of a vendor, likewise.
    pub async fn set_vendor_language(
        &self,
        ctx: &Ctx,
        request_id: String,
        vendor_id: &str,
        language: Language,
    ) -> Result<(), Fault> {
        let asked = inventory::SetVendorLanguageRequest {
            request_id,
            vendor: vendor_id.to_owned(),
            language: language.number(),
        };
        VendorServiceClient::new(self.inventory.clone())
            .set_vendor_language(ctx.outgoing(asked))
            .await?;
        Ok(())
    }
}
