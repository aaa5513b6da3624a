//! Error rates against labels. What counts is a line that was accepted and is wrong; a question too many is the price of
//! not having one.

use std::collections::{BTreeMap, BTreeSet};

use khaacho_inventory::domain::matcher::Described;
use khaacho_order::domain::interpret::{Line, Meaning, Party, Pay};
use khaacho_text::Unit;
use serde::Deserialize;

/// A labelled message.
#[derive(Debug, Deserialize)]
pub struct Label {
    /// Name.
    pub id: String,
    /// `retailer` or `vendor`.
    pub party: String,
    /// What was written.
    pub text: String,
    /// Language, for the groups of the report.
    pub lang: String,
    /// What must be done first.
    pub intent: String,
    /// Exact lines.
    #[serde(default)]
    pub lines: Vec<LabelLine>,
    /// Questions.
    #[serde(default)]
    pub ask: Vec<LabelAsk>,
    /// Products that are not wanted.
    #[serde(default)]
    pub exclude: Vec<LabelNamed>,
    /// Products that are asked or complained about.
    #[serde(default)]
    pub about: Vec<LabelNamed>,
    /// Further intents.
    #[serde(default)]
    pub also: Vec<String>,
    /// Order number.
    pub order_ref: Option<String>,
    /// Amount of a payment.
    pub amount_paisa: Option<i64>,
    /// `made` or `promise`.
    pub pay: Option<String>,
}

impl Label {
    /// Who writes.
    pub fn party(&self) -> Party {
        if self.party == "vendor" {
            Party::Vendor
        } else {
            Party::Retailer
        }
    }
}

/// A labelled line.
#[derive(Debug, Deserialize)]
pub struct LabelLine {
    sku: String,
    qty: Option<String>,
    unit: String,
    op: Option<String>,
    price_paisa: Option<i64>,
}

/// A labelled question.
#[derive(Debug, Deserialize)]
pub struct LabelAsk {
    /// The words it is about.
    pub phrase: String,
    /// Products that fit.
    pub candidates: Vec<String>,
}

/// A labelled phrase with its products.
#[derive(Debug, Deserialize)]
pub struct LabelNamed {
    /// Products.
    pub skus: Vec<String>,
}

/// Counts of a group of messages.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Messages.
    pub messages: u32,
    /// With the right first intent.
    pub intents: u32,
    /// Lines that are labelled.
    pub clear: u32,
    /// Of these: accepted as labelled.
    pub understood: u32,
    /// Of these: asked about without need.
    pub needless: u32,
    /// Of these: neither accepted nor asked about.
    pub missed: u32,
    /// Lines that were accepted.
    pub accepted: u32,
    /// Of these: not as labelled.
    pub silent_wrong: u32,
    /// Questions that are labelled.
    pub unclear: u32,
    /// Of these: asked.
    pub asked: u32,
    /// Of these: asked with exactly the labelled products.
    pub asked_exactly: u32,
    /// Questions that were asked.
    pub asks: u32,
    /// Messages whose `also`, `exclude`, `about`, number, amount and payment are all as labelled.
    pub details: u32,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.messages, other.messages),
            (&mut self.intents, other.intents),
            (&mut self.clear, other.clear),
            (&mut self.understood, other.understood),
            (&mut self.needless, other.needless),
            (&mut self.missed, other.missed),
            (&mut self.accepted, other.accepted),
            (&mut self.silent_wrong, other.silent_wrong),
            (&mut self.unclear, other.unclear),
            (&mut self.asked, other.asked),
            (&mut self.asked_exactly, other.asked_exactly),
            (&mut self.asks, other.asks),
            (&mut self.details, other.details),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }

    /// Part of a whole in percent; of nothing, 0.
    pub fn percent(part: u32, whole: u32) -> f64 {
        if whole == 0 {
            0.0
        } else {
            f64::from(part) * 100.0 / f64::from(whole)
        }
    }
}

/// All counts, and what went wrong.
#[derive(Debug, Default)]
pub struct Score {
    /// Everything.
    pub overall: Tally,
    /// By language.
    pub languages: BTreeMap<String, Tally>,
    /// One line for each message that is not as labelled.
    pub faults: Vec<String>,
}

impl Score {
    /// Adds a message.
    pub fn add(&mut self, catalogue: &[Described], label: &Label, got: &Meaning) {
        let (tally, faults) = compare(catalogue, label, got);
        self.overall.add(&tally);
        self.languages.entry(label.lang.clone()).or_default().add(&tally);
        if !faults.is_empty() {
            self.faults.push(format!(
                "{} \"{}\": {}",
                label.id,
                label.text.replace('\n', " / "),
                faults.join("; ")
            ));
        }
    }
}

/// What a line amounts to: product, operation → (quantity in thousandths of the sale unit, price).
type Sums = BTreeMap<(String, Option<String>), (Option<i64>, Option<i64>)>;

fn add(sums: &mut Sums, key: (String, Option<String>), milli: Option<i64>, price: Option<i64>) {
    let entry = sums.entry(key).or_insert((milli.map(|_| 0), price));
    entry.0 = entry.0.zip(milli).map(|(sum, more)| sum + more);
}

fn labelled(catalogue: &[Described], lines: &[LabelLine]) -> Sums {
    let mut sums = Sums::new();
    for line in lines {
        let units = catalogue
            .iter()
            .find(|p| p.sku == line.sku)
            .map(|p| p.order_units.as_slice());
        let unit = Unit::of_canonical(&line.unit);
        let factor = units
            .unwrap_or_default()
            .iter()
            .find(|(u, _)| Some(*u) == unit)
            .map_or(1, |(_, f)| i64::from(*f));
        let milli = line.qty.as_deref().map(|q| thousandths(q) * factor);
        add(
            &mut sums,
            (line.sku.clone(), line.op.clone()),
            milli,
            line.price_paisa,
        );
    }
    sums
}

fn thousandths(decimal: &str) -> i64 {
    let (whole, places) = decimal.split_once('.').unwrap_or((decimal, ""));
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    number(whole) * 1000 + number(&format!("{places:0<3}"))
}

fn accepted(lines: &[Line]) -> Sums {
    let mut sums = Sums::new();
    for line in lines {
        let milli = line.milli.map(|m| m * i64::from(line.factor));
        add(
            &mut sums,
            (line.sku.clone(), line.op.map(|op| op.as_str().to_owned())),
            milli,
            line.price_paisa,
        );
    }
    sums
}

fn compare(catalogue: &[Described], label: &Label, got: &Meaning) -> (Tally, Vec<String>) {
    let mut tally = Tally {
        messages: 1,
        ..Tally::default()
    };
    let mut faults = Vec::new();
    if got.intent.as_str() == label.intent {
        tally.intents = 1;
    } else {
        faults.push(format!("intent {} for {}", got.intent.as_str(), label.intent));
    }
    let (wanted, lines) = (labelled(catalogue, &label.lines), accepted(&got.lines));
    for (key, sum) in &lines {
        tally.accepted += 1;
        if wanted.get(key) != Some(sum) {
            tally.silent_wrong += 1;
            faults.push(format!("SILENT WRONG {key:?} {sum:?} for {:?}", wanted.get(key)));
        }
    }
    let questioned: BTreeSet<&str> = got
        .asks
        .iter()
        .flat_map(|a| a.candidates.iter().map(String::as_str))
        .collect();
    for (key, sum) in &wanted {
        tally.clear += 1;
        if lines.get(key) == Some(sum) {
            tally.understood += 1;
        } else if questioned.contains(key.0.as_str()) {
            tally.needless += 1;
            faults.push(format!("needless ask {}", key.0));
        } else if !lines.contains_key(key) {
            tally.missed += 1;
            faults.push(format!("missed {}", key.0));
        }
    }
    questions(label, got, &mut tally, &mut faults);
    details(label, got, &mut tally, &mut faults);
    (tally, faults)
}

fn questions(label: &Label, got: &Meaning, tally: &mut Tally, faults: &mut Vec<String>) {
    tally.asks += u32::try_from(got.asks.len()).unwrap_or(u32::MAX);
    for ask in &label.ask {
        tally.unclear += 1;
        let wanted: BTreeSet<&str> = ask.candidates.iter().map(String::as_str).collect();
        let same =
            |candidates: &[String]| candidates.iter().map(String::as_str).collect::<BTreeSet<_>>() == wanted;
        let touches = |phrase: &str| phrase.contains(&ask.phrase) || ask.phrase.contains(phrase);
        if got
            .asks
            .iter()
            .any(|a| same(&a.candidates) && (!wanted.is_empty() || touches(&a.phrase)))
        {
            tally.asked += 1;
            tally.asked_exactly += 1;
        } else if let Some(near) = got
            .asks
            .iter()
            .find(|a| touches(&a.phrase) || a.candidates.iter().any(|c| wanted.contains(c.as_str())))
        {
            tally.asked += 1;
            faults.push(format!("asks {:?} for {:?}", near.candidates, ask.candidates));
        } else {
            faults.push(format!("does not ask {:?}", ask.phrase));
        }
    }
}

fn details(label: &Label, got: &Meaning, tally: &mut Tally, faults: &mut Vec<String>) {
    let set = |lists: Vec<&[String]>| lists.into_iter().flatten().cloned().collect::<BTreeSet<String>>();
    let also: BTreeSet<&str> = got.also.iter().map(|i| i.as_str()).collect();
    let pay = got.pay.map(|p| match p {
        Pay::Made => "made",
        Pay::Promise => "promise",
    });
    let checks = [
        ("also", also == label.also.iter().map(String::as_str).collect()),
        (
            "exclude",
            set(got.exclude.iter().map(|n| n.skus.as_slice()).collect())
                == set(label.exclude.iter().map(|n| n.skus.as_slice()).collect()),
        ),
        (
            "about",
            set(got.about.iter().map(|n| n.skus.as_slice()).collect())
                == set(label.about.iter().map(|n| n.skus.as_slice()).collect()),
        ),
        ("order_ref", got.order_ref == label.order_ref),
        ("amount", got.amount_paisa == label.amount_paisa),
        ("pay", pay == label.pay.as_deref()),
    ];
    tally.details += u32::from(checks.iter().all(|(_, right)| *right));
    for (what, _) in checks.iter().filter(|(_, right)| !right) {
        faults.push(match *what {
            "also" => format!("also {:?}", got.also),
            "about" => format!(
                "about {:?}",
                got.about.iter().map(|n| &n.skus).collect::<Vec<_>>()
            ),
            "exclude" => format!(
                "exclude {:?}",
                got.exclude.iter().map(|n| &n.skus).collect::<Vec<_>>()
            ),
            other => format!("{other} differs: {:?} {:?}", got.order_ref, got.amount_paisa),
        });
    }
}
