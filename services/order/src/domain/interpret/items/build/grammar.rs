//! Corrections, negations and swaps.

use crate::domain::interpret::chunks::What;
use crate::domain::interpret::ideas::{Idea, Ideas};
use crate::domain::interpret::items::lookahead::{
    ideas, next, next_anywhere, product_follows, quantity_follows,
};
use crate::domain::interpret::items::{Item, Narrowing};
use crate::domain::interpret::quantity::Quantity;

use super::Builder;

impl Builder<'_> {
    /// The last quantity of an item is replaced.
    pub(super) fn correct(&mut self, item: usize, quantity: Quantity) {
        let item = &mut self.out.items[item];
        let before = item
            .quantities
            .iter()
            .rposition(|q| q.measures() == quantity.measures())
            .or(item.quantities.len().checked_sub(1));
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
    pub(super) fn replace(&mut self, item: usize, at: usize) {
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

    pub(super) fn word(&mut self, at: usize, has: Ideas) {
        if self.strange.is_some() && !has.has(Idea::Of) {
            self.keep_strange();
        }
        let text = self.reading.tokens[self.chunks[at].from].text.as_str();
        if self.not_next
            && self.cur.named()
            && has.any(&[Idea::Only, Idea::Send, Idea::Need])
            && product_follows(self.chunks, at).is_some()
        {
            // "do not send wai wai this time only rara veg": the rest is wanted
            self.finish();
            self.not_next = false;
            return;
        }
        let nahi = has.has(Idea::Nahi) && !has.has(Idea::NotAfter);
        let corrects = has.has(Idea::Correct) || nahi && self.between_quantities(at);
        let makes = has.has(Idea::MakeIt)
            && self.cur.is_empty()
            && matches!(text, "make" | "make_it")
            && self.is_next_quantity(at);
        if (corrects || makes) && self.correction(at) {
            return;
        }
        let of = self
            .reading
            .tokens
            .get(self.chunks[at].to)
            .is_some_and(|t| t.text == "of");
        if text == "instead" && of && product_follows(self.chunks, at + 1).is_some() {
            // English names what is taken away last
            self.finish();
            self.swap_next = true;
            return;
        }
        if matches!(text, "swap" | "replace" | "exchange") && product_follows(self.chunks, at).is_some() {
            // "swap the marie with digestive"
            self.finish();
            self.swap_next = true;
            return;
        }
        if has.has(Idea::Instead) && self.cur.named() {
            self.cur.swapped_out =
                self.cur.quantities.is_empty() || product_follows(self.chunks, at).is_some();
            let same = self.cur.quantities.len() == 1
                && self.is_next_quantity(at)
                && product_follows(self.chunks, at).is_none_or(|i| quantity_follows(self.chunks, i));
            if self.cur.swapped_out && !same {
                self.finish();
            } else {
                self.cur.swapped_out = false;
            }
            return;
        }
        if has.has(Idea::Except)
            && (self.cur.named() || !self.out.items.is_empty())
            && !text.starts_with("except")
        {
            self.negate(true);
            return;
        }
        if has.has(Idea::NotAfter)
            || nahi
            || has.has(Idea::Correct) && !has.has(Idea::Sorry) && text != "actually" && text != "wait"
        {
            self.negate(true);
            return;
        }
        let ahead = next(self.chunks, at).is_some_and(|(_, w)| {
            matches!(
                w,
                What::Product(_) | What::Narrow(_) | What::Quantity(_) | What::Size(..)
            )
        });
        if has.any(&[Idea::NotBefore, Idea::Except])
            && ahead
            && !(text == "no" && self.cur.named() && self.cur.quantities.is_empty())
        {
            self.finish();
            self.not_next = true;
        }
    }

    pub(super) fn is_next_quantity(&self, at: usize) -> bool {
        next(self.chunks, at).is_some_and(|(_, w)| matches!(w, What::Quantity(_)))
    }

    /// `do carton nahi teen carton`.
    pub(super) fn between_quantities(&self, at: usize) -> bool {
        let before = at.checked_sub(1).is_some_and(|b| self.is_quantity(b));
        before && self.is_quantity(at + 1)
    }

    /// Begins a correction of the last item, if there is one and something follows.
    pub(super) fn correction(&mut self, at: usize) -> bool {
        let follows = match next_anywhere(self.chunks, at) {
            Some((i, What::Quantity(_) | What::Product(_) | What::Narrow(_) | What::Size(..))) => !self
                .chunks[at + 1..i]
                .iter()
                .any(|c| ideas(&c.what).any(&[Idea::NotAfter, Idea::OrderWord])),
            Some((i, What::Word(has))) if has.any(&[Idea::MakeIt, Idea::Correct]) => {
                let rest = self.chunks[i..]
                    .iter()
                    .find(|c| !ideas(&c.what).any(&[Idea::MakeIt, Idea::Correct, Idea::Filler]));
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
    pub(super) fn negate(&mut self, back: bool) {
        if !self.cur.named()
            && self
                .cur
                .narrowings
                .iter()
                .any(|n| matches!(n, Narrowing::Size(..)))
        {
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
