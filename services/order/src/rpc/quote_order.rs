use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::{Replied, render};
use crate::domain::quote_order::QuoteOrder;
use crate::domain::{Asked, Buyer};
use crate::service::Service;

/// Prices a basket and binds the prices.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::QuoteOrderRequest,
) -> Result<Replied<pb::QuoteOrderResponse>, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let (buyer, lines) = basket(service, &ctx, body.account_id, body.lines).await?;
    // The same request makes the same quote, so a repetition cannot bind two.
    let quote_id = QuoteId::derive(&["rest", &ctx.principal().subject, &body.request_id]);
    let account_id = buyer.account_id.clone();
    let quote = service.quote(&ctx, quote_id, buyer, lines.clone()).await?;
    let command = QuoteOrder { account_id, asked: lines, quote };
    let done = khaacho_durable::run(&service.door, &ctx, command).await?;
    let body = pb::QuoteOrderResponse { quote: Some(render::quote(&done.reply)) };
    Ok(Replied { body, replayed: done.replayed })
}

/// The buying account and the lines of a request. A retailer buys for itself only.
pub async fn basket(
    service: &Service,
    ctx: &Ctx,
    account_id: String,
    lines: Vec<pb::LineRequest>,
) -> Result<(Buyer, Vec<Asked>), Fault> {
    let account = match ctx.principal().own_account() {
        Some(own) => own.to_owned(),
        None if account_id.is_empty() => return Err(Fault::invalid("account_id", "is mandatory")),
        None => account_id,
    };
    let (buyer, _) = service.peers.account(ctx, &account).await?;
    let asked = |l: pb::LineRequest| Asked { sku: l.sku, quantity: l.quantity, unit: l.unit };
    Ok((buyer, lines.into_iter().map(asked).collect()))
}
