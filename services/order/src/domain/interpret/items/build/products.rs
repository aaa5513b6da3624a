//! Products, and the words that narrow them.

use crate::domain::interpret::catalogue::{How, Mention};
use crate::domain::interpret::chunks::What;
use crate::domain::interpret::ideas::Idea;
use crate::domain::interpret::items::lookahead::{ideas, next, product_follows, quantity_follows, shared};
use crate::domain::interpret::items::{Item, Narrowing};

use super::Builder;

impl Builder<'_> {
    /// `biscuit 1 carton, coconut wala`: describes the item before, when nothing counts it.
    pub(super) fn described_later(&mut self, at: usize, products: &[u32]) -> Option<&mut Item> {
        let wala = self
            .chunks
            .get(at + 1)
            .is_some_and(|c| ideas(&c.what).has(Idea::Of));
        let free = self.cur.is_empty() && self.corrects.is_none() && self.strange.is_none() && !self.not_next;
        if !wala || !free || quantity_follows(self.chunks, at) || product_follows(self.chunks, at).is_some() {
            return None;
        }
        let (sentence, mentions) = (self.sentence, self.reading.mentions);
        let last = self
            .out
            .items
            .last_mut()
            .filter(|i| i.sentence == sentence && !i.negated && !i.withdrawn)?;
        let known = &mentions.mentions[*last.mentions.first()?].products;
        let same = products.iter().filter(|p| known.binary_search(p).is_ok()).count();
        (same > 0 && same < known.len()).then_some(last)
    }

    pub(super) fn product(&mut self, at: usize, mention: usize) {
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
        let another = !self.cur.mentions.is_empty() && (!fits || self.sealed);
        let apart = self.sealed && quantity_follows(self.chunks, at);
        if another || apart || self.cur.words.is_some() || self.cur.carried.is_some() {
            self.finish();
        }
        let chunk = &self.chunks[at];
        self.sealed = false;
        if let Some((from, to)) = self.strange.take() {
            self.out.unknown.push((from, to));
            self.cur.doubtful |= to == chunk.from;
        }
        self.cur.swapped_out |= std::mem::take(&mut self.swap_next);
        self.cur.mentions.push(mention);
        let phrase = self.cur.phrase.get_or_insert((chunk.from, chunk.to));
        if phrase.1 == chunk.from {
            phrase.1 = chunk.to;
        }
        self.touch(at);
    }

    /// `good day butter 1 carton ra kaju wala 1 carton`: cashew is a product of its own, and here a variant.
    pub(super) fn variant(&self, at: usize, mention: usize) -> Option<Vec<u32>> {
        let next = self.chunks.get(at + 1)?;
        let wala = ideas(&next.what).has(Idea::Of) && {
            let word = &self.reading.tokens[next.from];
            word.key.starts_with("bal") || word.text == "one"
        };
        let mentions = self.mentions();
        let before = self
            .out
            .items
            .last()
            .filter(|i| wala && self.cur.is_empty() && !i.negated && i.counted().is_some())?;
        let source = &mentions.mentions[*before.mentions.first()?];
        let here = &mentions.mentions[mention];
        let family = mentions
            .mentions
            .iter()
            .filter(|m| m.how == How::Alias && m.start >= source.start && m.end <= source.end);
        let family = family.max_by_key(|m| m.products.len())?;
        let mut words = mentions
            .mentions
            .iter()
            .filter(|m| m.how == How::Word && m.start >= here.start && m.end <= here.end);
        let shared = words.find(|m| {
            m.products
                .iter()
                .any(|p| family.products.binary_search(p).is_ok())
        })?;
        let apart = !here
            .products
            .iter()
            .any(|p| family.products.binary_search(p).is_ok());
        apart.then(|| shared.products.clone())
    }

    /// Whether a further mention describes the product of the current item.
    pub(super) fn fits(&self, at: usize, mention: usize) -> bool {
        let Some(first) = self.cur.mentions.first() else {
            return true;
        };
        let known = &self.mentions().mentions[*first].products;
        let complete = !self.cur.quantities.is_empty();
        let described = next(self.chunks, at).is_some_and(|_| {
            let after = self
                .chunks
                .get(at + 1)
                .map(|c| ideas(&c.what))
                .unwrap_or_default();
            after.has(Idea::Of)
        }) || self
            .chunks
            .get(at + 1)
            .is_some_and(|c| ideas(&c.what).has(Idea::Of));
        let first_counts = matches!(self.cur.quantities.first(), Some(q) if self.cur.phrase.is_some_and(|p| q.tokens.0 < p.0));
        if complete && quantity_follows(self.chunks, at) && !described && !self.sized_pack(at, mention) {
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
        words
            .any(|m| m.how == How::Word && m.start >= here.start && m.end <= here.end && narrows(&m.products))
            && (!complete || described || first_counts)
    }

    /// `3 sack of jeera rice 25kg`: what follows is the size of a pack that both mentions name, and counts nothing.
    fn sized_pack(&self, at: usize, mention: usize) -> bool {
        let Some((_, What::Quantity(size))) = next(self.chunks, at) else {
            return false;
        };
        let both = &self.mentions().mentions[mention].products;
        let sizes = self
            .candidates()
            .iter()
            .filter(|p| both.binary_search(p).is_ok())
            .map(|p| self.mentions().products[*p as usize].size);
        let count = self.cur.counted().and_then(|q| q.unit).is_some();
        count && size.measures() && !self.sealed && sizes.into_iter().any(|s| s.is_some() && s == size.size())
    }

    /// `Salt (Aayo)`.
    pub(super) fn bracketed(&self, at: usize) -> bool {
        let before = at
            .checked_sub(1)
            .and_then(|b| self.reading.tokens.get(self.chunks[b].from));
        before.is_some_and(|t| t.is("(") || t.is("-") || t.is("/"))
    }

    pub(super) fn narrow(&mut self, at: usize, narrowing: Narrowing) {
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
        if self.strange_to_last(at, &narrowing) {
            self.unknown(at);
            return;
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
            let kin = apart && self.sibling(list, *first);
            let sibling = kin && complete && self.starts_next(at);
            if apart && !belongs_next && !sibling {
                // "2 carton rara veg chicken": which one?
                let beside = self.cur.phrase.is_some_and(|p| p.1 == self.chunks[at].from);
                self.cur.doubtful |= beside && kin;
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

    /// Whether a word of other products begins a new item, where it describes nothing of the one before: not its variant.
    fn strange_to_last(&self, at: usize, narrowing: &Narrowing) -> bool {
        let Narrowing::Products(list) = narrowing else {
            return false;
        };
        let last = self.out.items.iter().rfind(|i| !i.mentions.is_empty());
        let mention = last.and_then(|i| i.mentions.first());
        let free = self.cur.is_empty() && self.corrects.is_none() && self.strange.is_none();
        let alone = free && product_follows(self.chunks, at).is_none() && quantity_follows(self.chunks, at);
        alone && mention.is_some_and(|m| !self.sibling(list, *m))
    }

    /// Whether the words inside a mention name a family that the list belongs to: "quick" behind "wai wai akbare".
    fn sibling(&self, list: &[u32], mention: usize) -> bool {
        let mentions = &self.mentions().mentions;
        let whole = &mentions[mention];
        let inside = |m: &&Mention| m.how == How::Alias && m.start >= whole.start && m.end <= whole.end;
        let mut families = mentions.iter().filter(inside);
        families.any(|f| list.iter().any(|p| f.products.binary_search(p).is_ok()))
    }

    /// A variant that has its own quantity begins an item: `2 carton chicken 1 carton`.
    pub(super) fn starts_next(&self, at: usize) -> bool {
        let own = next(self.chunks, at).is_some_and(|(_, w)| matches!(w, What::Quantity(_)));
        own && self
            .cur
            .phrase
            .is_some_and(|p| self.cur.quantities.iter().all(|q| q.tokens.0 > p.0))
    }
}
