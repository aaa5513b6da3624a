//! Quantities: which item they belong to.

use crate::domain::interpret::ideas::Idea;
use crate::domain::interpret::items::Narrowing;
use crate::domain::interpret::items::lookahead::{product_follows, quantity_follows};
use crate::domain::interpret::quantity::Quantity;

use super::Builder;

impl Builder<'_> {
    pub(super) fn quantity(&mut self, at: usize, quantity: Quantity) {
        if let Some(item) = self.corrects {
            if product_follows(self.chunks, at).is_none_or(|i| quantity_follows(self.chunks, i))
                && item < self.out.items.len()
            {
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
        if self.takes_place(at, quantity) {
            return;
        }
        if !self.takes(at, &quantity) {
            self.finish();
        }
        self.sealed = false;
        let strange = self
            .strange
            .filter(|(_, to)| *to == self.chunks[at].from || self.glue(*to, self.chunks[at].from));
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

    pub(super) fn glue(&self, from: usize, to: usize) -> bool {
        let between = self.reading.tokens.get(from..to).unwrap_or_default();
        !between.is_empty()
            && between
                .iter()
                .all(|t| t.is("-") || t.is(":") || t.text == "x" || t.is("×") || t.key == "ko")
    }

    /// "3 crate bata 5 crate", "10 of the 15 cartons", "from 3 to 5".
    pub(super) fn takes_place(&mut self, at: usize, quantity: Quantity) -> bool {
        let Some(before) = self.cur.quantities.last().copied() else {
            return false;
        };
        let between = self
            .reading
            .tokens
            .get(before.tokens.1..quantity.tokens.0)
            .unwrap_or_default();
        let says = |words: &[&str]| {
            !between.is_empty()
                && between.len() <= 3
                && between.iter().any(|t| words.contains(&t.text.as_str()))
        };
        let index = self.cur.quantities.len() - 1;
        let inside = between.len() == 1 && says(&["ma", "maa", "mein", "me", "मा", "में"]);
        if says(&["instead"]) && says(&["of"]) {
            // "3 crate instead of 5": the first one is meant
            self.cur.replaced = true;
            self.touch(at);
            return true;
        }
        let swaps = (before.tokens.1..quantity.tokens.0).any(|t| self.reading.ideas[t].has(Idea::Instead))
            && between.len() <= 3;
        if swaps
            || says(&[
                "bata",
                "baata",
                "dekhi",
                "from",
                "to",
                "बाट",
                "देखि",
                "satta",
                "सट्टा",
                "instead",
                "badle",
            ]) && !quantity.measures()
        {
            let unit = quantity.unit.or(before.unit);
            self.cur.quantities[index] = Quantity { unit, ..quantity };
            self.cur.replaced = true;
        } else if says(&["of", "out"]) && !quantity.measures() {
            self.cur.quantities[index].unit = before.unit.or(quantity.unit);
        } else if says(&["ki", "ya", "or", "athawa", "wa", "kimba", "या", "वा", "कि"])
            && before.unit == quantity.unit
        {
            let both = before
                .milli
                .zip(quantity.milli)
                .map(|(a, b)| (a.min(b), a.max(b)));
            self.cur.quantities[index] = Quantity {
                milli: None,
                range: both,
                ..quantity
            };
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
    pub(super) fn takes(&mut self, at: usize, quantity: &Quantity) -> bool {
        let other = product_follows(self.chunks, at);
        let own = other.is_some_and(|i| !quantity_follows(self.chunks, i) || self.cur.counted().is_some());
        if self.cur.quantities.is_empty() {
            // a comma and another product behind: it counts that one
            let strangers = self.strange.is_some() && self.cur.named();
            return !self.sealed || other.is_none() && self.cur.words.is_none() && !strangers;
        }
        let counted = self.cur.counted().is_some();
        let sized = self.cur.quantities.iter().any(Quantity::measures);
        let first_count = self.cur.named() && !counted && !quantity.measures();
        if self.sealed && !first_count {
            return false;
        }
        match (quantity.measures(), counted, sized) {
            // 1 litre 2 peti; but 5 kg besar 2 packet jeera counts the next product
            (false, false, true) => {
                let known = self.cur.quantities.iter().any(|q| q.describes || self.is_size(q));
                !(own && self.cur.named() && !known)
            }
            // 2 carton 1 litre wala; but 2 packet besar 1 kilo jeera measures the next product
            (true, true, false) => {
                quantity.describes
                    || other.is_none() && self.named_size(quantity)
                    || !self.cur.named() && self.cur.tokens.1 == quantity.tokens.0
                    || other.is_none() && !self.cur.named()
                    || own && self.is_size(quantity) && self.cur.named()
            }
            // copy 120 2 darjan: the first number belongs to the name
            (false, true, _) => {
                let first = self
                    .cur
                    .quantities
                    .iter()
                    .position(|q| q.unit.is_none() && !q.measures());
                match first.filter(|i| other.is_none() && self.is_number(&self.cur.quantities[*i])) {
                    Some(i) => {
                        let number = self.cur.quantities.remove(i);
                        self.narrow_by_number(&number);
                        true
                    }
                    // 1L x 10 2 peti: the first describes the pack
                    None => match self
                        .cur
                        .quantities
                        .iter()
                        .position(|q| q.times && q.unit.is_none() && sized)
                        .filter(|_| quantity.unit.is_some() && other.is_none())
                    {
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

    pub(super) fn named_size(&self, quantity: &Quantity) -> bool {
        !self.cur.mentions.is_empty() && self.is_size(quantity)
    }

    pub(super) fn candidates(&self) -> &[u32] {
        self.cur
            .mentions
            .first()
            .map_or(&[], |m| &self.mentions().mentions[*m].products)
    }

    /// Whether a product of the current item has that size.
    pub(super) fn is_size(&self, quantity: &Quantity) -> bool {
        let size = quantity.size();
        size.is_some()
            && self
                .candidates()
                .iter()
                .any(|p| self.mentions().products[*p as usize].size == size)
    }

    /// Whether the number belongs to the name of a product of the current item.
    pub(super) fn is_number(&self, quantity: &Quantity) -> bool {
        self.candidates().iter().any(|p| self.has_number(*p, quantity))
    }

    /// Whether the name of a product says the number: pages, watts, or a size without its unit (`coke 500 2 ctn`).
    fn has_number(&self, product: u32, quantity: &Quantity) -> bool {
        let Some(milli) = quantity.milli else {
            return false;
        };
        let fact = &self.mentions().products[product as usize];
        let sized = |amount: i64| amount == milli || amount.checked_mul(1000) == Some(milli);
        let named = milli % 1000 == 0 && fact.numbers.contains(&(milli / 1000));
        named || fact.size.is_some_and(|s| sized(s.amount))
    }

    pub(super) fn narrow_by_number(&mut self, quantity: &Quantity) {
        let with = self
            .candidates()
            .iter()
            .copied()
            .filter(|p| self.has_number(*p, quantity));
        let list: Vec<u32> = with.collect();
        self.cur.narrowings.push(Narrowing::Products(list));
    }
}
