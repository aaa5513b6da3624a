use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::offer_service_client::OfferServiceClient;
use khaacho_proto::inventory::v1::stock_service_client::StockServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;

/// What a vendor offers of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOffer {
    /// Price of a sale unit without VAT, in paisa.
    pub price_paisa: i64,
    /// Stock on hand, thousandths of the sale unit.
    pub on_hand_milli: i64,
    /// Whether it is offered now.
    pub active: bool,
    lead_time_days: u32,
    minimum_quantity: u32,
}

impl Peers {
    /// A vendor's offer of a product; `None` when there never was one.
    pub async fn offer(&self, ctx: &Ctx, vendor_id: &str, sku: &str) -> Result<Option<OwnOffer>, Fault> {
        let asked = inventory::ListOffersRequest {
            vendor_id: vendor_id.to_owned(),
            sku: sku.to_owned(),
            ..Default::default()
        };
        let found = OfferServiceClient::new(self.inventory.clone())
            .list_offers(ctx.outgoing(asked))
            .await?
            .into_inner();
        let own = |offer: inventory::Offer| OwnOffer {
            price_paisa: offer.price_paisa,
            on_hand_milli: offer.on_hand_milli,
            active: offer.active,
            lead_time_days: offer.lead_time_days,
            minimum_quantity: offer.minimum_quantity,
        };
        Ok(found.offers.into_iter().next().map(own))
    }

    /// Sets the price of a product that is offered; its terms stay.
    pub async fn set_price(
        &self,
        ctx: &Ctx,
        request_id: String,
        vendor_id: &str,
        sku: &str,
        price_paisa: i64,
        offer: &OwnOffer,
    ) -> Result<(), Fault> {
        let asked = inventory::SetOfferRequest {
            request_id,
            vendor_id: vendor_id.to_owned(),
            sku: sku.to_owned(),
            price_paisa,
            lead_time_days: offer.lead_time_days,
            minimum_quantity: offer.minimum_quantity,
            withdrawn: false,
        };
        OfferServiceClient::new(self.inventory.clone())
            .set_offer(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Sets the stock on hand to what was counted.
    pub async fn count_stock(
        &self,
        ctx: &Ctx,
        request_id: String,
        vendor_id: &str,
        sku: &str,
        counted_milli: i64,
        reason: &str,
    ) -> Result<(), Fault> {
        let asked = inventory::AdjustStockRequest {
            request_id,
            vendor_id: vendor_id.to_owned(),
            sku: sku.to_owned(),
            counted: true,
            counted_milli,
            reason: reason.to_owned(),
            ..Default::default()
        };
        StockServiceClient::new(self.inventory.clone())
            .adjust_stock(ctx.outgoing(asked))
            .await?;
        Ok(())
    }
}
