use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::render;
use crate::domain::Asked;
use crate::domain::quote_order::QuoteOrder;
use crate::service::Service;

/// Prices a basket and binds the prices.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::QuoteOrderRequest,
) -> Result<pb::QuoteOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let account = buying_account(&ctx, body.account_id)?;
    let lines = asked(body.lines)?;
    let (buyer, _) = service.peers.account(&ctx, &account).await?;
    // The same request makes the same quote, so a repetition cannot bind two.
    let quote_id = QuoteId::derive(&["rest", &ctx.principal().subject, &body.request_id]);
    let account_id = buyer.account_id.clone();
    let quote = service.quote(&ctx, quote_id, buyer, lines.clone()).await?;
    let command = QuoteOrder {
        account_id,
        asked: lines,
        quote,
    };
    let done = khaacho_durable::run(&service.door, &ctx, command).await?;
    let body = pb::QuoteOrderResponse {
        quote: Some(render::quote(&done.reply)),
    };
    Ok(body)
}

/// The buying account of a request. A retailer buys for itself only.
pub fn buying_account(ctx: &Ctx, account_id: String) -> Result<String, Fault> {
    match ctx.principal().own_account() {
        Some(own) if account_id.is_empty() => Ok(own.to_owned()),
        // Another one than its own does not exist for it: credit says so.
        Some(_) => Ok(account_id),
        None if account_id.is_empty() => Err(Fault::invalid("account_id", "is mandatory")),
        None => Ok(account_id),
    }
}

/// The lines of a request.
///
/// # Errors
/// A field violation for a text with U+0000: nobody types one, and without it the text would say something else.
pub fn asked(lines: Vec<pb::LineRequest>) -> Result<Vec<Asked>, Fault> {
    let typed = |at: usize, field: &str, text: String| match text.contains('\0') {
        true => Err(Fault::invalid(
            format!("lines[{at}].{field}"),
            "must not contain U+0000",
        )),
        false => Ok(text),
    };
    let asked = |(at, line): (usize, pb::LineRequest)| {
        Ok(Asked {
            sku: typed(at, "sku", line.sku)?,
            quantity: typed(at, "quantity", line.quantity)?,
            unit: typed(at, "unit", line.unit)?,
            called: Vec::new(),
        })
    };
    lines.into_iter().enumerate().map(asked).collect()
}
