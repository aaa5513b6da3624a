use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::credit::v1 as credit;
use khaacho_proto::credit::v1::ledger_service_client::LedgerServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;

/// Entries of one statement in a chat.
const ENTRIES_MAX: u32 = 10;

/// One entry of an account's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it counts.
    pub effective_at: Option<DateTime<Utc>>,
    /// `delivery`, `payment`, `opening_balance`.
    pub kind: String,
    /// What the shop owes more (or less, below zero) through it.
    pub owed: Paisa,
}

impl Peers {
    /// The newest entries of an account, newest first.
    pub async fn entries(&self, ctx: &Ctx, account_id: &str) -> Result<Vec<Entry>, Fault> {
        let asked = credit::ListEntriesRequest {
            account: account_id.to_owned(),
            page_size: ENTRIES_MAX,
            page_token: String::new(),
        };
        let found = LedgerServiceClient::new(self.credit.clone())
            .list_entries(ctx.outgoing(asked))
            .await?
            .into_inner();
        let own = format!("receivable:{account_id}");
        let entry = |entry: credit::Entry| {
            let own = entry.lines.iter().filter(|line| line.ledger_account == own);
            Entry {
                effective_at: entry.effective_at.and_then(crate::rpc::datetime),
                owed: Paisa::new(own.fold(0, |sum, line| line.amount_paisa.saturating_add(sum))),
                kind: entry.kind,
            }
        };
        Ok(found.entries.into_iter().map(entry).collect())
    }
}
