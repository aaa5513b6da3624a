//! What a wholesaler can supply of an order, as his sentence says it, line by line of the order. It changes nothing: an order
//! is taken as a whole or not at all, and fewer goods than the shop confirmed need the shop's word.

use khaacho_money::Quantity;
use khaacho_text::Unit;

use super::Line;
use super::basket::Shelf;
use super::interpret::{Ask, Meaning, Named};
use super::vendor_update::quantity;

/// How much he supplies of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supply {
    /// All of it.
    All,
    /// So much: a decimal, in this unit.
    Some(String, String),
    /// None of it.
    Nothing,
    /// He has not said.
    Unsaid,
}

impl Supply {
    /// Name in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Some(..) => "some",
            Self::Nothing => "none",
            Self::Unsaid => "unsaid",
        }
    }
}

/// An order as a sentence says that it can be supplied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partial {
    /// One for each line of the order.
    pub supplies: Vec<Supply>,
    /// Words for goods that no line of the order is.
    pub foreign: Vec<String>,
    /// Words that are not clear.
    pub unclear: Vec<String>,
}

impl Partial {
    /// Whether he supplies the whole order and says nothing else.
    pub fn is_whole(&self) -> bool {
        self.is_clear() && self.supplies.iter().all(|supply| *supply == Supply::All)
    }

    /// Whether he supplies nothing of it and says nothing else.
    pub fn is_nothing(&self) -> bool {
        self.is_clear() && self.supplies.iter().all(|supply| *supply == Supply::Nothing)
    }

    /// Whether something of it is understood.
    pub fn says_something(&self) -> bool {
        self.supplies.iter().any(|supply| *supply != Supply::Unsaid)
    }

    fn is_clear(&self) -> bool {
        self.foreign.is_empty() && self.unclear.is_empty() && !self.supplies.is_empty()
    }
}

/// What is known of one line so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Thousandths of the sale unit, and the item that says so.
    Milli(i64, usize),
    All,
    /// None of it, said of so many products at once.
    Nothing(usize),
    /// Two different things were said.
    Twice,
}

/// Reads a partial acceptance against the lines of an order.
pub fn partial(meaning: &Meaning, shelf: &Shelf, lines: &[Line]) -> Partial {
    let mut reader = Reader {
        meaning,
        shelf,
        lines,
        known: vec![None; lines.len()],
        out: Partial::default(),
    };
    for named in &meaning.exclude {
        reader.family(named, Known::Nothing(named.skus.len()));
    }
    for named in &meaning.supplies {
        reader.family(named, Known::All);
    }
    for line in &meaning.lines {
        let milli = line
            .milli
            .and_then(|milli| milli.checked_mul(i64::from(line.factor.max(1))));
        match reader.place(std::slice::from_ref(&line.sku)) {
            Place::Line(at) => reader.counted(at, milli, line.at, &line.phrase),
            Place::Several => reader.unclear(line.at, &line.phrase),
            Place::None => reader.foreign(line.at, &line.phrase),
        }
    }
    for ask in &meaning.asks {
        reader.asked(ask);
    }
    reader.out.unclear.extend(meaning.unknown.iter().cloned());
    reader.end()
}

/// Where goods stand in an order.
enum Place {
    Line(usize),
    Several,
    None,
}

struct Reader<'a> {
    meaning: &'a Meaning,
    shelf: &'a Shelf,
    lines: &'a [Line],
    known: Vec<Option<Known>>,
    out: Partial,
}

impl Reader<'_> {
    fn place(&self, skus: &[String]) -> Place {
        let mut places = (0..self.lines.len()).filter(|at| skus.contains(&self.lines[*at].sku));
        match (places.next(), places.next()) {
            (Some(at), None) => Place::Line(at),
            (Some(_), Some(_)) => Place::Several,
            (None, _) => Place::None,
        }
    }

    /// All products of a name: no oil is no oil of the order at all. A narrower name stands against a wider one.
    fn family(&mut self, named: &Named, what: Known) {
        let (mut found, mut twice) = (false, false);
        for at in 0..self.lines.len() {
            if named.skus.contains(&self.lines[at].sku) {
                found = true;
                self.known[at] = match self.known[at] {
                    Some(Known::Nothing(wide)) if what == Known::All && named.skus.len() >= wide => {
                        twice = true;
                        Some(Known::Twice)
                    }
                    _ => Some(what),
                };
            }
        }
        if twice {
            self.out.unclear.push(named.phrase.clone());
        }
        if !found {
            self.out.foreign.push(named.phrase.clone());
        }
    }

    /// So much of a line. It stands against what is said of a family.
    fn counted(&mut self, at: usize, milli: Option<i64>, item: usize, phrase: &str) {
        let Some(milli) = milli.filter(|milli| *milli >= 0) else {
            self.unclear(item, phrase);
            return;
        };
        match self.known[at] {
            Some(Known::Milli(before, first)) if before != milli => {
                self.known[at] = Some(Known::Twice);
                self.unclear(first, phrase);
                self.unclear(item, phrase);
            }
            Some(Known::Twice) => self.unclear(item, phrase),
            _ => self.known[at] = Some(Known::Milli(milli, item)),
        }
    }

    /// Something that is clear only against the order: it may hold just one of the products that fit.
    fn asked(&mut self, ask: &Ask) {
        let place = if ask.nameless && self.lines.len() == 1 {
            Place::Line(0)
        } else {
            self.place(&ask.candidates)
        };
        match place {
            Place::Line(at) => {
                let milli = self.in_sale_units(at, ask);
                self.counted(at, milli, ask.at, &ask.phrase);
            }
            Place::None if !ask.candidates.is_empty() => self.foreign(ask.at, &ask.phrase),
            Place::Several | Place::None => self.unclear(ask.at, &ask.phrase),
        }
    }

    /// Thousandths of the sale unit; a number alone counts what the order counts.
    fn in_sale_units(&self, at: usize, ask: &Ask) -> Option<i64> {
        let line = &self.lines[at];
        let factor = match ask.unit.map(Unit::as_str) {
            Some(unit) if unit != line.unit => i64::from(self.shelf.get(&line.sku)?.factor(unit)?),
            _ => factor(line)?,
        };
        ask.milli?.checked_mul(factor)
    }

    fn words(&self, item: usize, phrase: &str) -> String {
        let said = self.meaning.said.iter().find(|said| said.at == item);
        said.map_or_else(|| phrase.to_owned(), |said| said.words.clone())
    }

    fn unclear(&mut self, item: usize, phrase: &str) {
        let words = self.words(item, phrase);
        self.out.unclear.push(words);
    }

    fn foreign(&mut self, item: usize, phrase: &str) {
        let words = self.words(item, phrase);
        self.out.foreign.push(words);
    }

    fn end(mut self) -> Partial {
        let supply = |(line, known): (&Line, &Option<Known>)| match known {
            Some(Known::All) => Supply::All,
            Some(Known::Milli(milli, _)) if *milli >= line.quantity_milli => Supply::All,
            Some(Known::Milli(0, _) | Known::Nothing(_)) => Supply::Nothing,
            Some(Known::Milli(milli, _)) => so_much(line, *milli, self.shelf),
            Some(Known::Twice) => Supply::Unsaid,
            None if self.meaning.rest => Supply::All,
            None => Supply::Unsaid,
        };
        self.out.supplies = self.lines.iter().zip(&self.known).map(supply).collect();
        self.out
    }
}

/// Sale units in one unit of the line.
fn factor(line: &Line) -> Option<i64> {
    let ordered = line.quantity.parse::<Quantity>().ok()?.milli();
    (ordered > 0 && line.quantity_milli % ordered == 0).then(|| line.quantity_milli / ordered)
}

/// In the unit of the line where that is exact, else in sale units.
fn so_much(line: &Line, milli: i64, shelf: &Shelf) -> Supply {
    match factor(line) {
        Some(factor) if milli % (factor * 1000) == 0 || factor == 1 => {
            Supply::Some(quantity(milli / factor), line.unit.clone())
        }
        _ => {
            let unit = shelf.get(&line.sku).map(|goods| goods.sale_unit().to_owned());
            Supply::Some(quantity(milli), unit.unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests;
