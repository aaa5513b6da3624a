//! From a message to its meaning.

use super::chunks::{self, Reading};
use super::decide::{Outcome, decide, phrase};
use super::ideas::{Idea, Ideas};
use super::intent::{self, Signals};
use super::items::{Item, Parsed, items};
use super::narrow::candidates;
use super::{Intent, Meaning, Message, Named, Op, Party, Pay, Reason, change, vendor};

/// What an item is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Wanted.
    Order,
    /// A price is asked.
    Price,
    /// Stock is asked.
    Stock,
    /// Something is wrong with it.
    Issue,
    /// Not wanted.
    Exclude,
    /// Taken back.
    Gone,
}

/// Says what the message means.
pub fn meaning(message: &Message<'_>) -> Meaning {
    let reading = chunks::read(message.text, message.mentions);
    let parsed = items(&reading);
    let uses = uses(&reading, &parsed, message.party);
    match message.party {
        Party::Retailer => shop(message, &reading, &parsed, &uses),
        Party::Vendor => vendor::meaning(&reading, &parsed, &uses),
    }
}

/// A meaning with nothing in it yet.
pub fn empty(reading: &Reading<'_>, parsed: &Parsed) -> Meaning {
    let unknown = parsed
        .unknown
        .iter()
        .map(|(from, to)| reading.phrase(*from, *to).to_owned());
    Meaning {
        unknown: unknown.filter(|u| !u.is_empty()).collect(),
        order_ref: reading.noted.order_ref.clone(),
        ..Meaning::default()
    }
}

/// The products of an item after its unit narrowed them too.
pub fn named(reading: &Reading<'_>, parsed: &Parsed, item: &Item) -> Option<Named> {
    let mut found = candidates(reading, item, &parsed.items);
    let unit = item.counted().and_then(|q| q.unit).or(item.unit);
    // "rahar kg ko 210": what is sold by the kilogram
    let alone = item.quantities.is_empty();
    if let Some(unit) = unit.filter(|u| alone || u.measure().is_none()) {
        found.keep(|p| reading.mentions.products[p as usize].factor(unit).is_some());
    }
    for size in item.quantities.iter().filter_map(super::quantity::Quantity::size) {
        let fits = |own: khaacho_text::Size| {
            own.measure == size.measure && own.amount > 0 && size.amount % own.amount == 0
        };
        found.keep(|p| {
            let fact = &reading.mentions.products[p as usize];
            let whole = fact.size.is_some_and(fits);
            fact.size == Some(size) || fact.loose() || whole && fact.base_unit == khaacho_text::Unit::Sack
        });
    }
    let skus: Vec<String> = found.facts(reading.mentions).map(|f| f.sku.clone()).collect();
    (!skus.is_empty()).then(|| Named {
        phrase: phrase(reading, item),
        skus,
    })
}

fn uses(reading: &Reading<'_>, parsed: &Parsed, party: Party) -> Vec<Use> {
    let mut out: Vec<Use> = Vec::with_capacity(parsed.items.len());
    for item in &parsed.items {
        let own = change::around(parsed, item);
        let asked = parsed.asked.get(item.clause).copied().unwrap_or(false);
        out.push(match item {
            _ if item.withdrawn => Use::Gone,
            _ if owed(reading, item) => Use::Gone,
            // "bubble gum aa gaya kya": whether it is there
            _ if party == Party::Retailer
                && came(own)
                && item.quantities.is_empty()
                && (own.any(&[Idea::What, Idea::Ask]) || asked)
                && !intent::faulty(own) =>
            {
                Use::Stock
            }
            _ if party == Party::Retailer && came(own) => Use::Issue,
            // "order ma vako 2 ota phinel aayena"
            _ if party == Party::Retailer
                && own.has(Idea::NotCome)
                && !item.quantities.is_empty()
                && !own.any(&[Idea::Send, Idea::Need, Idea::Add, Idea::If]) =>
            {
                Use::Issue
            }
            _ if item.negated => Use::Exclude,
            _ if party == Party::Vendor => Use::Order,
            _ => asked_about(own, asked, item, reading).unwrap_or(Use::Order),
        });
    }
    // "chini ra nun ko rate": the question is about both
    for at in (0..out.len().saturating_sub(1)).rev() {
        let (item, next) = (&parsed.items[at], &parsed.items[at + 1]);
        let same = item.sentence == next.sentence && item.quantities.is_empty() && out[at] == Use::Order;
        if same
            && matches!(out[at + 1], Use::Price | Use::Stock | Use::Issue)
            && !clause(parsed, item).any(&[Idea::Send, Idea::Need])
        {
            out[at] = out[at + 1];
        }
    }
    out
}

/// "chini 2 bora ko paisa": the money for it is meant.
fn owed(reading: &Reading<'_>, item: &Item) -> bool {
    let ideas = |at: usize| reading.ideas.get(at).copied().unwrap_or_default();
    let after = ideas(item.tokens.1 + 1);
    let money = [
        Idea::PayWord,
        Idea::BillWord,
        Idea::StatementWord,
        Idea::BalanceWord,
    ];
    ideas(item.tokens.1).has(Idea::Of) && after.any(&money) && !after.has(Idea::Price)
}

/// "2 bora chini pugyo": goods that have come are not ordered by it.
fn came(own: Ideas) -> bool {
    let wanted = [
        Idea::Send,
        Idea::Need,
        Idea::Add,
        Idea::Remove,
        Idea::Set,
        Idea::If,
        Idea::Ask,
        Idea::Do,
        Idea::Same,
        Idea::Price,
    ];
    own.has(Idea::Arrived) && !own.any(&wanted)
}

fn clause(parsed: &Parsed, item: &Item) -> Ideas {
    parsed.clauses.get(item.clause).copied().unwrap_or_default()
}

/// Whether a question or a complaint is about the item.
fn asked_about(own: Ideas, asked: bool, item: &Item, reading: &Reading<'_>) -> Option<Use> {
    let price_asked = own.has(Idea::Price) && own.any(&[Idea::What, Idea::HowMuch]);
    if own.has(Idea::If) && !item.quantities.is_empty() && !asked && !price_asked {
        return None;
    }
    if !item.quantities.is_empty() && told(own, item, reading) {
        return Some(Use::Issue);
    }
    if own.has(Idea::CanYou) && own.any(&[Idea::Send, Idea::Need]) && !own.any(&[Idea::Price, Idea::HowMuch])
    {
        return None;
    }
    if intent::faulty(own) && !own.any(&[Idea::Need, Idea::Add, Idea::Remove]) {
        return Some(Use::Issue);
    }
    let priced = own.any(&[Idea::HowMuch, Idea::Discount])
        || own.has(Idea::Price) && (item.quantities.is_empty() || asked || own.has(Idea::What));
    let wants = own.any(&[Idea::Send, Idea::Need, Idea::Add, Idea::Remove, Idea::Set]);
    if priced && !(wants && !item.quantities.is_empty() && !own.has(Idea::HowMuch)) {
        let stock = own.any(&[Idea::StockWord, Idea::Ask]) && !own.any(&[Idea::Price, Idea::Discount]);
        return Some(if stock { Use::Stock } else { Use::Price });
    }
    if own.has(Idea::Ask) && !(wants && !item.quantities.is_empty() && !asked) {
        return Some(Use::Stock);
    }
    let there = own.any(&[Idea::Is, Idea::StockWord]) && (asked || item.quantities.is_empty());
    let wants = wants && !(asked && item.quantities.is_empty());
    let alone = item.quantities.is_empty()
        && !wants
        && (own.any(&[Idea::Is, Idea::StockWord]) || asked && reading.chunks.len() < 6);
    (there && !wants && !own.any(&[Idea::Same, Idea::Yes]) || alone).then_some(Use::Stock)
}

/// Whether something is told about the goods with a verb that is not known: "12 ota …eko cha", "were …ed".
fn told(own: Ideas, item: &Item, reading: &Reading<'_>) -> bool {
    if reading.says_any(&[
        Idea::Send,
        Idea::Need,
        Idea::Add,
        Idea::Remove,
        Idea::Set,
        Idea::Do,
    ]) {
        return false;
    }
    let behind = reading
        .chunks
        .iter()
        .skip_while(|c| c.from < item.tokens.1)
        .take_while(|c| c.what != chunks::What::Stop);
    let unknown = behind
        .filter(|c| c.what == chunks::What::Unknown)
        .map(|c| reading.tokens[c.from].key.as_str());
    let past = |word: &str| {
        ["eko", "iko", "iio", "eka", "ieko"]
            .iter()
            .any(|end| word.len() >= 5 && word.ends_with(end))
    };
    let words: Vec<&str> = unknown.collect();
    words.iter().any(|w| past(w)) && own.has(Idea::Is) || own.has(Idea::Were) && !words.is_empty()
}

fn shop(message: &Message<'_>, reading: &Reading<'_>, parsed: &Parsed, uses: &[Use]) -> Meaning {
    let mut out = empty(reading, parsed);
    let signals = Signals::read(message, reading, parsed, uses);
    let found = intent::shop(&signals);
    (out.intent, out.confidence, out.also) = (found.intent, found.confidence, found.also);
    let ordering = matches!(out.intent, Intent::Order | Intent::Change);
    let mut lines_changed = Vec::new();
    for (item, used) in parsed.items.iter().zip(uses) {
        match used {
            Use::Order if ordering => fill(reading, parsed, item, &mut out, &mut lines_changed),
            Use::Exclude if out.intent == Intent::Change => {
                fill(reading, parsed, item, &mut out, &mut lines_changed)
            }
            Use::Exclude => out.exclude.extend(named(reading, parsed, item)),
            Use::Price | Use::Stock | Use::Issue => {
                let about = named(reading, parsed, item);
                if about.is_none() {
                    out.unknown.push(phrase(reading, item));
                }
                out.about.extend(about.filter(|_| signals.about(out.intent)));
            }
            Use::Order if signals.about(out.intent) => out.about.extend(named(reading, parsed, item)),
            Use::Order => out
                .unknown
                .push(reading.phrase(item.tokens.0, item.tokens.1).to_owned()),
            Use::Gone => {}
        }
    }
    if out.intent == Intent::Change && out.lines.is_empty() && out.asks.is_empty() {
        out.asks
            .extend(parsed.bare.iter().take(1).map(|q| nameless(reading, q)));
    }
    if out.intent == Intent::Order && !out.also.contains(&Intent::Payment) {
        // numbers that no product took are named, not dropped
        let counts = parsed.bare.iter().filter(|q| q.unit.is_some());
        out.unknown
            .extend(counts.map(|q| reading.phrase(q.tokens.0, q.tokens.1).to_owned()));
    }
    if out.intent == Intent::Payment || out.also.contains(&Intent::Payment) {
        out.pay = Some(if signals.promises() {
            Pay::Promise
        } else {
            Pay::Made
        });
        out.amount_paisa = signals.amount;
    }
    out
}

/// Adds the line or the question of an item.
fn fill(reading: &Reading<'_>, parsed: &Parsed, item: &Item, out: &mut Meaning, changed: &mut Vec<Op>) {
    let op = (out.intent == Intent::Change).then(|| change::op(reading, parsed, item));
    changed.extend(op);
    if op == Some(Op::Remove) {
        remove(reading, parsed, item, out);
        return;
    }
    match decide(reading, item, &parsed.items) {
        Outcome::Line(mut line) => {
            line.op = op;
            out.lines.push(line);
        }
        Outcome::Ask(mut ask) => {
            ask.op = op;
            out.asks.push(ask);
        }
        Outcome::Nothing => {}
    }
}

/// "make it 4 cartons": of what, only the conversation knows.
fn nameless(reading: &Reading<'_>, quantity: &super::quantity::Quantity) -> super::Ask {
    let it = reading.tokens.iter().position(|t| {
        matches!(
            t.text.as_str(),
            "it" | "tyo" | "yo" | "use" | "isko" | "usko" | "त्यो" | "tyaslai"
        )
    });
    let (from, to) = it.map_or(quantity.tokens, |at| (at, at + 1));
    super::Ask {
        phrase: reading.phrase(from, to).to_owned(),
        candidates: Vec::new(),
        milli: quantity.milli,
        unit: quantity.unit,
        reason: Reason::UnknownProduct,
        range: quantity.range,
        op: Some(Op::Set),
        nameless: true,
        at: from,
    }
}

/// `remove` takes all of it away: no quantity, the default unit.
fn remove(reading: &Reading<'_>, parsed: &Parsed, item: &Item, out: &mut Meaning) {
    let found = candidates(reading, item, &parsed.items);
    let named = named(reading, parsed, item);
    match named.as_ref().map(|n| n.skus.as_slice()) {
        Some([sku]) if !found.doubtful && found.score >= super::catalogue::ACCEPT => {
            let Some(fact) = reading.mentions.products.iter().find(|f| f.sku == *sku) else {
                return;
            };
            out.lines.push(super::Line {
                phrase: phrase(reading, item),
                sku: sku.clone(),
                milli: Some(0),
                unit: fact.default_unit,
                factor: fact.factor(fact.default_unit).unwrap_or(1),
                op: Some(Op::Remove),
                price_paisa: None,
                score: found.score,
                at: item.tokens.0,
            });
        }
        skus => out.asks.push(super::Ask {
            phrase: phrase(reading, item),
            candidates: skus.unwrap_or_default().to_vec(),
            milli: None,
            unit: None,
            reason: if skus.is_some() {
                Reason::Product
            } else {
                Reason::UnknownProduct
            },
            range: None,
            op: Some(Op::Remove),
            nameless: false,
            at: item.tokens.0,
        }),
    }
}
