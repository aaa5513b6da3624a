//! `kasauti abuse`: fixed bad input against one mesh. Every case asserts a status it may have, no failure of ours,
//! a living process, no row that it may not leave, and an answer in time; every class that memory comes back, that
//! the log stays whole and says no secret, and that nothing panicked.

pub(crate) mod case;
mod cases;
mod judge;
mod mesh;
mod play;
mod report;
mod rows;
pub(crate) mod rpc;
mod run;
mod sign;
mod sink;
mod watch;
mod wire;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use case::{Case, Class, Request};
use cases::World;
use mesh::{Mesh, Setup};
use report::{Report, Tally};
use rows::Books;
use run::Runner;

/// Classes of the catalogue that have nothing to be tried on.
const LEFT_OUT: [&str; 2] = [
    "B7 admin sessions: the product has none",
    "B8 authorisation of every pair: proved from the contracts by the gateway's own tests, a sample is in B6",
];

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Program of the mesh; default: `khaacho` beside this one
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Where data, logs and `abuse.json` go; default: a new directory under the system's temporary one
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Only this class, such as B5; may be given several times
    #[arg(long)]
    class: Vec<String>,
    /// Only the case with this id, such as B5-017
    #[arg(long)]
    case: Option<String>,
    /// Adds a line to this ledger of proofs
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

/// Runs the command; the answer is whether everything held.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    let wanted = Wanted::read(&args)?;
    let binary = program(args.binary)?;
    let dir = match args.dir {
        Some(dir) => dir,
        None => std::env::temp_dir().join(format!("kasauti-abuse-{}", std::process::id())),
    };
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let data = dir.join("mesh");
    let sink = sink::Sink::start().await?;
    let setup = |limits| Setup {
        binary: &binary,
        data: &data,
        providers: sink.address,
        limits,
    };
    let (mut tallies, world) = open_part(setup(false), &wanted).await?;
    tallies.extend(limited_part(setup(true), &wanted, &world).await?);
    println!("the providers were handed {} messages", sink.taken());
    let report = Report {
        classes: tallies,
        seconds: began.elapsed().as_secs_f64(),
        left_out: LEFT_OUT.to_vec(),
    };
    report.write(&dir)?;
    print!("{}", report.table());
    println!("written to {}", dir.join("abuse.json").display());
    if let Some(ledger) = &args.ledger {
        let whole = args.class.is_empty() && args.case.is_none();
        crate::ledger::append(ledger, &report.line().whole(whole))?;
    }
    Ok(report.holds())
}

/// Which cases to run.
struct Wanted {
    classes: Vec<Class>,
    case: Option<String>,
}

impl Wanted {
    fn read(args: &Args) -> anyhow::Result<Self> {
        let named = |name: &String| Class::named(name).with_context(|| format!("there is no class {name}"));
        let mut classes: Vec<Class> = args.class.iter().map(named).collect::<Result<_, _>>()?;
        if let Some(case) = &args.case {
            let class = case.split('-').next().unwrap_or_default().to_owned();
            classes = vec![named(&class)?];
        } else if classes.is_empty() {
            classes = Class::ALL.to_vec();
        }
        Ok(Self {
            classes,
            case: args.case.clone(),
        })
    }

    fn filter(&self, cases: Vec<Case>) -> Vec<Case> {
        let fits = |case: &Case| self.case.as_ref().is_none_or(|id| *id == case.id);
        cases
            .into_iter()
            .filter(|case| self.classes.contains(&case.class) && fits(case))
            .collect()
    }
}

/// All classes with limits out of the way.
async fn open_part(setup: Setup<'_>, wanted: &Wanted) -> anyhow::Result<(Vec<Tally>, World)> {
    let mut mesh = Mesh::start(setup).await?;
    let books = Books::open(&mesh.database_url).await?;
    let world = make_world(&mesh, &books, setup.data).await?;
    let mut tallies = Vec::new();
    let mut runner = Runner::new(&mut mesh, books, &world).await?;
    for class in &wanted.classes {
        let cases = wanted.filter(cases::of(*class, &world));
        if cases.is_empty() {
            continue;
        }
        let whole = wanted.case.is_none();
        anyhow::ensure!(
            !whole || cases.len() >= class.least(),
            "{} has too few cases",
            class.name()
        );
        let tally = runner.class(*class, &class.name(), &cases).await?;
        println!(
            "{}: {} cases, {} failed",
            tally.label,
            tally.cases,
            tally.failed()
        );
        tallies.push(tally);
    }
    mesh.stop().await?;
    Ok((tallies, world))
}

/// The same mesh, started again with the limits that it has without settings.
async fn limited_part(setup: Setup<'_>, wanted: &Wanted, world: &World) -> anyhow::Result<Vec<Tally>> {
    let cases = wanted.filter(cases::with_limits(world));
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut mesh = Mesh::start(setup).await?;
    let books = Books::open(&mesh.database_url).await?;
    for _ in 0..300 {
        for target in ["/openapi.json", "/metrics", "/health"] {
            ask_any(&mesh, &Request::new("GET", target)).await?;
        }
    }
    large_work(&mesh).await?;
    let mut tallies = Vec::new();
    let mut runner = Runner::new(&mut mesh, books, world).await?;
    for cases in cases.chunk_by(|a, b| a.class == b.class) {
        let class = cases[0].class;
        let tally = runner.class(class, &format!("{}-L", class.name()), cases).await?;
        println!(
            "{}: {} cases, {} failed",
            tally.label,
            tally.cases,
            tally.failed()
        );
        tallies.push(tally);
    }
    mesh.stop().await?;
    Ok(tallies)
}

fn program(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let binary = match given {
        Some(binary) => binary,
        None => std::env::current_exe()?.with_file_name("khaacho"),
    };
    binary
        .canonicalize()
        .with_context(|| format!("there is no program {}", binary.display()))
}

async fn make_world(mesh: &Mesh, books: &Books, data: &Path) -> anyhow::Result<World> {
    let owner = mesh::stored_key(data)?;
    let mut world = World {
        owner,
        support: String::new(),
        retailer: String::new(),
        revoked: String::new(),
        phone: books.phone_of(cases::SHOP).await?,
    };
    let shop = ask(mesh, &world.get(&format!("/api/v1/accounts/{}", cases::SHOP))).await?;
    let scope = shop["account"]["accountId"]
        .as_str()
        .context("the shop has no id")?
        .to_owned();
    let (_, support) = make_key(mesh, &world, &json!({"name": "support", "role": "support"})).await?;
    let (_, retailer) = make_key(
        mesh,
        &world,
        &json!({"name": "shop", "role": "retailer", "scope": scope}),
    )
    .await?;
    let (id, revoked) = make_key(mesh, &world, &json!({"name": "revoked", "role": "owner"})).await?;
    let mut revoke = world.get(&format!("/api/v1/apikeys/{id}"));
    "DELETE".clone_into(&mut revoke.method);
    ask(mesh, &revoke).await?;
    (world.support, world.retailer, world.revoked) = (support, retailer, revoked);
    warm_up(mesh, &world).await?;
    Ok(world)
}

async fn make_key(mesh: &Mesh, world: &World, wanted: &Value) -> anyhow::Result<(String, String)> {
    let made = ask(mesh, &world.json("/api/v1/apikeys", wanted)).await?;
    let text = |name: &str| {
        made[name]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("no {name} in {made}"))
    };
    Ok((text("id")?, text("key")?))
}

/// More connections than the gateway has places for.
const CROWD: usize = 600;

/// A mesh that has never worked is smaller than one at rest. Ordinary work, as many people at once as there are places
/// for, and the largest deliveries that a provider may make, so that memory has something to come back to.
async fn warm_up(mesh: &Mesh, world: &World) -> anyhow::Result<()> {
    let quote = json!({"accountId": cases::SHOP, "lines": [{"sku": cases::SKU, "quantity": "1"}]});
    for round in 0..150 {
        for target in [
            "/api/v1/products?pageSize=100",
            "/api/v1/accounts",
            "/openapi.json",
            "/metrics",
        ] {
            ask_any(mesh, &world.get(target)).await?;
        }
        ask(mesh, &world.json("/api/v1/orders:quote", &quote)).await?;
        ask(
            mesh,
            &cases::simulated("+9779841000099", &format!("help {round}")),
        )
        .await?;
    }
    crowd(mesh, world).await;
    large_work(mesh).await
}

/// Everybody comes at once: what the gateway keeps for a connection and a request it keeps for all of them. Some may
/// be turned away, and nothing is made of the answers.
async fn crowd(mesh: &Mesh, world: &World) {
    let request = world.get("/api/v1/products?pageSize=100");
    for _ in 0..2 {
        let all = (0..CROWD).map(|_| wire::http(mesh.gateway, &request, Duration::from_secs(10)));
        futures_util::future::join_all(all).await;
    }
}

/// The largest deliveries that a provider may make, eight at once.
async fn large_work(mesh: &Mesh) -> anyhow::Result<()> {
    for round in 0..2 {
        let large = (0..8).map(|n| cases::large_delivery(round * 8 + n));
        let sent = large.map(|request| async move { ask_any(mesh, &request).await });
        for answer in futures_util::future::join_all(sent).await {
            answer?;
        }
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    Ok(())
}

async fn ask(mesh: &Mesh, request: &Request) -> anyhow::Result<Value> {
    Ok(serde_json::from_slice(&ask_any(mesh, request).await?)?)
}

async fn ask_any(mesh: &Mesh, request: &Request) -> anyhow::Result<Vec<u8>> {
    let seen = wire::http(mesh.gateway, request, Duration::from_secs(10)).await;
    let reply = seen.replies.into_iter().next().context("no answer")?;
    let body = String::from_utf8_lossy(&reply.body);
    anyhow::ensure!(
        reply.status < 300,
        "{} {} gave {} {body}",
        request.method,
        request.target,
        reply.status
    );
    Ok(reply.body)
}
