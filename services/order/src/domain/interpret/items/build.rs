//! Reads the row from left to right. A product takes the quantity after it, or the one before it when the writer puts
//! quantities first; commas, joining words and complete items close an item.

use crate::domain::interpret::catalogue::{How, Mentions};
use crate::domain::interpret::chunks::{Chunk, Reading, What};
use crate::domain::interpret::ideas::{Idea, Ideas};
use crate::domain::interpret::quantity::Quantity;

use super::lookahead::{ideas, next, next_anywhere, product_follows, quantity_follows, shared};
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
}

/// The items of a text.
pub fn items(reading: &Reading<'_>) -> Parsed {
    let mut builder = Builder {
        reading,
        chunks: &reading.chunks,
        out: Parsed { clauses: vec![Ideas::default()], asked: vec![false], sentences: vec![0], ..Parsed::default() },
        cur: Item::default(),
        sealed: false,
        not_next: false,
        corrects: None,
        strange: None,
        choice: false,
        clause: 0,
        sentence: 0,
    };
    for at in 0..reading.chunks.len() {
        builder.step(at);
    }
    builder.finish();
    builder.keep_strange();
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
                if self.cur.unit.is_none() && self.cur.quantities.is_empty() && (self.cur.named() || self.is_quantity(at + 1) || product_follows(self.chunks, at).is_some()) {
                    if self.cur.counted().is_none() {
                        self.cur.unit = Some(*unit);
                        self.touch(at);
                    }
                }
            }
            What::Comma | What::And | What::Or | What::Stop => self.boundary(at),
            What::Word(_) => self.word(at, has),
            What::Money(milli) => {
                let paisa = milli / 10;
                if self.cur.named() || !self.cur.quantities.is_empty() {
                    self.cur.price_paisa.get_or_insert(paisa);
                } else if let Some(last) = self.out.items.last_mut().filter(|i| i.sentence == self.sentence && i.price_paisa.is_none()) {
                    last.price_paisa = Some(paisa);
                } else {
                    self.out.money.push(paisa);
                }
            }
            What::Noise => {}
            What::Unknown => self.unknown(at),
        }
    }

    fn is_quantity(&self, at: usize) -> bool {
        self.chunks.get(at).is_some_and(|c| matches!(c.what, What::Quantity(_)))
    }

    fn touch(&mut self, at: usize) {
        let chunk = &self.chunks[at];
        if self.cur.tokens == (0, 0) {
            self.cur.tokens = (chunk.from, chunk.to);
            self.cur.clause = self.clause;
            self.cur.sentence = self.sentence;
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
            let describes = !item.narrowings.is_empty() || item.quantities.len() > 1 && item.quantities.iter().any(Quantity::measures);
            let before = self.out.items.iter().rposition(|i| !i.mentions.is_empty());
            let bare = before.is_some_and(|b| self.counts_again(b, &item));
            match before.filter(|_| describes && !item.doubtful || bare) {
                Some(before) => {
                    // "5 packet bidi 1 bundle": which number counts what?
                    let before_it = |i: &Item| i.phrase.is_some_and(|p| i.quantities.iter().any(|q| q.tokens.0 < p.0));
                    if bare && !describes && before_it(&self.out.items[before]) {
                        self.out.items[before].doubtful = true;
                        item.doubtful = true;
                    }
                    item.doubtful |= bare && !describes && self.same_unit(before, &item);
                    item.carried = Some(before);
                }
                None if describes && item.counted().is_some() || item.unit.is_some() && item.counted().is_some() => {
                    item.words = Some(self.described(&item));
                }
                None => {
                    self.out.bare.extend(item.quantities.iter().copied());
                    return;
                }
            }
        }
        item.negated |= self.not_next;
        item.alternative |= std::mem::take(&mut self.choice);
        if item.alternative && let Some(last) = self.out.items.last_mut() {
            last.alternative = true;
        }
        self.out.items.push(item);
    }

    /// `chini 2 bora 5 packet`; or the quantity of a product that was only asked about.
    fn counts_again(&self, before: usize, item: &Item) -> bool {
        let last = &self.out.items[before];
        let unit = item.counted().is_some_and(|q| q.unit.is_some());
        let latest = before + 1 == self.out.items.len();
        unit && latest && !last.negated && !item.doubtful && (last.quantities.is_empty() || last.sentence == item.sentence)
    }

    /// The same product in the same unit twice: perhaps a correction, perhaps more of it.
    fn same_unit(&self, before: usize, item: &Item) -> bool {
        let unit = |i: &Item| i.counted().and_then(|q| q.unit);
        self.out.items[before].counted().is_some() && unit(&self.out.items[before]) == unit(item)
    }

    /// The words of an item without a product: what describes it.
    fn described(&self, item: &Item) -> (usize, usize) {
        let size = item.quantities.iter().find(|q| q.measures() && item.quantities.len() > 1);
        let strange = self.out.unknown.last().filter(|(_, to)| item.doubtful && *to == item.tokens.0);
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
        let complete = self.cur.named() && !self.cur.quantities.is_empty();
        let ends = stop && !self.continues(at);
        if complete || ends || self.cur.negated {
            self.finish();
        } else if !self.cur.is_empty() {
            self.sealed = true;
        }
        if matches!(what, What::Or) && (self.cur.named() || !self.out.items.is_empty()) {
            if self.cur.named() {
                self.finish();
            }
            self.choice = matches!(next(self.chunks, at), Some((_, What::Product(_) | What::Narrow(_))));
        }
        if !matches!(what, What::And) {
            self.not_next &= matches!(what, What::Comma) && !self.reading.phrase(self.chunks[at].from, self.chunks[at].to).contains(',');
        }
        if stop {
            let mark = self.reading.tokens.get(self.chunks[at].from).is_some_and(|t| t.is("?"));
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

    /// A product at the end of a line whose quantity stands on the next one.
    fn continues(&self, at: usize) -> bool {
        let line = self.reading.tokens.get(self.chunks[at].from).is_some_and(|t| t.kind == khaacho_text::Kind::Break);
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
        let touching = at.checked_sub(1).is_some_and(|b| matches!(self.chunks[b].what, What::Quantity(_) | What::Unknown));
        let goods = self.cur.quantities.iter().any(|q| q.unit.is_some() || q.milli.is_some_and(|m| m <= 200_000));
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
            matches!(self.chunks[b].what, What::Product(_) | What::Narrow(_) | What::Unknown | What::Size(..))
        });
        touching && next(self.chunks, at).is_some_and(|(_, w)| matches!(w, What::Quantity(_) | What::Unknown | What::Unit(_)))
            || self.chunks.get(at + 1).is_some_and(|c| ideas(&c.what).has(Idea::Of))
    }

    /// `biscuit 1 carton, coconut wala`: describes the item before, when nothing counts it.
    fn described_later(&mut self, at: usize, products: &[u32]) -> Option<&mut Item> {
        let wala = self.chunks.get(at + 1).is_some_and(|c| ideas(&c.what).has(Idea::Of));
        let free = self.cur.is_empty() && self.corrects.is_none() && self.strange.is_none() && !self.not_next;
        if !wala || !free || quantity_follows(self.chunks, at) || product_follows(self.chunks, at).is_some() {
            return None;
        }
        let (sentence, mentions) = (self.sentence, self.reading.mentions);
        let last = self.out.items.last_mut().filter(|i| i.sentence == sentence && !i.negated && !i.withdrawn)?;
        let known = &mentions.mentions[*last.mentions.first()?].products;
        let same = products.iter().filter(|p| known.binary_search(p).is_ok()).count();
        (same > 0 && same < known.len()).then_some(last)
    }

    fn product(&mut self, at: usize, mention: usize) {
        let products = self.reading.mentions.mentions[mention].products.clone();
        if let Some(last) = self.described_later(at, &products) {
            last.mentions.push(mention);
            return;
        }
        if let Some(list) = self.variant(at, mention) {
            self.narrow(at, Narrowing::Products(list));
            return;
        }
        if let Some(item) = self.corrects.take() {
            self.replace(item, at);
        }
        let fits = self.fits(at, mention);
        if !self.cur.mentions.is_empty() && !fits || self.cur.words.is_some() || self.cur.carried.is_some() {
            self.finish();
        } else if self.sealed && (!self.cur.mentions.is_empty() || quantity_follows(self.chunks, at)) {
            self.finish();
        }
        let chunk = &self.chunks[at];
        self.sealed = false;
        if let Some((from, to)) = self.strange.take() {
            self.out.unknown.push((from, to));
            self.cur.doubtful |= to == chunk.from;
        }
        self.cur.mentions.push(mention);
        let phrase = self.cur.phrase.get_or_insert((chunk.from, chunk.to));
        if phrase.1 == chunk.from {
            phrase.1 = chunk.to;
        }
        self.touch(at);
    }

    /// `good day butter 1 carton ra kaju wala 1 carton`: cashew is a product of its own, and here a variant.
    fn variant(&self, at: usize, mention: usize) -> Option<Vec<u32>> {
        let next = self.chunks.get(at + 1)?;
        let wala = ideas(&next.what).has(Idea::Of) && self.reading.tokens[next.from].key.starts_with("bal");
        let mentions = self.mentions();
        let before = self.out.items.last().filter(|i| wala && self.cur.is_empty() && !i.negated && i.counted().is_some())?;
        let source = &mentions.mentions[*before.mentions.first()?];
        let here = &mentions.mentions[mention];
        let family = mentions.mentions.iter().filter(|m| m.how == How::Alias && m.start >= source.start && m.end <= source.end);
        let family = family.max_by_key(|m| m.products.len())?;
        let mut words = mentions.mentions.iter().filter(|m| m.how == How::Word && m.start >= here.start && m.end <= here.end);
        let shared = words.find(|m| m.products.iter().any(|p| family.products.binary_search(p).is_ok()))?;
        let apart = !here.products.iter().any(|p| family.products.binary_search(p).is_ok());
        apart.then(|| shared.products.clone())
    }

    /// Whether a further mention describes the product of the current item.
    fn fits(&self, at: usize, mention: usize) -> bool {
        let Some(first) = self.cur.mentions.first() else {
            return true;
        };
        let known = &self.mentions().mentions[*first].products;
        let complete = !self.cur.quantities.is_empty();
        let described = next(self.chunks, at).is_some_and(|_| {
            let after = self.chunks.get(at + 1).map(|c| ideas(&c.what)).unwrap_or_default();
            after.has(Idea::Of)
        }) || self.chunks.get(at + 1).is_some_and(|c| ideas(&c.what).has(Idea::Of));
        let first_counts = matches!(self.cur.quantities.first(), Some(q) if self.cur.phrase.is_some_and(|p| q.tokens.0 < p.0));
        if complete && quantity_follows(self.chunks, at) && !described {
            return false;
        }
        let narrows = |products: &[u32]| {
            let same = products.iter().filter(|p| known.binary_search(p).is_ok()).count();
            same > 0 && (same < known.len() || first_counts || !complete)
        };
        if self.sealed && !self.bracketed(at) {
            return false;
        }
        if narrows(&self.mentions().mentions[mention].products) {
            return true;
        }
        // bhatmas is a bean by itself, and names an oil beside the word for oil
        let here = &self.mentions().mentions[mention];
        let mut words = self.mentions().mentions.iter();
        words.any(|m| m.how == How::Word && m.start >= here.start && m.end <= here.end && narrows(&m.products))
            && (!complete || described || first_counts)
    }

    /// `Salt (Aayo)`.
    fn bracketed(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|b| self.reading.tokens.get(self.chunks[b].from));
        before.is_some_and(|t| t.is("(") || t.is("-") || t.is("/"))
    }

    fn narrow(&mut self, at: usize, narrowing: Narrowing) {
        if let Narrowing::Products(list) = &narrowing
            && let Some(last) = self.described_later(at, &list.clone())
        {
            last.narrowings.push(narrowing);
            return;
        }
        if let Some(item) = self.corrects {
            let follows = product_follows(self.chunks, at).is_some();
            if !follows && item < self.out.items.len() {
                // veg 2 carton haina chicken: the same product in another variant
                let old = &mut self.out.items[item];
                old.withdrawn = true;
                self.cur.carried = Some(old.carried.unwrap_or(item));
                if !quantity_follows(self.chunks, at) {
                    self.cur.quantities = old.quantities.iter().copied().filter(|q| !q.measures()).collect();
                }
                self.corrects = None;
            }
        }
        let complete = self.cur.counted().is_some();
        let other = product_follows(self.chunks, at);
        let belongs_next = other.is_some_and(|i| match (&narrowing, &self.chunks[i].what) {
            (Narrowing::Products(list), What::Product(m)) => shared(self.mentions(), list, *m),
            (_, What::Product(_)) => true,
            _ => false,
        });
        if let (Narrowing::Products(list), Some(first)) = (&narrowing, self.cur.mentions.first()) {
            let apart = !shared(self.mentions(), list, *first);
            if apart && !belongs_next {
                // the name of something else: the product may be another
                self.unknown(at);
                return;
            }
            if apart || complete && belongs_next || self.sealed {
                self.finish();
            }
        } else if complete && self.cur.named() && (belongs_next || self.starts_next(at)) || self.sealed {
            self.finish();
        }
        if let Some((from, to)) = self.strange.take() {
            self.out.unknown.push((from, to));
            self.cur.doubtful |= to == self.chunks[at].from;
        }
        self.cur.narrowings.push(narrowing);
        self.touch(at);
        self.cur.narrowed = Some(self.chunks[at].to);
    }

    /// A variant that has its own quantity begins an item: `2 carton chicken 1 carton`.
    fn starts_next(&self, at: usize) -> bool {
        let own = next(self.chunks, at).is_some_and(|(_, w)| matches!(w, What::Quantity(_)));
        own && self.cur.phrase.is_some_and(|p| self.cur.quantities.iter().all(|q| q.tokens.0 > p.0))
    }

    fn quantity(&mut self, at: usize, quantity: Quantity) {
        if let Some(item) = self.corrects {
            if product_follows(self.chunks, at).is_none_or(|i| quantity_follows(self.chunks, i)) && item < self.out.items.len() {
                self.correct(item, quantity);
                self.corrects = None;
                return;
            }
            self.corrects = None;
            self.replace(item, at);
        }
        if self.not_next && self.cur.is_empty() && product_follows(self.chunks, at).is_none() {
            // "not 2": nothing is wanted of it
            self.not_next = false;
            return;
        }
        if self.from_to(at, quantity) {
            return;
        }
        if !self.takes(at, &quantity) {
            self.finish();
        }
        self.sealed = false;
        let strange = self.strange.filter(|(_, to)| *to == self.chunks[at].from || self.glue(*to, self.chunks[at].from));
        if self.cur.is_empty()
            && let Some((from, to)) = strange
            && product_follows(self.chunks, at).is_none_or(|i| quantity_follows(self.chunks, i))
            && (quantity.unit.is_some() || quantity.times)
        {
            self.strange = None;
            self.cur.words = Some((from, to));
            self.cur.tokens = (from, to);
            self.cur.clause = self.clause;
            self.cur.sentence = self.sentence;
        }
        self.cur.quantities.push(quantity);
        self.touch(at);
    }

    fn glue(&self, from: usize, to: usize) -> bool {
        let between = self.reading.tokens.get(from..to).unwrap_or_default();
        !between.is_empty() && between.iter().all(|t| t.is("-") || t.is(":") || t.text == "x" || t.is("×") || t.key == "ko")
    }

    /// "3 crate bata 5 crate", "10 of the 15 cartons", "from 3 to 5".
    fn from_to(&mut self, at: usize, quantity: Quantity) -> bool {
        let Some(before) = self.cur.quantities.last().copied() else {
            return false;
        };
        let between = self.reading.tokens.get(before.tokens.1..quantity.tokens.0).unwrap_or_default();
        let says = |words: &[&str]| !between.is_empty() && between.len() <= 3 && between.iter().any(|t| words.contains(&t.text.as_str()));
        let index = self.cur.quantities.len() - 1;
        let inside = between.len() == 1 && says(&["ma", "maa", "mein", "me", "मा", "में"]);
        let swaps = (before.tokens.1..quantity.tokens.0).any(|t| self.reading.ideas[t].has(Idea::Instead)) && between.len() <= 3;
        if swaps || says(&["bata", "baata", "dekhi", "from", "to", "बाट", "देखि", "satta", "सट्टा", "instead", "badle"]) && !quantity.measures() {
            let unit = quantity.unit.or(before.unit);
            self.cur.quantities[index] = Quantity { unit, ..quantity };
            self.cur.replaced = true;
        } else if says(&["of", "out"]) && !quantity.measures() {
            self.cur.quantities[index].unit = before.unit.or(quantity.unit);
        } else if inside || says(&["madhye", "madhe", "मध्ये"]) {
            let unit = quantity.unit.or(before.unit);
            self.cur.quantities[index] = Quantity { unit, ..quantity };
        } else {
            return false;
        }
        self.touch(at);
        true
    }

    /// Whether the quantity belongs to the current item.
    fn takes(&mut self, at: usize, quantity: &Quantity) -> bool {
        let other = product_follows(self.chunks, at);
        let own = other.is_some_and(|i| !quantity_follows(self.chunks, i) || self.cur.counted().is_some());
        if self.cur.quantities.is_empty() {
            // a comma and another product behind: it counts that one
            let apart = self.sealed && other.is_some() || self.cur.words.is_some() && self.sealed;
            let strangers = self.strange.is_some() && self.cur.named();
            return !(apart || strangers && self.sealed);
        }
        let counted = self.cur.counted().is_some();
        let sized = self.cur.quantities.iter().any(Quantity::measures);
        if self.sealed && !(self.cur.named() && !counted && !quantity.measures()) {
            return false;
        }
        match (quantity.measures(), counted, sized) {
            // 1 litre 2 peti; but 5 kg besar 2 packet jeera counts the next product
            (false, false, true) => {
                let known = self.cur.quantities.iter().any(|q| q.describes || self.is_size(q));
                !(own && self.cur.named() && !known)
            }
            // 2 carton 1 litre wala; but 2 packet besar 1 kilo jeera measures the next product
            (true, true, false) => quantity.describes || other.is_none() && self.named_size(quantity) || other.is_none() && !self.cur.named() || own && self.is_size(quantity) && self.cur.named(),
            // copy 120 2 darjan: the first number belongs to the name
            (false, true, _) => {
                let first = self.cur.quantities.iter().position(|q| q.unit.is_none() && !q.measures());
                match first.filter(|i| other.is_none() && self.is_number(&self.cur.quantities[*i])) {
                    Some(i) => {
                        let number = self.cur.quantities.remove(i);
                        self.narrow_by_number(&number);
                        true
                    }
                    // 1L x 10 2 peti: the first describes the pack
                    None => match self.cur.quantities.iter().position(|q| q.times && q.unit.is_none() && sized).filter(|_| quantity.unit.is_some() && other.is_none()) {
                        Some(i) => {
                            self.cur.quantities.remove(i);
                            true
                        }
                        None => false,
                    },
                }
            }
            _ => false,
        }
    }

    fn named_size(&self, quantity: &Quantity) -> bool {
        !self.cur.mentions.is_empty() && self.is_size(quantity)
    }

    fn candidates(&self) -> &[u32] {
        self.cur.mentions.first().map_or(&[], |m| &self.mentions().mentions[*m].products)
    }

    /// Whether a product of the current item has that size.
    fn is_size(&self, quantity: &Quantity) -> bool {
        let size = quantity.size();
        size.is_some() && self.candidates().iter().any(|p| self.mentions().products[*p as usize].size == size)
    }

    /// Whether the number belongs to the name of a product of the current item.
    fn is_number(&self, quantity: &Quantity) -> bool {
        let number = quantity.milli.filter(|m| m % 1000 == 0).map(|m| m / 1000);
        number.is_some_and(|n| self.candidates().iter().any(|p| self.mentions().products[*p as usize].numbers.contains(&n)))
    }

    fn narrow_by_number(&mut self, quantity: &Quantity) {
        let number = quantity.milli.unwrap_or(0) / 1000;
        let with = self.candidates().iter().copied().filter(|p| self.mentions().products[*p as usize].numbers.contains(&number));
        let list: Vec<u32> = with.collect();
        self.cur.narrowings.push(Narrowing::Products(list));
    }

    /// The last quantity of an item is replaced.
    fn correct(&mut self, item: usize, quantity: Quantity) {
        let item = &mut self.out.items[item];
        let before = item.quantities.iter().rposition(|q| q.measures() == quantity.measures()).or(item.quantities.len().checked_sub(1));
        match before {
            Some(i) => {
                let unit = quantity.unit.or(item.quantities[i].unit);
                item.quantities[i] = Quantity { unit, ..quantity };
            }
            None => item.quantities.push(quantity),
        }
        item.tokens.1 = item.tokens.1.max(quantity.tokens.1);
    }

    /// What follows takes the place of an item; its quantity stays when no other follows.
    fn replace(&mut self, item: usize, at: usize) {
        let Some(old) = self.out.items.get_mut(item) else {
            return;
        };
        old.withdrawn = true;
        let quantities = old.quantities.clone();
        let own = matches!(self.chunks[at].what, What::Quantity(_)) || quantity_follows(self.chunks, at);
        if !own {
            self.cur.quantities = quantities.into_iter().filter(|q| !q.measures()).collect();
        }
        self.corrects = None;
    }

    fn word(&mut self, at: usize, has: Ideas) {
        if self.strange.is_some() && !has.has(Idea::Of) {
            self.keep_strange();
        }
        let text = self.reading.tokens[self.chunks[at].from].text.as_str();
        let nahi = has.has(Idea::Nahi) && !has.has(Idea::NotAfter);
        let corrects = has.has(Idea::Correct) || nahi && self.between_quantities(at);
        let makes = has.has(Idea::MakeIt) && self.cur.is_empty() && matches!(text, "make" | "make_it") && self.is_next_quantity(at);
        if (corrects || makes) && self.correction(at) {
            return;
        }
        if has.has(Idea::Instead) && self.cur.named() {
            self.cur.swapped_out = self.cur.quantities.is_empty() || product_follows(self.chunks, at).is_some();
            let same = self.cur.quantities.len() == 1 && self.is_next_quantity(at) && product_follows(self.chunks, at).is_none_or(|i| quantity_follows(self.chunks, i));
            if self.cur.swapped_out && !same {
                self.finish();
            } else {
                self.cur.swapped_out = false;
            }
            return;
        }
        if has.has(Idea::Except) && (self.cur.named() || !self.out.items.is_empty()) && !text.starts_with("except") {
            self.negate(true);
            return;
        }
        if has.has(Idea::NotAfter) || nahi || has.has(Idea::Correct) && text != "sorry" && text != "actually" && text != "wait" {
            self.negate(true);
            return;
        }
        let ahead = next(self.chunks, at).is_some_and(|(_, w)| matches!(w, What::Product(_) | What::Narrow(_) | What::Quantity(_) | What::Size(..)));
        if has.any(&[Idea::NotBefore, Idea::Except]) && ahead && !(text == "no" && self.cur.named() && self.cur.quantities.is_empty()) {
            self.finish();
            self.not_next = true;
        }
    }

    fn is_next_quantity(&self, at: usize) -> bool {
        next(self.chunks, at).is_some_and(|(_, w)| matches!(w, What::Quantity(_)))
    }

    /// `do carton nahi teen carton`.
    fn between_quantities(&self, at: usize) -> bool {
        let before = at.checked_sub(1).is_some_and(|b| self.is_quantity(b));
        before && self.is_quantity(at + 1)
    }

    /// Begins a correction of the last item, if there is one and something follows.
    fn correction(&mut self, at: usize) -> bool {
        let follows = match next_anywhere(self.chunks, at) {
            Some((i, What::Quantity(_) | What::Product(_) | What::Narrow(_) | What::Size(..))) => {
                !self.chunks[at + 1..i].iter().any(|c| ideas(&c.what).any(&[Idea::NotAfter, Idea::OrderWord]))
            }
            Some((i, What::Word(has))) if has.any(&[Idea::MakeIt, Idea::Correct]) => {
                let rest = self.chunks[i..].iter().find(|c| !ideas(&c.what).any(&[Idea::MakeIt, Idea::Correct, Idea::Filler]));
                rest.is_some_and(|c| matches!(c.what, What::Quantity(_)))
            }
            _ => false,
        };
        if !follows {
            return false;
        }
        self.finish();
        let last = self.out.items.iter().rposition(|i| !i.withdrawn && !i.negated);
        self.corrects = last;
        last.is_some()
    }

    /// The current item and those before it that have no quantity are not wanted.
    fn negate(&mut self, back: bool) {
        if !self.cur.named() && self.cur.narrowings.iter().any(|n| matches!(n, Narrowing::Size(..))) {
            // "not the small one" only says again which one is meant
            self.cur = Item::default();
            self.sealed = false;
            return;
        }
        let own = self.cur.named() || !self.cur.narrowings.is_empty();
        if own {
            self.cur.negated = true;
            self.finish();
        }
        let sentence = self.sentence;
        let clause = self.clause;
        let mut last = self.out.items.len();
        if own {
            last -= usize::from(last > 0);
        } else if let Some(item) = self.out.items.last_mut().filter(|i| i.clause == clause) {
            item.negated = true;
            last -= 1;
        } else {
            return;
        }
        if back {
            for item in self.out.items[..last].iter_mut().rev() {
                if item.sentence != sentence || !item.quantities.is_empty() {
                    break;
                }
                item.negated = true;
            }
        }
    }
}

