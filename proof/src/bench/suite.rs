//! All measurements, one after the other.

use serde::{Deserialize, Serialize};

use super::cases::{Case, OVERLOAD, Pair, Runner, Spread, spread};
use super::counts::{Counts, counts_per_order};
use super::goals::{Row, once, row};
use super::idle::{self, Idle};
use super::node;
use super::stage::Stage;
use crate::load::orders::Mix;
use crate::load::pace::Arrival;
use crate::load::run::{Kind, Offer};
use crate::load::tally::Summary;

/// Connections of the case with too much to do: more than the gateway takes commands at once.
const OVERLOAD_CONNECTIONS: usize = 400;
/// Three times the peak was offered, as well as a generator on the same machine can.
const OFFERED_MIN: f64 = 2.7;

/// How much is measured.
#[derive(Debug, Clone)]
pub struct Extent {
    /// Pairs of each case.
    pub pairs: usize,
    /// Counted part of a run, in seconds.
    pub seconds: f64,
    /// Numbers of connections of which the best is kept for order placement.
    pub connections: Vec<usize>,
    /// Only cases whose name has one of these words; all when empty.
    pub only: Vec<String>,
    /// Directory of the peer in Node.
    pub node: std::path::PathBuf,
}

/// A case with its pairs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Name.
    pub name: String,
    /// Connections, and operations a second where a rate was offered.
    pub offered: String,
    /// Pairs, dropped ones too.
    pub pairs: Vec<Pair>,
}

/// Everything that was measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Figures beside their goals.
    pub rows: Vec<Row>,
    /// Cases.
    pub cases: Vec<Measured>,
    /// Sizes and start times.
    pub idle: Option<Idle>,
    /// What an order costs.
    pub counts: Option<Counts>,
    /// What was left out, and why.
    pub left_out: Vec<String>,
}

impl Outcome {
    fn keep(&mut self, case: &Case, pairs: &[Pair]) {
        let offered = match case.offer.arrival {
            Arrival::Closed => format!("{} connections", case.offer.connections),
            Arrival::Rate(rate) => format!("{rate:.0}/s over {} connections", case.offer.connections),
        };
        self.cases.push(Measured {
            name: case.name.to_owned(),
            offered,
            pairs: pairs.to_vec(),
        });
    }

    fn of(&self, name: &str) -> &[Pair] {
        self.cases
            .iter()
            .find(|case| case.name == name)
            .map_or(&[], |case| &case.pairs)
    }
}

/// Measures everything that the extent asks for.
///
/// # Errors
/// When an anchor or the mesh fails as a whole.
pub async fn all(runner: &Runner<'_>, extent: &Extent) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let wanted =
        |name: &str| extent.only.is_empty() || extent.only.iter().any(|word| name.contains(word.as_str()));
    if wanted("idle") {
        outcome.idle = Some(sizes(runner.stage, runner).await?);
    }
    if wanted("single") {
        single(runner, extent, &mut outcome).await?;
    }
    if wanted("orders") {
        orders(runner, extent, &mut outcome).await?;
    }
    if wanted("overload") {
        overload(runner, extent, &mut outcome).await?;
    }
    if wanted("hot") {
        hot(runner, extent, &mut outcome).await?;
    }
    if wanted("webhooks") {
        acknowledgements(runner, extent, &mut outcome).await?;
    }
    if wanted("chats") {
        chats(runner, extent, &mut outcome).await?;
    }
    if wanted("payments") {
        payments(runner, extent, &mut outcome).await?;
    }
    if wanted("pages") {
        pages(runner, extent, &mut outcome).await?;
    }
    if wanted("node") {
        peer(runner, extent, &mut outcome).await?;
    }
    if wanted("counts") {
        outcome.counts = Some(counts_per_order(runner.stage, runner.topology, 100).await?);
    }
    memory_rows(&mut outcome);
    outcome.left_out.extend(
        [
            "G3, a repaired copy of the peer as shipped: it is not part of this repository",
            "G12, a live feed: the product has none",
            "W4, search over 100,000 and more products, and W7, a live feed",
        ]
        .map(str::to_owned),
    );
    Ok(outcome)
}

async fn sizes(stage: &Stage, runner: &Runner<'_>) -> anyhow::Result<Idle> {
    let mesh = stage.mesh(runner.topology, &[], false).await?;
    let idle = idle::measure(&mesh).await;
    mesh.stop().await?;
    idle
}

fn largest(parts: &std::collections::BTreeMap<String, f64>) -> f64 {
    parts
        .iter()
        .filter(|(name, _)| *name != "all")
        .map(|(_, mb)| *mb)
        .fold(0.0, f64::max)
}

fn memory_rows(outcome: &mut Outcome) {
    if let Some(idle) = &outcome.idle {
        let rows = [
            once("G9a", largest(&idle.rss_mb)),
            once("G9c", idle.rss_mb.get("all").copied().unwrap_or(0.0)),
            once("G10a", idle.start_ms.values().copied().fold(0.0, f64::max)),
            once("G10b", idle.whole_ms),
            once("G11", idle.binary_mb),
        ];
        outcome.rows.extend(rows);
    }
    let loaded = outcome
        .cases
        .iter()
        .flat_map(|case| &case.pairs)
        .map(|pair| &pair.mesh.rss_mb);
    let most = loaded.clone().map(largest).fold(0.0, f64::max);
    let all = loaded
        .filter_map(|parts| parts.get("all").copied())
        .fold(0.0, f64::max);
    if all > 0.0 {
        outcome.rows.extend([once("G9b", most), once("G9d", all)]);
    }
}

/// One order at a time: what the mesh adds to the work itself.
async fn single(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let mut offer = Offer::peak(Kind::W3, 1, extent.seconds);
    offer.refused = 0.0;
    let case = Case {
        name: "single orders",
        anchors: vec![("order_fn_spread", 1)],
        offer,
    };
    let pairs = runner.pairs(&case, extent.pairs).await?;
    let tax = |pair: &Pair| {
        let p50 = |anchors: &[super::anchors::Anchor]| anchors.first().map_or(0.0, |a| a.p50);
        pair.mesh.ran.summary.latency_of(None, |l| l.p50) - f64::midpoint(p50(&pair.before), p50(&pair.after))
    };
    outcome.rows.push(row("G7", spread(&pairs, tax)));
    outcome.keep(&case, &pairs);
    Ok(())
}

async fn orders(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let mut best = (0.0, extent.connections.first().copied().unwrap_or(8));
    if extent.connections.len() > 1 {
        for connections in &extent.connections {
            let offer = Offer::peak(Kind::W3, *connections, extent.seconds.min(5.0));
            let rate = runner.mesh(&runner.stage.binary, &offer).await?.ran.summary.rate;
            eprintln!("orders over {connections} connections: {rate:.0}/s");
            if rate > best.0 {
                best = (rate, *connections);
            }
        }
    }
    let case = Case {
        name: "orders",
        anchors: vec![("order_spread", 8), ("order_saga", 8)],
        offer: Offer::peak(Kind::W3, best.1, extent.seconds),
    };
    let pairs = runner.pairs(&case, extent.pairs).await?;
    outcome
        .rows
        .push(row("G1", spread(&pairs, |pair| pair.ratio("order_spread"))));
    outcome
        .rows
        .push(row("G1b", spread(&pairs, |pair| pair.ratio("order_saga"))));
    outcome.keep(&case, &pairs);
    Ok(())
}

/// Three times as many orders as the mesh can take: it has to do nearly as many as before, and to turn the others away
/// at once. The peak is the one that was measured before, or a run of its own.
async fn overload(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let best = outcome.of("orders");
    let peak = if best.is_empty() {
        let offer = Offer::peak(Kind::W3, 64, extent.seconds);
        runner.mesh(&runner.stage.binary, &offer).await?.ran.summary.rate
    } else {
        rate_of(best)
    };
    let case = Case {
        name: OVERLOAD,
        anchors: Vec::new(),
        offer: Offer {
            arrival: Arrival::Rate((peak * 3.0).max(1.0)),
            ..Offer::peak(Kind::W3, OVERLOAD_CONNECTIONS, extent.seconds)
        },
    };
    let pairs = runner.pairs(&case, extent.pairs).await?;
    outcome.keep(&case, &pairs);
    let offered = spread(&pairs, |pair| offered(&pair.mesh.ran.summary) / peak.max(1e-9));
    if offered.min < OFFERED_MIN {
        let told = format!(
            "P11, three times the peak: only {:.1} times was offered",
            offered.min
        );
        outcome.left_out.push(told);
        return Ok(());
    }
    let kept = spread(&pairs, |pair| pair.mesh.ran.summary.rate / peak.max(1e-9));
    outcome.rows.push(row("P11", kept));
    let away = |pair: &Pair| {
        let summary = &pair.mesh.ran.summary;
        // Nobody turned away at three times the peak means that all waited.
        if summary.shed > 0 {
            summary.shedding.p99
        } else {
            summary.latency.p99
        }
    };
    outcome.rows.push(row("P11r", spread(&pairs, away)));
    Ok(())
}

/// Operations a second that were sent, whatever became of them.
fn offered(summary: &Summary) -> f64 {
    let all = summary.good + summary.refused + summary.shed + summary.bad;
    f64::from(u32::try_from(all).unwrap_or(u32::MAX)) / summary.seconds.max(1e-9)
}

async fn hot(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let mut offer = Offer::peak(Kind::W3, 64, extent.seconds);
    offer.mix = Mix::Hot;
    let case = Case {
        name: "hot product",
        anchors: vec![("order_hot", 64)],
        offer: offer.clone(),
    };
    let pairs = runner.pairs(&case, extent.pairs).await?;
    outcome
        .rows
        .push(row("G2", spread(&pairs, |pair| pair.ratio("order_hot"))));
    outcome.keep(&case, &pairs);
    let rate = rate_of(&pairs);
    let own = rate_of(outcome.of("orders"));
    if own > 0.0 {
        outcome.rows.push(once("G2a", rate / own));
    }
    let few = Offer {
        connections: 8,
        ..offer
    };
    let few = runner.mesh(&runner.stage.binary, &few).await?.ran.summary.rate;
    outcome.rows.push(once("G2b", rate / few.max(1e-9)));
    Ok(())
}

fn rate_of(pairs: &[Pair]) -> f64 {
    spread(pairs, |pair| pair.mesh.ran.summary.rate).median
}

async fn acknowledgements(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let case = Case {
        name: "webhooks",
        anchors: vec![("insert1", 64)],
        offer: Offer::peak(Kind::W1, 64, extent.seconds),
    };
    let pairs = runner.pairs(&case, extent.pairs).await?;
    outcome
        .rows
        .push(row("G5", spread(&pairs, |pair| pair.ratio("insert1"))));
    outcome.keep(&case, &pairs);
    let half = Case {
        name: "webhooks at half of the peak",
        anchors: Vec::new(),
        offer: at_half(&case.offer, rate_of(&pairs)),
    };
    let pairs = runner.pairs(&half, extent.pairs).await?;
    outcome.rows.push(row("G6", p99(&pairs)));
    outcome.keep(&half, &pairs);
    Ok(())
}

/// The same at half of a rate, over as many connections as it takes.
fn at_half(offer: &Offer, rate: f64) -> Offer {
    Offer {
        arrival: Arrival::Rate((rate / 2.0).max(1.0)),
        connections: 64,
        ..offer.clone()
    }
}

fn p99(pairs: &[Pair]) -> Spread {
    spread(pairs, |pair| pair.mesh.ran.summary.latency_of(None, |l| l.p99))
}

async fn chats(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let case = Case {
        name: "chats",
        anchors: vec![("order_spread", 8)],
        offer: Offer::peak(Kind::W2, 32, extent.seconds),
    };
    let pairs = runner.pairs(&case, 1).await?;
    outcome.keep(&case, &pairs);
    let half = Case {
        name: "chats at half of the peak",
        anchors: Vec::new(),
        offer: at_half(&case.offer, rate_of(&pairs)),
    };
    let pairs = runner.pairs(&half, extent.pairs).await?;
    let confirmed = |pair: &Pair| {
        let summary = &pair.mesh.ran.summary;
        summary.latency_of(Some("confirmation to placed"), |l| l.p99)
    };
    outcome.rows.push(row("G8", spread(&pairs, confirmed)));
    outcome.keep(&half, &pairs);
    Ok(())
}

async fn payments(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let mut offer = Offer::peak(Kind::W5, 16, extent.seconds);
    let case = Case {
        name: "payments",
        anchors: vec![("post2", 8)],
        offer: offer.clone(),
    };
    let pairs = runner.pairs(&case, extent.pairs).await?;
    outcome
        .rows
        .push(row("W5", spread(&pairs, |pair| pair.ratio("post2"))));
    outcome.keep(&case, &pairs);
    offer.mix = Mix::Hot;
    let one = runner.mesh(&runner.stage.binary, &offer).await?.ran.summary.rate;
    outcome.rows.push(once("W5h", one / rate_of(&pairs).max(1e-9)));
    Ok(())
}

async fn pages(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let case = Case {
        name: "pages",
        anchors: vec![("page_keyset", 2)],
        offer: Offer::peak(Kind::W6, 2, extent.seconds),
    };
    let pairs = runner.pairs(&case, 1).await?;
    let more = |pair: &Pair| {
        let page = pair.mesh.ran.summary.latency_of(Some("first page"), |l| l.p99);
        page - pair.before.first().map_or(0.0, |anchor| anchor.p99)
    };
    outcome.rows.push(row("W6", spread(&pairs, more)));
    outcome.keep(&case, &pairs);
    Ok(())
}

async fn peer(runner: &Runner<'_>, extent: &Extent, outcome: &mut Outcome) -> anyhow::Result<()> {
    let rates = match node::measure(runner.stage, &extent.node, extent.seconds).await? {
        Ok(rates) => rates,
        Err(why) => {
            outcome
                .left_out
                .push(format!("G4 and G5b, best-case Node: {why}"));
            return Ok(());
        }
    };
    for (id, case, rate) in [
        ("G4", "orders", rates.orders),
        ("G5b", "webhooks", rates.webhooks),
    ] {
        let own = rate_of(outcome.of(case));
        if own > 0.0 {
            outcome.rows.push(once(id, own / rate.max(1e-9)));
        }
    }
    Ok(())
}
