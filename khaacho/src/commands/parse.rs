//! `khaacho parse`.

use std::io::{BufRead as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use khaacho_inventory::domain::matcher::{Described, Matcher};
use khaacho_order::domain::interpret::{Awaiting, Party};

use crate::cli::Parse;
use crate::parse::json::{In, Out};
use crate::parse::report;
use crate::parse::score::{Label, Score};
use crate::parse::{CATALOGUE, catalogue, understand};

/// Says what messages mean, or how often it is wrong.
pub fn run(options: &Parse) -> anyhow::Result<()> {
    let csv = match &options.catalogue {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
        }
        None => CATALOGUE.to_owned(),
    };
    let products = catalogue::read(&csv)?;
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
        None => messages(&matcher),
    }
}

fn messages(matcher: &Matcher) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let message: In =
            serde_json::from_str(&line).with_context(|| format!("line {} is no message", number + 1))?;
        let meaning = understand(matcher, &message.text, message.party(), message.awaiting());
        serde_json::to_writer(&mut out, &Out::of(message.id, meaning))?;
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
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
            .copied()
    };
    let micros = |time: Option<Duration>| time.map_or(0, |t| t.as_micros());
    println!(
        "time per message: p50 {} µs, p99 {} µs, slowest {} µs",
        micros(at(50)),
        micros(at(99)),
        micros(at(100))
    );
    Ok(())
}
