//! The sandwich: anchors, the mesh, anchors, the mesh, …, anchors. What is reported is the mesh divided by the
//! anchors around it, so that a machine that is slow today makes no figure of its own; a pair during which somebody
//! else was at work, or whose two anchors disagree, is dropped as a whole, and said to be dropped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::anchors::{self, Anchor};
use super::drain::{self, Left};
use super::machine::{Moment, memory};
use super::stage::{Stage, Topology, address};
use crate::harness::Mesh;
use crate::load::run::{Kind, Offer, Ran, Target, measure};
use crate::load::sink::Sink;
use crate::load::{past_orders, webhooks};

/// More processors than this in others' hands spoil a pair.
pub const OTHER_MAX: f64 = 0.15;
/// Anchors that differ by more than this spoil a pair.
pub const DRIFT_MAX: f64 = 0.10;
/// The case in which requests are turned away; in all others that spoils a pair.
pub const OVERLOAD: &str = "overload";
/// Past orders for the list pages, in thousands.
const PAST: u32 = 100;

/// What is measured between which anchors.
#[derive(Debug, Clone)]
pub struct Case {
    /// Name in the report.
    pub name: &'static str,
    /// Anchors and their clients.
    pub anchors: Vec<(&'static str, u32)>,
    /// What the mesh is offered.
    pub offer: Offer,
}

/// One run of the mesh.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Counts, latencies, processor time.
    pub ran: Ran,
    /// Resident megabytes by part when it ended.
    pub rss_mb: BTreeMap<String, f64>,
    /// What it left to do.
    pub left: Left,
}

/// One run between its anchors.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Pair {
    /// Before the run.
    pub before: Vec<Anchor>,
    /// The run.
    pub mesh: Figures,
    /// The same with the other program, where two are compared.
    pub other: Option<Figures>,
    /// After the run.
    pub after: Vec<Anchor>,
    /// Why it does not count; empty when it does.
    pub dropped: String,
}

impl Pair {
    /// Mean rate of an anchor around the run.
    #[must_use]
    pub fn anchor_rate(&self, name: &str) -> f64 {
        let rate = |anchors: &[Anchor]| anchors.iter().find(|a| a.name == name).map_or(0.0, |a| a.rate);
        f64::midpoint(rate(&self.before), rate(&self.after))
    }

    /// The mesh's good operations a second, divided by the anchor's.
    #[must_use]
    pub fn ratio(&self, name: &str) -> f64 {
        self.mesh.ran.summary.rate / self.anchor_rate(name).max(1e-9)
    }

    fn judge(&self) -> String {
        let runs = [Some(&self.mesh), self.other.as_ref()];
        let anchors = self.before.iter().chain(&self.after).map(|a| a.other_cores);
        let runs = runs.into_iter().flatten().map(|f| f.ran.other_cores());
        let other = anchors.chain(runs).fold(0.0, f64::max);
        if other > OTHER_MAX {
            return format!("others used {other:.2} cores");
        }
        for (before, after) in self.before.iter().zip(&self.after) {
            let drift = (before.rate - after.rate).abs() / before.rate.max(after.rate).max(1e-9);
            if drift > DRIFT_MAX {
                return format!("{} differed by {:.0} %", before.name, drift * 100.0);
            }
        }
        String::new()
    }
}

/// Median, least and greatest of some values, and how many there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// Values of pairs that count.
    pub kept: usize,
    /// Pairs that do not count.
    pub dropped: usize,
}

/// The spread of a figure over the pairs that count. When none counts, over all, with `kept` 0: better than
/// nothing, and said to be worth little.
#[must_use]
pub fn spread(pairs: &[Pair], figure: impl Fn(&Pair) -> f64) -> Spread {
    let kept: Vec<&Pair> = pairs.iter().filter(|pair| pair.dropped.is_empty()).collect();
    let used = if kept.is_empty() {
        pairs.iter().collect()
    } else {
        kept.clone()
    };
    let mut values: Vec<f64> = used.into_iter().map(figure).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let median = match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    };
    Spread {
        median,
        min: values.first().copied().unwrap_or(0.0),
        max: values.last().copied().unwrap_or(0.0),
        kept: kept.len(),
        dropped: pairs.len() - kept.len(),
    }
}

/// How the suite runs its cases.
#[derive(Debug)]
pub struct Runner<'a> {
    /// Server and data set.
    pub stage: &'a Stage,
    /// How the mesh is spread.
    pub topology: Topology,
    /// How long an anchor runs, in seconds.
    pub anchor_seconds: u32,
    /// The other program, where two are compared.
    pub against: Option<&'a Path>,
}

impl Runner<'_> {
    /// Runs a case so many times.
    ///
    /// # Errors
    /// When an anchor or the mesh fails as a whole; single operations that fail are counted.
    pub async fn pairs(&self, case: &Case, pairs: usize) -> anyhow::Result<Vec<Pair>> {
        let mut all = Vec::new();
        let mut before = self.anchors(case).await?;
        for n in 0..pairs {
            let mut pair = Pair {
                before,
                ..Pair::default()
            };
            match self.against {
                None => pair.mesh = self.mesh(&self.stage.binary, &case.offer).await?,
                // turns are taken at being the first one
                Some(other) if n % 2 == 0 => {
                    pair.mesh = self.mesh(&self.stage.binary, &case.offer).await?;
                    pair.other = Some(self.mesh(other, &case.offer).await?);
                }
                Some(other) => {
                    pair.other = Some(self.mesh(other, &case.offer).await?);
                    pair.mesh = self.mesh(&self.stage.binary, &case.offer).await?;
                }
            }
            pair.after = self.anchors(case).await?;
            pair.dropped = pair.judge();
            let shed = pair.mesh.ran.summary.shed;
            if shed > 0 && case.name != OVERLOAD && pair.dropped.is_empty() {
                pair.dropped = format!("{shed} requests were shed");
            }
            before = pair.after.clone();
            eprintln!("{} {}/{pairs}: {}", case.name, n + 1, tell(case, &pair));
            all.push(pair);
        }
        Ok(all)
    }

    async fn anchors(&self, case: &Case) -> anyhow::Result<Vec<Anchor>> {
        let mut all = Vec::new();
        for (name, clients) in &case.anchors {
            all.push(anchors::run(self.stage, name, *clients, self.anchor_seconds).await?);
        }
        Ok(all)
    }

    /// One run on a fresh copy of the data set.
    ///
    /// # Errors
    /// When the mesh does not start or stop.
    pub async fn mesh(&self, binary: &Path, offer: &Offer) -> anyhow::Result<Figures> {
        let sink = Arc::new(Sink::start().await?);
        let settings = webhooks::settings(&sink.url);
        let settings: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mesh = self
            .stage
            .mesh_of(binary, self.topology, &settings, false)
            .await?;
        let figures = self.offered(&mesh, sink, offer).await;
        mesh.stop().await?;
        figures
    }

    async fn offered(&self, mesh: &Mesh, sink: Arc<Sink>, offer: &Offer) -> anyhow::Result<Figures> {
        let target = Target {
            address: address(&mesh.http()).to_owned(),
            key: mesh.owner_key().to_owned(),
            sink: Some(sink),
        };
        if offer.kind == Kind::W6 {
            past_orders(self.stage, PAST).await?;
        }
        let look = || Some(Moment::now(&self.stage.postgres, Some(mesh)));
        let ran = measure(offer, &target, look).await?;
        Ok(Figures {
            ran,
            rss_mb: memory(mesh),
            left: drain::until_done(self.stage, patience(offer.kind)).await?,
        })
    }
}

/// How long what a run left is waited for. Webhooks are acknowledged far faster than they can be answered; that is
/// what the inbox is for, and what is left of it is told.
#[must_use]
pub fn patience(kind: Kind) -> Duration {
    Duration::from_secs(if kind == Kind::W1 { 2 } else { 120 })
}

fn tell(case: &Case, pair: &Pair) -> String {
    let summary = &pair.mesh.ran.summary;
    let mut parts = vec![format!(
        "{:.0}/s, p99 {:.1} ms",
        summary.rate, summary.latency.p99
    )];
    for (name, _) in &case.anchors {
        parts.push(format!(
            "{name} {:.0}/s, ratio {:.3}",
            pair.anchor_rate(name),
            pair.ratio(name)
        ));
    }
    if let Some(other) = &pair.other {
        parts.push(format!("other program {:.0}/s", other.ran.summary.rate));
    }
    if summary.bad > 0 {
        parts.push(format!("{} BAD {:?}", summary.bad, summary.errors));
    }
    if !pair.dropped.is_empty() {
        parts.push(format!("dropped: {}", pair.dropped));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::machine::Spent;

    fn pair(before: f64, mesh: f64, after: f64, other_cores: f64) -> Pair {
        let anchor = |rate| Anchor {
            name: "order_spread".to_owned(),
            rate,
            ..Anchor::default()
        };
        let mut pair = Pair {
            before: vec![anchor(before)],
            after: vec![anchor(after)],
            ..Pair::default()
        };
        pair.mesh.ran.summary.rate = mesh;
        pair.mesh.ran.spent = Some(Spent {
            other_cores,
            ..Spent::default()
        });
        pair.dropped = pair.judge();
        pair
    }

    #[test]
    fn a_disturbed_pair_is_dropped_and_counted() {
        let pairs = [
            pair(1000.0, 500.0, 1000.0, 0.0),
            pair(1000.0, 520.0, 1080.0, 0.1),
            pair(1000.0, 900.0, 1000.0, 0.2),
            pair(1000.0, 100.0, 1200.0, 0.0),
        ];
        let reasons: Vec<&str> = pairs.iter().map(|p| p.dropped.as_str()).collect();
        assert_eq!(
            reasons,
            ["", "", "others used 0.20 cores", "order_spread differed by 17 %"]
        );
        let ratios = spread(&pairs, |p| p.ratio("order_spread"));
        assert_eq!((ratios.kept, ratios.dropped), (2, 2));
        assert!(
            (ratios.max - 0.5).abs() < 1e-9 && (ratios.median - 0.5).abs() < 1e-9,
            "{ratios:?}"
        );
    }

    #[test]
    fn when_nothing_counts_it_is_said() {
        let pairs = [pair(1000.0, 500.0, 2000.0, 0.0)];
        let ratios = spread(&pairs, |p| p.ratio("order_spread"));
        assert_eq!((ratios.kept, ratios.dropped), (0, 1));
        assert!((ratios.median - 1.0 / 3.0).abs() < 1e-9);
    }
}
