//! Reads the row from left to right. A product takes the quantity after it, or the one before it when the writer puts
//! quantities first; commas, joining words and complete items close an item.

mod counts;
mod grammar;
mod products;

use crate::domain::interpret::catalogue::Mentions;
use crate::domain::interpret::chunks::{Chunk, Reading, What};
use crate::domain::interpret::ideas::{Idea, Ideas};
use crate::domain::interpret::quantity::Quantity;

use super::lookahead::{ideas, next, product_follows};
use super::{Item, Narrowing, Parsed};

/// Most items of one message; what follows is not understood.
const ITEMS_MAX: usize = 120;

struct Builder<'a> {
    reading: &'a Reading<'a>,
    chunks: &'a [Chunk],
    out: Parsed,
    cur: Item,
    /// A comma stands behind the current item.
    sealed: bool,
    /// "no", "without": the next product is not wanted.
    not_next: bool,
    /// The next part replaces this item.
    corrects: Option<usize>,
    /// A word that is not understood stands right before.
    strange: Option<(usize, usize)>,
    /// The next item is an alternative to the one before.
    choice: bool,
    clause: usize,
    sentence: usize,
    /// Token behind a plain number that no item took.
    lost: Option<usize>,
    /// "instead of": the next product is taken away.
    swap_next: bool,
}

/// The items of a text.
pub fn items(reading: &Reading<'_>) -> Parsed {
    let mut builder = Builder {
        reading,
        chunks: &reading.chunks,
        out: Parsed {
            clauses: vec![Ideas::default()],
            asked: vec![false],
            sentences: vec![0],
            ..Parsed::default()
        },
        cur: Item::default(),
        sealed: false,
        not_next: false,
        corrects: None,
        strange: None,
        choice: false,
        clause: 0,
        sentence: 0,
        lost: None,
        swap_next: false,
    };
    for at in 0..reading.chunks.len() {
        builder.step(at);
    }
    builder.finish();
    builder.keep_strange();
    builder.share();
    builder.share_ahead();
    builder.out
}

impl Builder<'_> {
    fn mentions(&self) -> &Mentions {
        self.reading.mentions
    }

    fn step(&mut self, at: usize) {
        let chunk = &self.chunks[at];
        let has = ideas(&chunk.what);
        self.out.clauses[self.clause].add(has);
        match &chunk.what {
            What::Product(mention) => self.product(at, *mention),
            What::Code => {
                self.finish();
                self.cur.words = Some((chunk.from, chunk.to));
                self.touch(at);
            }
            What::Narrow(products) => self.narrow(at, Narrowing::Products(products.clone())),
            What::Size(big, list) => self.narrow(at, Narrowing::Size(*big, list.clone())),
            What::Loose => self.narrow(at, Narrowing::Loose),
            What::Quantity(quantity) => self.quantity(at, *quantity),
            What::Unit(unit) => {
                let goods = self.cur.named() || product_follows(self.chunks, at).is_some();
                let free = self.cur.unit.is_none() && self.cur.counted().is_none();
                // "maida 50 kg is now Rs 3180 per bag"
                let priced = self.cur.price_paisa.is_some() && self.cur.unit.is_none();
                if free && (goods || self.is_quantity(at + 1)) || priced {
                    self.cur.unit = Some(*unit);
                    self.touch(at);
                }
            }
            What::Comma | What::And | What::Or | What::Stop => self.boundary(at),
            What::Word(_) => self.word(at, has),
            What::Money(milli) => {
                let paisa = milli / 10;
                if self.cur.named() || !self.cur.quantities.is_empty() {
                    if *self.cur.price_paisa.get_or_insert(paisa) != paisa {
                        self.out.spare.push((chunk.from, chunk.to));
                    }
                } else if let Some(last) = self
                    .out
                    .items
                    .last_mut()
                    .filter(|i| i.sentence == self.sentence && i.price_paisa.is_none())
                {
                    last.price_paisa = Some(paisa);
                } else {
                    self.out.money.push(paisa);
                    self.out.money_at.push((chunk.from, chunk.to));
                }
            }
            What::Noise => {}
            What::Unknown => self.unknown(at),
        }
    }

    /// What is said once for each thing counts those before it that have no quantity of their own.
    fn share(&mut self) {
        for at in (1..self.out.items.len()).rev() {
            let item = &self.out.items[at];
            let Some(count) = item.counted().copied().filter(|q| self.for_each(item, q)) else {
                continue;
            };
            let (sentence, negated) = (item.sentence, item.negated);
            for before in self.out.items[..at].iter_mut().rev() {
                let free = before.quantities.iter().all(|q| q.measures()) && before.unit.is_none();
                if before.sentence != sentence || before.negated != negated || before.withdrawn || !free {
                    break;
                }
                before.quantities.push(count);
            }
        }
    }

    /// "2 carton each of lux, lifebuoy and neema", "ek ek carton rara ra wai wai": said before the things it counts.
    fn share_ahead(&mut self) {
        for at in 0..self.out.items.len() {
            let item = &self.out.items[at];
            let ahead =
                |q: &&Quantity| item.phrase.is_some_and(|p| q.tokens.0 < p.0) && self.for_each(item, q);
            let Some(count) = item.quantities.iter().find(ahead).copied() else {
                continue;
            };
            let (sentence, negated) = (item.sentence, item.negated);
            for after in self.out.items[at + 1..].iter_mut() {
                let free = after.quantities.iter().all(|q| q.measures()) && after.unit.is_none();
                if after.sentence != sentence || after.negated != negated || after.withdrawn || !free {
                    break;
                }
                after.quantities.push(count);
            }
        }
    }

    /// Whether the quantity is said for each thing.
    fn for_each(&self, item: &Item, count: &Quantity) -> bool {
        let word = |at: usize| self.reading.ideas.get(at).is_some_and(|i| i.has(Idea::Each));
        count.each
            || word(item.tokens.1)
            || word(count.tokens.1)
            || count.tokens.0.checked_sub(1).is_some_and(word)
    }

    fn is_quantity(&self, at: usize) -> bool {
        self.chunks
            .get(at)
            .is_some_and(|c| matches!(c.what, What::Quantity(_)))
    }

    fn touch(&mut self, at: usize) {
        let chunk = &self.chunks[at];
        if self.cur.tokens == (0, 0) {
            self.cur.tokens = (chunk.from, chunk.to);
            self.cur.clause = self.clause;
            self.cur.sentence = self.sentence;
            // "2+1 carton": a number right before belongs to it somehow
            let near = self.lost.take().is_some_and(|end| chunk.from <= end + 1);
            self.cur.doubtful |= near;
        }
        self.cur.tokens.1 = chunk.to;
    }

    /// Closes the current item.
    fn finish(&mut self) {
        self.sealed = false;
        let mut item = std::mem::take(&mut self.cur);
        if item.is_empty() || self.out.items.len() >= ITEMS_MAX {
            return;
        }
        if !item.named() {
            // "1 carton ra chicken wala 2 carton": a variant or a size takes the product of the item before
            let describes = !item.narrowings.is_empty()
                || item.quantities.len() > 1 && item.quantities.iter().any(Quantity::measures);
            let before = self.out.items.iter().rposition(|i| !i.mentions.is_empty());
            let bare = before.is_some_and(|b| self.counts_again(b, &item));
            if let Some(before) = before.filter(|_| bare && !describes && self.explains(&item)) {
                // 1 carton (30 packet): the same in other words, or a contradiction
                let same = self.same_amount(before, &item);
                self.out.items[before].doubtful |= !same;
                return;
            }
            match before.filter(|_| describes && !item.doubtful || bare) {
                Some(before) => {
                    // "5 packet bidi 1 bundle": which number counts what?
                    let before_it = |i: &Item| {
                        i.phrase
                            .is_some_and(|p| i.quantities.iter().any(|q| q.tokens.0 < p.0))
                    };
                    if bare && !describes && before_it(&self.out.items[before]) && !self.was(before) {
                        self.out.items[before].doubtful = true;
                        item.doubtful = true;
                    }
                    if bare && !describes && self.same_unit(before, &item) {
                        // "5 gardinu" may only be politeness, "5 banaidinu" is not
                        let clause = self.out.clauses.get(self.clause).copied().unwrap_or_default();
                        let made = clause.has(Idea::Set)
                            || clause.has(Idea::MakeIt) && !clause.has(Idea::Do)
                            || self.was(before);
                        if let Some(count) = item.counted().copied().filter(|_| made) {
                            // "soda 3 crate thiyo, 5 crate banaidinu"
                            self.correct(before, count);
                            self.out.items[before].replaced = true;
                            return;
                        }
                        // a correction, or more of it: which, only the writer knows
                        self.out.items[before].doubtful = true;
                        item.doubtful = true;
                    }
                    item.carried = Some(before);
                }
                None if describes && item.counted().is_some()
                    || item.unit.is_some() && item.counted().is_some() =>
                {
                    item.words = Some(self.described(&item));
                }
                None => {
                    let small = |q: &&Quantity| q.unit.is_none() && q.milli.is_some_and(|m| m <= 200_000);
                    self.lost = item.quantities.iter().find(small).map(|q| q.tokens.1);
                    self.out.bare.extend(item.quantities.iter().copied());
                    return;
                }
            }
        }
        item.negated |= self.not_next;
        item.alternative |= std::mem::take(&mut self.choice);
        if item.alternative
            && let Some(last) = self.out.items.last_mut()
        {
            last.alternative = true;
        }
        self.out.items.push(item);
    }

    /// `chini 2 bora 5 packet`; or the quantity of a product that was only asked about.
    fn counts_again(&self, before: usize, item: &Item) -> bool {
        let last = &self.out.items[before];
        let unit = item.counted().is_some_and(|q| q.unit.is_some());
        let latest = before + 1 == self.out.items.len();
        unit && latest
            && !last.negated
            && !item.doubtful
            && (last.quantities.is_empty() || last.sentence == item.sentence)
    }

    /// Whether the item stands in brackets or behind an equals sign.
    fn explains(&self, item: &Item) -> bool {
        let before = item
            .tokens
            .0
            .checked_sub(1)
            .and_then(|b| self.reading.tokens.get(b));
        before.is_some_and(|t| t.is("(") || t.is("=") || t.is("["))
    }

    /// Whether both quantities are the same in sale units of a product that is meant.
    fn same_amount(&self, before: usize, item: &Item) -> bool {
        let source = &self.out.items[before];
        let Some(mention) = source.mentions.first() else {
            return false;
        };
        let sale = |i: &Item, p: &u32| {
            let (fact, quantity) = (&self.mentions().products[*p as usize], i.counted()?);
            let factor = fact.factor(quantity.unit.unwrap_or(fact.default_unit))?;
            quantity.milli?.checked_mul(i64::from(factor))
        };
        let mut products = self.mentions().mentions[*mention].products.iter();
        products.any(|p| sale(source, p).is_some() && sale(source, p) == sale(item, p))
    }

    /// The same product in the same unit twice: perhaps a correction, perhaps more of it.
    fn same_unit(&self, before: usize, item: &Item) -> bool {
        let unit = |i: &Item| i.counted().and_then(|q| q.unit);
        self.out.items[before].counted().is_some() && unit(&self.out.items[before]) == unit(item)
    }

    /// "4 bora lekheko thiye", "20 bora magnu bhako": the quantity is what was said or ordered before.
    fn was(&self, before: usize) -> bool {
        let end = self.out.items[before].counted().map(|q| q.tokens.1);
        let words = end
            .and_then(|end| self.reading.tokens.get(end..))
            .unwrap_or_default();
        let mut near = words.iter().take(2);
        near.any(|t| t.kind == khaacho_text::Kind::Word && super::past::said(&t.key))
    }

    /// The words of an item without a product: what describes it.
    fn described(&self, item: &Item) -> (usize, usize) {
        let size = item
            .quantities
            .iter()
            .find(|q| q.measures() && item.quantities.len() > 1);
        let strange = self
            .out
            .unknown
            .last()
            .filter(|(_, to)| item.doubtful && *to == item.tokens.0);
        match size {
            None if strange.is_some() => (strange.map_or(0, |s| s.0), item.narrowed.unwrap_or(item.tokens.1)),
            Some(size) => (size.tokens.0, size.tokens.1 + usize::from(size.describes)),
            None => item.tokens,
        }
    }

    fn keep_strange(&mut self) {
        if let Some(words) = self.strange.take() {
            self.out.unknown.push(words);
        }
    }

    fn boundary(&mut self, at: usize) {
        let what = &self.chunks[at].what;
        let stop = matches!(what, What::Stop);
        self.keep_strange();
        self.cur.negated |= self.not_next && self.cur.named();
        // "25 kg wala, 60 bora": the size waits for its count
        let complete = self.cur.named() && self.cur.quantities.iter().any(|q| !q.describes || !q.measures());
        let ends = stop && !self.continues(at);
        if self.awaits_count(at) {
            return;
        }
        // "3 carton ya 4 carton" is a range
        let range = matches!(what, What::Or)
            && matches!(next(self.chunks, at), Some((i, What::Quantity(_))) if product_follows(self.chunks, i).is_none());
        if range && complete {
            return;
        }
        if complete || ends || self.cur.negated {
            self.finish();
        } else if !self.cur.is_empty() {
            self.sealed = true;
        }
        let counts = matches!(next(self.chunks, at), Some((_, What::Quantity(_))));
        let other =
            counts && next(self.chunks, at).is_some_and(|(i, _)| product_follows(self.chunks, i).is_some());
        if matches!(what, What::Or) && (self.cur.named() || !self.out.items.is_empty()) {
            if self.cur.named() {
                self.finish();
            }
            let names = matches!(
                next(self.chunks, at),
                Some((_, What::Product(_) | What::Narrow(_)))
            );
            self.choice = names || other;
        }
        if !matches!(what, What::And) {
            self.not_next &= matches!(what, What::Comma)
                && !self
                    .reading
                    .phrase(self.chunks[at].from, self.chunks[at].to)
                    .contains(',');
        }
        if stop {
            let mark = self
                .reading
                .tokens
                .get(self.chunks[at].from)
                .is_some_and(|t| t.is("?"));
            for clause in (0..self.out.clauses.len()).filter(|c| self.out.sentences[*c] == self.sentence) {
                self.out.asked[clause] |= mark;
            }
            self.sentence += 1;
        }
        self.clause += 1;
        self.out.clauses.push(Ideas::default());
        self.out.asked.push(false);
        self.out.sentences.push(self.sentence);
    }

    /// "Coke 1.5 L - 4 cartons": what stands before the dash is the size of a pack, and what follows counts it.
    fn awaits_count(&self, at: usize) -> bool {
        let sign = self.reading.tokens.get(self.chunks[at].from);
        let dash = sign.is_some_and(|t| ["-", "–", "—", ":", "="].iter().any(|dash| t.is(dash)));
        let sized = !self.cur.quantities.is_empty() && self.cur.quantities.iter().all(|q| self.is_size(q));
        let count = match next(self.chunks, at) {
            Some((i, What::Quantity(q))) => !q.measures() && product_follows(self.chunks, i).is_none(),
            _ => false,
        };
        dash && sized && count
    }

    /// A product at the end of a line whose quantity stands on the next one.
    fn continues(&self, at: usize) -> bool {
        let line = self
            .reading
            .tokens
            .get(self.chunks[at].from)
            .is_some_and(|t| t.kind == khaacho_text::Kind::Break);
        line && self.cur.named() && self.is_quantity(at + 1) && product_follows(self.chunks, at + 1).is_none()
    }

    fn unknown(&mut self, at: usize) {
        let chunk = &self.chunks[at];
        if self.cur.named() && self.cur.quantities.is_empty() && !self.sealed {
            // a word right behind the product may make it another one
            if self.cur.words.is_some() {
                self.touch(at);
                self.cur.words = self.cur.words.map(|(from, _)| (from, chunk.to));
            } else {
                self.cur.doubtful |= self.beside(at);
                self.out.unknown.push((chunk.from, chunk.to));
            }
            return;
        }
        let complete = self.cur.named() || !self.cur.mentions.is_empty();
        let touching = at
            .checked_sub(1)
            .is_some_and(|b| matches!(self.chunks[b].what, What::Quantity(_) | What::Unknown));
        let goods = self
            .cur
            .quantities
            .iter()
            .any(|q| q.unit.is_some() || q.milli.is_some_and(|m| m <= 200_000));
        if !complete && goods && !self.sealed && touching && product_follows(self.chunks, at).is_none() {
            // 2 carton vim
            self.cur.words = Some((chunk.from, chunk.to));
            self.touch(at);
            return;
        }
        match &mut self.strange {
            Some((_, to)) if *to == chunk.from => *to = chunk.to,
            other => {
                let before = other.replace((chunk.from, chunk.to));
                self.out.unknown.extend(before);
            }
        }
    }

    /// Whether the unknown word stands between the product and its quantity or its describing word.
    fn beside(&self, at: usize) -> bool {
        let touching = at.checked_sub(1).is_some_and(|b| {
            matches!(
                self.chunks[b].what,
                What::Product(_) | What::Narrow(_) | What::Unknown | What::Size(..)
            )
        });
        touching
            && next(self.chunks, at)
                .is_some_and(|(_, w)| matches!(w, What::Quantity(_) | What::Unknown | What::Unit(_)))
            || self
                .chunks
                .get(at + 1)
                .is_some_and(|c| ideas(&c.what).has(Idea::Of))
    }
}
