use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::flaw::Flaws;
use crate::domain::offer::{LEAD_TIME_DAYS_MAX, MINIMUM_QUANTITY_MAX, Terms};
use crate::domain::product::PRICE_MAX;
use crate::domain::set_offer::SetOffer;

pub(super) async fn set_offer(
    rpc: &Rpc,
    request: Request<pb::SetOfferRequest>,
) -> Answer<pb::SetOfferResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let sku = parse::sku("sku", &body.sku)?;
    let terms = terms(&body)?;
    let vendor_id = parse::vendor(rpc, &ctx, "vendor_id", &body.vendor_id).await?;
    let done = durable::run(
        &rpc.door,
        &ctx,
        SetOffer {
            vendor_id,
            sku,
            terms,
        },
    )
    .await?;
    Ok(Response::new(pb::SetOfferResponse {
        offer: Some(render::offer(done.reply)),
    }))
}

fn terms(given: &pb::SetOfferRequest) -> Result<Terms, Fault> {
    let price = Paisa::new(given.price_paisa);
    let mut flaws = Flaws::new();
    let paid = price > Paisa::ZERO && price <= PRICE_MAX;
    flaws.unless(paid, "price_paisa", "1 to 1,000,000,000 paisa");
    flaws.unless(
        given.lead_time_days <= LEAD_TIME_DAYS_MAX,
        "lead_time_days",
        "0 to 60 days",
    );
    let minimum = given.minimum_quantity <= MINIMUM_QUANTITY_MAX;
    flaws.unless(minimum, "minimum_quantity", "1 to 100,000, or 0 for 1");
    parse::flawless(flaws)?;
    Ok(Terms {
        price,
        lead_time_days: given.lead_time_days,
        minimum_quantity: given.minimum_quantity.max(1),
        active: !given.withdrawn,
    })
}
