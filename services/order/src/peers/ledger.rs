use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::credit::v1 as credit;
use khaacho_proto::credit::v1::ledger_service_client::LedgerServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;
use crate::domain::number::kathmandu;

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

impl Entry {
    /// For people: `23 Nov 2026: delivery, Rs 9,498 more owed`.
    pub fn told(&self) -> String {
        let day = self
            .effective_at
            .map_or_else(String::new, |at| kathmandu(at).format("%-d %b %Y: ").to_string());
        let kind = self.kind.replace('_', " ");
        let (amount, how) = match self.owed.paisa() {
            less if less < 0 => (Paisa::new(less.saturating_neg()), "less"),
            _ => (self.owed, "more"),
        };
        format!("{day}{kind}, {amount} {how} owed")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_with_the_day_in_kathmandu() {
        let at = "2026-11-22T18:30:00Z".parse().expect("a time");
        let mut entry = Entry {
            effective_at: Some(at),
            kind: "delivery".to_owned(),
            owed: Paisa::new(949_800),
        };
        assert_eq!(entry.told(), "23 Nov 2026: delivery, Rs 9,498 more owed");
        entry.owed = Paisa::new(-500_000);
        entry.kind = "payment".to_owned();
        assert_eq!(entry.told(), "23 Nov 2026: payment, Rs 5,000 less owed");
    }
}
