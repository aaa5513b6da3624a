use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::offer_service_client::OfferServiceClient;
use khaacho_proto::inventory::v1::stock_service_client::StockServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;
use crate::domain::vendor_update::Shown;

/// A vendor's offer of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnOffer {
    /// Price, stock and terms.
    pub shown: Shown,
    /// Whether it is offered now.
    pub active: bool,
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
            shown: Shown {
                price_paisa: offer.price_paisa,
                on_hand_milli: offer.on_hand_milli,
                lead_time_days: offer.lead_time_days,
                minimum_quantity: offer.minimum_quantity,
            },
            active: offer.active,
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
        terms: &Shown,
    ) -> Result<(), Fault> {
        let asked = inventory::SetOfferRequest {
            request_id,
            vendor_id: vendor_id.to_owned(),
            sku: sku.to_owned(),
            price_paisa,
            lead_time_days: terms.lead_time_days,
            minimum_quantity: terms.minimum_quantity,
            withdrawn: false,
        };
        OfferServiceClient::new(self.inventory.clone())
            .set_offer(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Adds to the stock on hand, or takes from it; the stock afterwards, thousandths of the sale unit.
    pub async fn move_stock(
        &self,
        ctx: &Ctx,
        request_id: String,
        vendor_id: &str,
        sku: &str,
        difference_milli: i64,
        reason: &str,
    ) -> Result<i64, Fault> {
        let asked = inventory::AdjustStockRequest {
            request_id,
            vendor_id: vendor_id.to_owned(),
            sku: sku.to_owned(),
            delta_milli: difference_milli,
            reason: reason.to_owned(),
            ..Default::default()
        };
        let moved = StockServiceClient::new(self.inventory.clone())
            .adjust_stock(ctx.outgoing(asked))
            .await?
            .into_inner();
        let offer = moved
            .offer
            .ok_or_else(|| Fault::bug("a stock reply without an offer"))?;
        Ok(offer.on_hand_milli)
    }
}
