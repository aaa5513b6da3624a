use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, page, render};
use crate::domain::Line;
use crate::store::list_entries::{self, Written};

pub(super) async fn list_entries(
    rpc: &Rpc,
    request: Request<pb::ListEntriesRequest>,
) -> Answer<pb::ListEntriesResponse> {
    let (ctx, body) = open(request)?;
    let (size, below) = (page::size(body.page_size)?, page::place(&body.page_token)?);
    let account_id = rpc.account(&ctx, "account", &body.account).await?.account_id;
    let pool = rpc.door.db().pool();
    let mut entries = list_entries::page(pool, account_id, below, page::limit(size)).await?;
    let next_page_token = page::cut(&mut entries, size, |entry| page::place_token(entry.place()));
    let entries = entries.into_iter().map(entry).collect();
    Ok(Response::new(pb::ListEntriesResponse {
        entries,
        next_page_token,
    }))
}

fn entry(written: Written) -> pb::Entry {
    let line = |line: Line| pb::EntryLine {
        ledger_account: line.ledger_account,
        amount_paisa: line.amount.paisa(),
    };
    pb::Entry {
        entry_id: written.entry_id.to_string(),
        kind: written.kind,
        order_id: written.order_id.map(|id| id.to_string()).unwrap_or_default(),
        payment_id: written.payment_id.map(|id| id.to_string()).unwrap_or_default(),
        effective_at: Some(render::time(written.effective_at)),
        recorded_at: Some(render::time(written.recorded_at)),
        lines: written.lines.into_iter().map(line).collect(),
        cause_id: written.cause,
        trace_id: written.trace,
    }
}
