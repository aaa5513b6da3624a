//! Builds the index.

use std::collections::{BTreeSet, HashSet};

use khaacho_text::{Kind, Size, Token, Unit, tokens};

use super::{Described, Fact, Matcher, Phrase};

/// Words that stand in names and aliases and say nothing about which product it is.
const PARTICLES: &[&str] = &[
    "ko", "ka", "ki", "of", "in", "the", "and", "lai", "for", "ma", "wala", "with", "a", "le",
];

impl Matcher {
    /// Indexes the products; their order is the order of candidates.
    pub fn build(products: Vec<Described>) -> Self {
        let mut index = Self {
            phrases: vec![Phrase::default()],
            ..Self::default()
        };
        for (at, product) in (0..).zip(&products) {
            index.add_aliases(at, product);
        }
        for (at, product) in (0..).zip(&products) {
            index.add_turned(at, product);
        }
        for (at, product) in (0..).zip(&products) {
            index.add_name(at, product);
            index.by_key.insert(product.sku.to_lowercase(), at);
            index.facts.push(fact(product));
        }
        index.products = products;
        index
    }

    fn add_aliases(&mut self, at: u32, product: &Described) {
        let mut words = BTreeSet::new();
        for alias in &product.aliases {
            let spoken = spoken(alias);
            let ids = self.learn(&spoken);
            self.add_phrase(&ids, at);
            self.add_joined(&spoken, at);
            self.describe(&spoken, at, &mut words);
        }
        self.describe(&spoken(&product.brand), at, &mut words);
        self.describe(&spoken(short(&product.name)), at, &mut words);
        self.describe(&spoken(&product.name_ne), at, &mut words);
        let last = self.vocabulary.len();
        self.by_word.resize_with(last, Vec::new);
        for word in words {
            self.by_word[word as usize].push(at);
        }
    }

    /// Two words of an alias come in either order: `uht dudh`, `dudh uht`.
    fn add_turned(&mut self, at: u32, product: &Described) {
        for alias in &product.aliases {
            let mut spoken = spoken(alias);
            let words = spoken
                .iter()
                .all(|t| t.kind == Kind::Word && Unit::of_key(&t.key).is_none());
            spoken.reverse();
            let [first, second] = spoken.as_slice() else {
                continue;
            };
            let ids = [first, second].map(|t| self.vocabulary.learn(&t.text, &t.key));
            let taken = self.phrase(&ids).is_some_and(|p| {
                let phrase = &self.phrases[p as usize];
                !phrase.alias.is_empty() && !phrase.turned
            });
            if words && !taken && first.key != second.key {
                let phrase = self.reach(&ids);
                self.phrases[phrase].turned = true;
                push(&mut self.phrases[phrase].alias, at);
            }
        }
    }

    /// The name without its size is an alias too, unless it is one of other products already.
    fn add_name(&mut self, at: u32, product: &Described) {
        for name in [short(&product.name), product.name_ne.as_str()] {
            let spoken = without_sizes(spoken(name));
            let ids = self.learn(&spoken);
            let taken = self
                .phrase(&ids)
                .is_some_and(|p| !self.phrases[p as usize].alias.is_empty());
            if !taken && !ids.is_empty() {
                self.add_phrase(&ids, at);
            }
        }
        let last = self.vocabulary.len();
        self.by_word.resize_with(last, Vec::new);
    }

    fn learn(&mut self, spoken: &[Token]) -> Vec<u32> {
        spoken
            .iter()
            .map(|t| self.vocabulary.learn(&t.text, &t.key))
            .collect()
    }

    fn phrase(&self, ids: &[u32]) -> Option<u32> {
        ids.iter()
            .try_fold(0, |phrase, word| self.steps.get(&(phrase, *word)).copied())
    }

    fn reach(&mut self, ids: &[u32]) -> usize {
        let mut phrase = 0;
        for word in ids {
            let next = u32::try_from(self.phrases.len()).unwrap_or(u32::MAX);
            phrase = *self.steps.entry((phrase, *word)).or_insert(next);
            if phrase == next {
                self.phrases.push(Phrase::default());
            }
        }
        phrase as usize
    }

    fn add_phrase(&mut self, ids: &[u32], at: u32) {
        if ids.is_empty() {
            return;
        }
        let phrase = self.reach(ids);
        push(&mut self.phrases[phrase].alias, at);
    }

    /// `wai wai` is also typed `waiwai`.
    fn add_joined(&mut self, spoken: &[Token], at: u32) {
        let words = spoken.len() > 1 && spoken.iter().all(|t| t.kind == Kind::Word);
        let text: String = spoken.iter().map(|t| t.text.as_str()).collect();
        if words && text.chars().count() >= 4 {
            let word = self.vocabulary.learn(&text, &khaacho_text::fold(&text));
            self.add_phrase(&[word], at);
        }
    }

    /// Words that narrow, and numbers with what they count.
    fn describe(&mut self, spoken: &[Token], at: u32, words: &mut BTreeSet<u32>) {
        for (i, token) in spoken.iter().enumerate() {
            let unit = Unit::of_key(&token.key).is_some();
            if token.kind == Kind::Word && !unit && !PARTICLES.contains(&token.text.as_str()) {
                words.insert(self.vocabulary.learn(&token.text, &token.key));
            }
            let counted = spoken.get(i + 1).filter(|next| next.kind == Kind::Word);
            if let (Kind::Number, Some(next)) = (token.kind, counted)
                && Unit::of_key(&next.key).is_none()
            {
                let ids = self.learn(&[token.clone(), next.clone()]);
                let phrase = self.reach(&ids);
                push(&mut self.phrases[phrase].narrows, at);
            }
        }
    }
}

/// Lists stay ascending and without repetition, since products come in order.
fn push(list: &mut Vec<u32>, at: u32) {
    if list.last() != Some(&at) {
        list.push(at);
    }
}

/// Words and numbers without the signs between them.
fn spoken(text: &str) -> Vec<Token> {
    let mut all = tokens(text);
    all.retain(|t| matches!(t.kind, Kind::Word | Kind::Number));
    all
}

/// The name without how it is packed: `…, carton of 30` says nothing about the product.
fn short(name: &str) -> &str {
    match name.rsplit_once(',') {
        Some((head, tail)) if tail.contains(" of ") => head,
        _ => name,
    }
}

fn size_at(spoken: &[Token], at: usize) -> Option<Size> {
    let (number, unit) = (spoken.get(at)?, spoken.get(at + 1)?);
    Unit::of_key(&unit.key)?.size(number.milli?)
}

fn without_sizes(spoken: Vec<Token>) -> Vec<Token> {
    let sizes: HashSet<usize> = (0..spoken.len())
        .filter(|at| size_at(&spoken, *at).is_some())
        .flat_map(|at| [at, at + 1])
        .collect();
    let kept = spoken
        .into_iter()
        .enumerate()
        .filter(|(at, _)| !sizes.contains(at));
    kept.map(|(_, token)| token).collect()
}

fn fact(product: &Described) -> Fact {
    let name = spoken(short(&product.name));
    let aliases = product.aliases.iter().flat_map(|alias| spoken(alias));
    let whole = |t: &Token| t.milli.filter(|m| m % 1000 == 0).map(|m| m / 1000);
    let in_name = name
        .iter()
        .enumerate()
        .filter(|(at, _)| size_at(&name, *at).is_none());
    let numbers: BTreeSet<i64> = in_name
        .filter_map(|(_, t)| whole(t))
        .chain(aliases.filter_map(|t| whole(&t)))
        .collect();
    Fact {
        sku: product.sku.clone(),
        base_unit: product.base_unit,
        default_unit: product.default_unit,
        pack_quantity: product.pack_quantity,
        order_units: product.order_units.clone(),
        size: (0..name.len()).find_map(|at| size_at(&name, at)),
        numbers: numbers.into_iter().collect(),
    }
}
