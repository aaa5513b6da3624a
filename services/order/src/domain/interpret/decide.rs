//! A line, a question, or nothing: never a guess between products.

use khaacho_text::{Measure, Size, Unit};

use super::catalogue::{ACCEPT, Fact};
use super::chunks::Reading;
use super::items::Item;
use super::narrow::{Candidates, candidates};
use super::quantity::Quantity;
use super::{Ask, Line, Reason};

/// What becomes of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Line(Line),
    Ask(Ask),
    /// Zero of it.
    Nothing,
}

/// From this size on a bare size names one pack: grams or millilitres.
const NAMES_A_PACK: i64 = 5_000;

/// An item with everything that decides it.
struct Case<'a> {
    reading: &'a Reading<'a>,
    item: &'a Item,
    found: Candidates,
    phrase: String,
}

/// The words for the product of an item, as typed.
pub fn phrase(reading: &Reading<'_>, item: &Item) -> String {
    let (from, to) = item.words.or(item.phrase).unwrap_or(item.tokens);
    reading.phrase(from, to).to_owned()
}

/// Decides an item.
pub fn decide(reading: &Reading<'_>, item: &Item, items: &[Item]) -> Outcome {
    let found = candidates(reading, item, items);
    let case = Case {
        reading,
        item,
        found,
        phrase: phrase(reading, item),
    };
    if case.found.products.is_empty() {
        let stated = item.counted().or(item.quantities.first()).copied();
        let (milli, unit, range) = stated.map_or((None, item.unit, None), |q| {
            (q.milli, q.unit.or(item.unit), q.range)
        });
        return Outcome::Ask(Ask {
            phrase: case.phrase,
            candidates: Vec::new(),
            milli,
            unit,
            reason: Reason::UnknownProduct,
            range,
            op: None,
            nameless: false,
            at: item.tokens.0,
        });
    }
    if let Some(count) = item.counted() {
        return case.counted(count);
    }
    let mut measures = item.quantities.iter().filter(|q| q.measures());
    match (measures.next(), measures.next()) {
        (Some(only), None) if only.describes => case.ask(Reason::Quantity, &case.found.products, None),
        (Some(only), None) => case.measured(only),
        (Some(first), Some(second)) => {
            let amount = if first.describes { second } else { first };
            case.measured(amount)
        }
        _ => case.ask(Reason::Quantity, &case.found.products, None),
    }
}

impl Case<'_> {
    fn fact(&self, product: u32) -> &Fact {
        &self.reading.mentions.products[product as usize]
    }

    fn sure(&self) -> bool {
        !self.found.doubtful && self.found.score >= ACCEPT && !self.item.alternative
    }

    fn ask(&self, reason: Reason, products: &[u32], stated: Option<&Quantity>) -> Outcome {
        let reason = if products.len() > 1 && matches!(reason, Reason::Quantity | Reason::Fraction) {
            Reason::Product
        } else {
            reason
        };
        Outcome::Ask(Ask {
            phrase: self.phrase.clone(),
            candidates: products.iter().map(|p| self.fact(*p).sku.clone()).collect(),
            milli: stated.and_then(|q| q.milli),
            unit: stated.and_then(|q| q.unit).or(self.item.unit),
            reason,
            range: stated.and_then(|q| q.range),
            op: None,
            nameless: false,
            at: self.item.tokens.0,
        })
    }

    fn line(&self, product: u32, milli: i64, unit: Unit) -> Outcome {
        let fact = self.fact(product);
        let unit = fact.stated(unit);
        Outcome::Line(Line {
            phrase: self.phrase.clone(),
            sku: fact.sku.clone(),
            milli: Some(milli),
            unit,
            factor: fact.factor(unit).unwrap_or(1),
            op: None,
            price_paisa: None,
            score: self.found.score,
            at: self.item.tokens.0,
        })
    }

    /// A number of units.
    fn counted(&self, count: &Quantity) -> Outcome {
        let mut count = *count;
        // "tin 2 ota": two tins
        let counter = count.unit == Some(Unit::Piece) && self.item.unit.is_some();
        count.unit = if counter {
            self.item.unit
        } else {
            count.unit.or(self.item.unit)
        };
        let all = &self.found.products;
        if count.milli == Some(0) && count.range.is_none() {
            return Outcome::Nothing;
        }
        if count.unit.is_none() {
            let implied = self
                .found
                .said
                .filter(|said| all.iter().any(|p| self.fact(*p).factor(*said).is_some()));
            count.unit = implied;
        }
        let fitting: Vec<u32> = match count.unit {
            Some(unit) => all
                .iter()
                .copied()
                .filter(|p| self.fact(*p).factor(unit).is_some())
                .collect(),
            None => all.clone(),
        };
        if fitting.is_empty() || count.odd_unit {
            return self.ask(Reason::Unit, all, Some(&count));
        }
        let [only] = fitting.as_slice() else {
            return self.ask(Reason::Product, &fitting, Some(&count));
        };
        let Some(milli) = count.milli.filter(|_| !count.negative) else {
            return self.ask(Reason::Quantity, &fitting, Some(&count));
        };
        if !self.sure() {
            return self.ask(Reason::Product, &fitting, Some(&count));
        }
        let fact = self.fact(*only);
        let sized = self.item.quantities.iter().any(Quantity::measures);
        if count.unit.is_none()
            && count.times
            && sized
            && milli == i64::from(fact.pack_quantity) * 1000
            && fact.pack_quantity > 1
        {
            // 1L x 10 describes the carton of ten
            return self.line(*only, 1000, fact.default_unit);
        }
        let unit = count.unit.unwrap_or(fact.default_unit);
        let sale = fact.factor(unit).map(|f| milli.checked_mul(i64::from(f)));
        match sale {
            Some(Some(sale)) if fact.loose() || sale % 1000 == 0 => self.line(*only, milli, unit),
            _ => self.ask(Reason::Fraction, &fitting, Some(&count)),
        }
    }

    /// A weight or a volume and no count.
    fn measured(&self, amount: &Quantity) -> Outcome {
        let all = &self.found.products;
        let size = amount.size().filter(|_| !amount.negative);
        let weight = amount.unit.and_then(Unit::measure) == Some(Measure::Weight);
        let loose: Vec<u32> = all.iter().copied().filter(|p| self.fact(*p).loose()).collect();
        if weight && !loose.is_empty() {
            return self.weighed(amount, size, loose);
        }
        let Some(size) = size else {
            return self.ask(
                if amount.range.is_some() || amount.negative {
                    Reason::Quantity
                } else {
                    Reason::Unit
                },
                all,
                Some(amount),
            );
        };
        let matching: Vec<u32> = all
            .iter()
            .copied()
            .filter(|p| self.fact(*p).size == Some(size))
            .collect();
        match matching.as_slice() {
            [] => self.ask(Reason::Unit, all, Some(amount)),
            [only] if size.amount >= NAMES_A_PACK && self.sure() => {
                self.line(*only, 1000, self.fact(*only).base_unit)
            }
            [_] if size.amount < NAMES_A_PACK => self.ask(Reason::Quantity, &matching, None),
            _ => self.ask(Reason::Product, &matching, Some(amount)),
        }
    }

    /// A weight of something that is sold by weight: loose, unless it is a whole number of sealed sacks as well.
    fn weighed(&self, amount: &Quantity, size: Option<Size>, loose: Vec<u32>) -> Outcome {
        let sack = |p: &u32| {
            let fact = self.fact(*p);
            let own = fact.size.filter(|_| fact.base_unit == Unit::Sack);
            own.zip(size).is_some_and(|(own, asked)| {
                own.measure == asked.measure && own.amount > 0 && asked.amount % own.amount == 0
            })
        };
        let mut fitting = loose;
        fitting.extend(
            self.found
                .products
                .iter()
                .copied()
                .filter(|p| !self.fact(*p).loose() && sack(p)),
        );
        fitting.sort_unstable();
        let kilograms = match amount.unit {
            Some(Unit::Gram) => amount.milli.filter(|m| m % 1000 == 0).map(|m| m / 1000),
            _ => amount.milli,
        };
        match (fitting.as_slice(), kilograms) {
            (_, Some(0)) => Outcome::Nothing,
            ([only], Some(milli)) if self.sure() && !amount.negative => self.line(*only, milli, Unit::Kg),
            ([_], Some(_)) if !self.sure() => self.ask(Reason::Product, &fitting, Some(amount)),
            ([_], _) => self.ask(Reason::Quantity, &fitting, Some(amount)),
            _ => self.ask(Reason::Product, &fitting, Some(amount)),
        }
    }
}
