use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::credit::v1 as credit;
use khaacho_proto::credit::v1::hold_service_client::HoldServiceClient;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::quote_service_client::QuoteServiceClient;
use khaacho_rpc::Ctx;

use super::{Peers, vendor};
use crate::domain::Asked;
use crate::domain::quote::{CreditView, Market, Resolved, VendorBasket, VendorLine};

impl Peers {
    /// Prices a basket at all vendors.
    pub async fn market(&self, ctx: &Ctx, asked: &[Asked]) -> Result<Market, Fault> {
        let lines = asked
            .iter()
            .map(|a| inventory::AskedLine {
                sku: a.sku.clone(),
                quantity: a.quantity.clone(),
                unit: a.unit.clone(),
            })
            .collect();
        let request = ctx.outgoing(inventory::QuoteLinesRequest { lines });
        let found = QuoteServiceClient::new(self.inventory.clone())
            .quote_lines(request)
            .await?
            .into_inner();
        if found.lines.len() != asked.len() || found.vendors.iter().any(|v| v.lines.len() != asked.len()) {
            return Err(Fault::bug("the catalogue answered another number of lines"));
        }
        Ok(Market {
            lines: found.lines.into_iter().map(resolved).collect(),
            vendors: found.vendors.into_iter().filter_map(basket).collect(),
        })
    }

    /// What credit says about an order of this amount.
    pub async fn check_credit(
        &self,
        ctx: &Ctx,
        account_id: &str,
        amount: Paisa,
    ) -> Result<CreditView, Fault> {
        let asked = credit::CheckCreditRequest {
            account_id: account_id.to_owned(),
            amount_paisa: amount.paisa(),
        };
        let found = HoldServiceClient::new(self.credit.clone())
            .check_credit(ctx.outgoing(asked))
            .await?
            .into_inner();
        let blocked = (found.reason == "ACCOUNT_BLOCKED").then_some(found.block_reason);
        Ok(CreditView {
            available_paisa: found.balance.map_or(0, |b| b.available_paisa),
            blocked,
        })
    }
}

fn resolved(line: inventory::ResolvedLine) -> Resolved {
    Resolved {
        sku: line.sku,
        name: line.name,
        quantity: line.quantity,
        unit: line.unit,
        quantity_milli: line.quantity_milli,
        vat_bp: line.vat_bp,
        problem: line.problem,
    }
}

fn basket(quote: inventory::VendorQuote) -> Option<VendorBasket> {
    Some(VendorBasket {
        vendor: vendor(quote.vendor?),
        lines: quote
            .lines
            .into_iter()
            .map(|l| VendorLine {
                unit_price: Paisa::new(l.unit_price_paisa),
                amount: Paisa::new(l.amount_paisa),
                available_milli: l.available_milli,
                minimum_quantity: l.minimum_quantity,
                problem: l.problem,
            })
            .collect(),
        complete: quote.complete,
        subtotal: Paisa::new(quote.subtotal_paisa),
        lead_time_days: quote.lead_time_days,
    })
}
