use std::sync::Arc;

use khaacho_durable::Door;
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use khaacho_lifecycle::Clock;
use khaacho_planted::{self as planted, Bug};
use khaacho_rpc::Ctx;
use tokio::sync::{Semaphore, broadcast};

use crate::assist::Assist;
use crate::config::Config;
use crate::domain::quote::{Quote, price};
use crate::domain::{Asked, Buyer, LINES_MAX, Order, Refusal};
use crate::peers::{Blocked, Peers};
use crate::store;
use crate::store::vendor_stats::RecentStats;

/// What RPCs and jobs of the service share.
pub struct Service {
    /// The one door.
    pub door: Door,
    /// Other services.
    pub peers: Peers,
    /// Settings.
    pub config: Config,
    /// Asked about words that nobody can read, where there is one.
    pub assist: Option<Assist>,
    /// Records of vendors for rankings.
    pub stats: RecentStats,
    /// Tells of orders that were secured or refused in this process.
    pub settled: broadcast::Sender<Arc<Order>>,
    /// Places for jobs that wait for media.
    pub fetches: Semaphore,
}

impl Service {
    /// A service behind its door.
    pub fn new(door: Door, peers: Peers, config: Config) -> Self {
        let assist = config.assist.clone().map(|config| {
            Assist::new(config).expect("a process installs its TLS provider before it makes units")
        });
        let fetches = Semaphore::new((config.jobs_at_once / 3).max(1));
        Self {
            door,
            peers,
            config,
            assist,
            stats: RecentStats::default(),
            settled: broadcast::Sender::new(256),
            fetches,
        }
    }

    /// Business time.
    pub fn clock(&self) -> &Clock {
        self.door.clock()
    }

    /// Prices a basket with everything that catalogue, vendors' records and credit say. Stores nothing.
    pub async fn quote(
        &self,
        ctx: &Ctx,
        quote_id: QuoteId,
        buyer: Buyer,
        asked: Vec<Asked>,
    ) -> Result<Quote, Fault> {
        let account_id = buyer.account_id.clone();
        let buyer = std::future::ready(Ok((buyer, None)));
        let (quote, _) = self.quote_goods(ctx, quote_id, buyer, asked).await?;
        let credit = self.peers.check_credit(ctx, &account_id, quote.total).await?;
        Ok(quote.with_credit(&credit))
    }

    /// Prices a basket without asking how much credit is left: when it is placed at once, the hold decides. The buyer
    /// is looked up while the catalogue is asked.
    pub async fn quote_goods(
        &self,
        ctx: &Ctx,
        quote_id: QuoteId,
        buyer: impl Future<Output = Result<(Buyer, Blocked), Fault>>,
        asked: Vec<Asked>,
    ) -> Result<(Quote, Blocked), Fault> {
        check_lines(&asked)?;
        let (buyer, market) = tokio::try_join!(buyer, self.peers.market(ctx, &asked))?;
        let (buyer, blocked) = buyer;
        let vendors = market
            .vendors
            .iter()
            .map(|v| v.vendor.vendor_id.clone())
            .collect();
        let stats = self.stats.of(self.door.db().pool(), vendors).await?;
        let now = self.clock().now();
        let quote = price(&quote_id.to_string(), buyer, asked, &market, &stats, now).map_err(|_| {
            Fault::from(Refusal::BadLines {
                sentence: "the amounts are too large".to_owned(),
            })
        })?;
        Ok((quote, blocked))
    }

    /// Reads an order that the caller may see; for everybody else it does not exist.
    pub async fn visible_order(&self, ctx: &Ctx, named: &str) -> Result<Order, Fault> {
        let order = store::get_order::find(self.door.db().pool(), named).await?;
        let principal = ctx.principal();
        let visible = |o: &Order| {
            let vendor = o.vendor.as_ref().map_or("", |v| v.vendor_id.as_str());
            principal.owns_account(&o.buyer.account_id) && principal.owns_vendor(vendor)
        };
        let order = order.filter(|order| planted::on(Bug::OrderOfAnybody) || visible(order));
        order.ok_or_else(|| Refusal::OrderUnknown.into())
    }
}

/// Refuses an empty, too long or contradictory list of lines.
fn check_lines(asked: &[Asked]) -> Result<(), Fault> {
    let bad = |sentence: &str| {
        Err(Refusal::BadLines {
            sentence: sentence.to_owned(),
        }
        .into())
    };
    if asked.is_empty() {
        return bad("there are no lines");
    }
    if asked.len() > LINES_MAX {
        return bad("there are more than 100 lines");
    }
    Ok(())
}
