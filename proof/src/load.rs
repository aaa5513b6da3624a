//! `kasauti load`: offers a workload to a mesh at a fixed rate, or as fast as a number of connections takes it, and
//! says what it came to.

pub mod chats;
pub mod client;
pub mod data;
pub mod echo;
pub mod orders;
pub mod pace;
pub mod pages;
pub mod past;
pub mod payments;
pub mod run;
pub mod seed;
pub mod sink;
pub mod tally;
pub mod webhooks;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use sqlx::Connection as _;

use crate::bench::machine::{Moment, memory};
use crate::bench::stage::{DATABASE, Stage, StageArgs, address};
use crate::bench::{anchors, cases, drain, idle, statements};
use crate::harness::Mesh;
use orders::Mix;
use pace::Arrival;
use run::{Kind, Offer, Ran, Target, measure};
use sink::Sink;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is offered.
    #[arg(value_enum, default_value = "w3")]
    workload: Kind,
    /// Which products are ordered (w3), whose payments they are (w5).
    #[arg(long, value_enum, default_value = "spread")]
    mix: Mix,
    /// Percentage of orders that are meant to be refused (w3).
    #[arg(long, default_value_t = 5.0)]
    refused: f64,
    /// Operations a second; latencies count from the intended send.
    #[arg(long, conflicts_with = "closed")]
    rate: Option<f64>,
    /// As fast as this many connections take it, for peaks.
    #[arg(long)]
    closed: Option<usize>,
    /// With a rate: the most connections.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How long, in seconds.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// How long before that, not counted, in seconds.
    #[arg(long, default_value_t = 3.0)]
    warm_up: f64,
    /// At most so many operations; 0 for no limit.
    #[arg(long, default_value_t = 0)]
    count: u64,
    /// Seed of all choices.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Past orders in thousands (w6).
    #[arg(long, default_value_t = 100)]
    past: u32,
    /// A mesh that runs already and has the data set, `http://host:port`; without it a private one is started.
    #[arg(long)]
    url: Option<String>,
    /// Owner's key of that mesh.
    #[arg(long, default_value = "")]
    key: String,
    /// Makes the data set in that mesh first; a superuser's URL of its database.
    #[arg(long, requires = "url", value_name = "DATABASE_URL")]
    seed_data: Option<String>,
    /// Runs `order_spread` (8 clients) or another anchor, `NAME:CLIENTS`, before and after. Repeatable.
    #[arg(long = "anchor", num_args = 0..=1, default_missing_value = "order_spread:8")]
    anchors: Vec<String>,
    /// How long an anchor runs, in seconds.
    #[arg(long, default_value_t = 5)]
    anchor_seconds: u32,
    /// Offers nothing: starts the private mesh, prints how it is reached, and stops it after so many seconds.
    #[arg(long, value_name = "SECONDS", conflicts_with = "url")]
    hold: Option<f64>,
    /// Shows on which statements PostgreSQL spent its time; counting them costs a little of it.
    #[arg(long, conflicts_with = "url")]
    statements: bool,
    /// Prints one line of JSON instead of text.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    stage: StageArgs,
}

impl Args {
    fn offer(&self) -> Offer {
        let (arrival, connections) = match (self.rate, self.closed) {
            (Some(rate), _) => (Arrival::Rate(rate), self.connections),
            (None, closed) => (Arrival::Closed, closed.unwrap_or(8)),
        };
        Offer {
            kind: self.workload,
            mix: self.mix,
            refused: self.refused,
            arrival,
            connections,
            seconds: self.seconds,
            warm_up: self.warm_up,
            count: self.count,
            seed: self.seed,
        }
    }
}

/// Runs the command; the answer is whether nothing went wrong.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let work = async {
        match &args.url {
            Some(url) => elsewhere(&args, url).await,
            None => private(&args).await,
        }
    };
    crate::bench::until_told(work).await
}

async fn elsewhere(args: &Args, url: &str) -> anyhow::Result<bool> {
    let key = args.key.clone();
    if let Some(database) = &args.seed_data {
        let mut database = sqlx::PgConnection::connect(database).await?;
        seed::seed(address(url), &key, &mut database).await?;
    }
    let target = Target {
        address: address(url).to_owned(),
        key,
        sink: None,
    };
    let ran = measure(&args.offer(), &target, || None).await?;
    Ok(show(args, &ran, &BTreeMap::new(), None, &[]))
}

async fn private(args: &Args) -> anyhow::Result<bool> {
    let stage = Stage::start(&args.stage).await?;
    let mut around = measure_anchors(args, &stage).await?;
    let sink = Arc::new(Sink::start().await?);
    let settings = webhooks::settings(&sink.url);
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let mesh = stage
        .mesh(args.stage.topology(), &settings, args.statements)
        .await?;
    let good = match args.hold {
        Some(seconds) => hold(&stage, &mesh, seconds).await,
        None if args.workload == Kind::W8 => {
            println!("{}", idle::measure(&mesh).await?);
            true
        }
        None => {
            let target = Target {
                address: address(&mesh.http()).to_owned(),
                key: mesh.owner_key().to_owned(),
                sink: Some(sink),
            };
            if args.workload == Kind::W6 {
                past_orders(&stage, args.past).await?;
            }
            if args.statements {
                statements::reset(&stage).await?;
            }
            let look = || Some(Moment::now(&stage.postgres, Some(&mesh)));
            let ran = measure(&args.offer(), &target, look).await?;
            let resident = memory(&mesh);
            let left = drain::until_done(&stage, cases::patience(args.workload)).await?;
            if args.statements {
                println!("{}", statements::top(&stage, ran.operations + ran.warmed).await?);
            }
            stop(mesh).await?;
            around.extend(measure_anchors(args, &stage).await?);
            let good = show(args, &ran, &resident, Some(&left), &around);
            stage.stop().await?;
            return Ok(good);
        }
    };
    stop(mesh).await?;
    stage.stop().await?;
    Ok(good)
}

async fn hold(stage: &Stage, mesh: &Mesh, seconds: f64) -> bool {
    println!("gateway  {}", mesh.http());
    println!("key      {}", mesh.owner_key());
    println!("database {}", stage.postgres.url(DATABASE));
    for role in mesh.roles() {
        if let Some(pid) = mesh.pid(*role) {
            println!("{role:<12} pid {pid}, {}", mesh.plan().health(*role));
        }
    }
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    true
}

/// Fills the list of orders with so many thousands of past ones.
///
/// # Errors
/// When the tables of orders are other ones.
pub async fn past_orders(stage: &Stage, thousands: u32) -> anyhow::Result<()> {
    let mut database = stage.postgres.connect(DATABASE).await?;
    past::multiply(&mut database, thousands).await?;
    Ok(())
}

async fn stop(mesh: Mesh) -> anyhow::Result<()> {
    mesh.stop().await.context("the mesh did not stop in order")
}

async fn measure_anchors(args: &Args, stage: &Stage) -> anyhow::Result<Vec<anchors::Anchor>> {
    let mut all = Vec::new();
    for anchor in &args.anchors {
        let (name, clients) = anchor.split_once(':').unwrap_or((anchor, "8"));
        let clients = clients.parse().context("an anchor is NAME:CLIENTS")?;
        all.push(anchors::run(stage, name, clients, args.anchor_seconds).await?);
    }
    Ok(all)
}

fn show(
    args: &Args,
    ran: &Ran,
    resident: &BTreeMap<String, f64>,
    left: Option<&drain::Left>,
    around: &[anchors::Anchor],
) -> bool {
    let good = ran.summary.bad == 0;
    let cpu = ran.cpu();
    if args.json {
        let line = json!({"summary": ran.summary, "cpu_us": cpu, "other_cores": ran.other_cores(),
            "rss_mb": resident, "left": left, "anchors": around});
        println!("{line}");
        return good;
    }
    println!("{}", ran.summary);
    let list = |parts: &BTreeMap<String, f64>, glue: &str| {
        let parts: Vec<String> = parts.iter().map(|(name, n)| format!("{name} {n:.0}")).collect();
        parts.join(glue)
    };
    if !cpu.is_empty() {
        let total: f64 = cpu.values().sum();
        println!("processor µs per operation: {total:.0} = {}", list(&cpu, " + "));
        println!("others used {:.2} cores", ran.other_cores());
        println!("resident MB: {}", list(resident, ", "));
    }
    if let Some(left) = left {
        println!("{left}");
    }
    for anchor in around {
        println!("{anchor}; ratio {:.3}", ran.summary.rate / anchor.rate.max(1e-9));
    }
    good
}
