//! `khaacho parse`.

use std::io::{BufRead as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use khaacho_inventory::domain::matcher::{Described, Matcher};
use khaacho_order::domain::interpret::{Awaiting, Party};

use crate::cli::Parse;
use crate::parse::json::{In, Out};
use crate::parse::report;
use crate::parse::scale::enlarged;
use crate::parse::score::{Label, Score};
use crate::parse::{CATALOGUE, catalogue, understand};

/// Products that are searched for when searches are measured.
const SEARCHED: usize = 200;
/// Most letters of a typed query.
const TYPED_MAX: usize = 24;
/// Products that a search answers with.
const FOUND_MAX: usize = 20;

/// Says what messages mean, or how often it is wrong.
pub fn run(options: &Parse) -> anyhow::Result<()> {
    let csv = match &options.catalogue {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
        }
        None => CATALOGUE.to_owned(),
    };
    let mut products = catalogue::read(&csv)?;
    if let Some(number) = options.products {
        products = enlarged(&products, number);
    }
    let matcher = Matcher::build(products.clone());
    if options.report {
        print!("{}", report::page()?);
        return Ok(());
    }
    match &options.score {
        Some(path) => {
            let labels =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            score(&labels, &products, &matcher, options.faults)
        }
        None => messages(&matcher, options.explain),
    }
}

fn messages(matcher: &Matcher, explain: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let message: In =
            serde_json::from_str(&line).with_context(|| format!("line {} is no message", number + 1))?;
        let meaning = understand(matcher, &message.text, message.party(), message.awaiting());
        serde_json::to_writer(&mut out, &Out::of(message.id, meaning, explain))?;
        writeln!(out)?;
    }
    Ok(())
}

fn score(labels: &str, products: &[Described], matcher: &Matcher, faults: bool) -> anyhow::Result<()> {
    let mut score = Score::default();
    let mut times = Vec::new();
    // the word lists are read once
    understand(matcher, "", Party::Retailer, Awaiting::Unstated);
    for (number, line) in labels.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let label: Label =
            serde_json::from_str(line).with_context(|| format!("line {} is no label", number + 1))?;
        let begun = Instant::now();
        let got = understand(matcher, &label.text, label.party(), Awaiting::Unstated);
        times.push(begun.elapsed());
        score.add(products, &label, &got);
    }
    if faults {
        score.faults.iter().for_each(|fault| println!("{fault}"));
    }
    print!("{}", report::table(&score));
    println!("time per message: {}", told(times));
    println!("time per search: {}", told(searches(products, matcher)));
    Ok(())
}

/// Searches as they are typed, letter by letter, for some products; every other one with a slip of the finger.
fn searches(products: &[Described], matcher: &Matcher) -> Vec<Duration> {
    let every = (products.len() / SEARCHED).max(1);
    let mut times = Vec::new();
    for (n, product) in products.iter().step_by(every).enumerate() {
        let letters: Vec<char> = product.name.chars().collect();
        for end in (2..=letters.len().min(TYPED_MAX)).step_by(3) {
            let mut typed = letters[..end].to_vec();
            if n % 2 == 1 && end > 4 {
                typed.swap(2, 3);
            }
            let query: String = typed.into_iter().collect();
            let begun = Instant::now();
            std::hint::black_box(matcher.search(&query, FOUND_MAX));
            times.push(begun.elapsed());
        }
    }
    times
}

/// Median, 95th and 99th of a hundred, slowest.
fn told(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        let last = times.len().saturating_sub(1);
        times.get((times.len() * percent / 100).min(last))
    };
    let micros = |percent| at(percent).map_or(0, Duration::as_micros);
    format!(
        "p50 {} µs, p95 {} µs, p99 {} µs, slowest {} µs",
        micros(50),
        micros(95),
        micros(99),
        micros(100)
    )
}
