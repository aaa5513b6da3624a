//! A text as a row of chunks: products, words that narrow, quantities, grammar, and what is not understood.

use khaacho_text::{Kind, Token, Unit, number_word};

use super::catalogue::{ACCEPT, EXACT, How, Mention, Mentions};
use super::ideas::{Idea, Ideas};
use super::noise::{self, Noise, Noted};
use super::quantity::{Around, Quantity, unit_at};
use super::lexicon;

/// From this score on a word narrows.
const NARROWS: u16 = 850;

/// What a chunk is.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A product mention, by its index.
    Product(usize),
    /// Something that looks like a product key and is none.
    Code,
    /// A word that narrows: indexes of products.
    Narrow(Vec<u32>),
    /// Thulo, sano; with the products that have the word in their names.
    Size(bool, Vec<u32>),
    /// Khulla.
    Loose,
    /// How much.
    Quantity(Quantity),
    /// A unit without a number.
    Unit(Unit),
    /// A comma or the like.
    Comma,
    /// A word that joins.
    And,
    /// A word that leaves a choice.
    Or,
    /// End of a sentence.
    Stop,
    /// A known word.
    Word(Ideas),
    /// Money, in thousandths of a rupee.
    Money(i64),
    /// A number that counts nothing.
    Noise,
    /// A word that is not understood.
    Unknown,
}

/// A chunk and its tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    pub what: What,
    /// First token.
    pub from: usize,
    /// Token after the last one.
    pub to: usize,
}

/// A text, read.
#[derive(Debug)]
pub struct Reading<'a> {
    pub text: &'a str,
    pub mentions: &'a Mentions,
    pub tokens: Vec<Token>,
    pub ideas: Vec<Ideas>,
    pub noted: Noted,
    /// Where a thing ends that looks like a product key and is none.
    codes: Vec<Option<usize>>,
    pub chunks: Vec<Chunk>,
}

impl Reading<'_> {
    /// The words of the tokens, as typed.
    pub fn phrase(&self, from: usize, to: usize) -> &str {
        let start = self.tokens.get(from).map_or(0, |t| t.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |t| t.end);
        self.text.get(start..end).unwrap_or("")
    }

    /// Whether any token stands for the idea.
    pub fn says(&self, idea: Idea) -> bool {
        self.ideas.iter().any(|i| i.has(idea))
    }

    /// Whether any token stands for one of the ideas.
    pub fn says_any(&self, ideas: &[Idea]) -> bool {
        self.ideas.iter().any(|i| i.any(ideas))
    }
}

/// Most tokens that are read.
const TOKENS_MAX: usize = 1_500;

/// Reads a text.
pub fn read<'a>(text: &'a str, mentions: &'a Mentions) -> Reading<'a> {
    let mut tokens = khaacho_text::tokens(text);
    tokens.truncate(TOKENS_MAX);
    let ideas = lexicon::ideas(&tokens);
    let noted = noise::note(&tokens, &ideas);
    let mut reading = Reading { text, mentions, tokens, ideas, noted, codes: Vec::new(), chunks: Vec::new() };
    reading.codes = codes(&reading);
    let picks = picks(&mut reading);
    slips(&mut reading, &picks);
    reading.chunks = row(&reading, &picks);
    reading
}

/// Words that nothing explains may be known ones with a slip of the finger.
fn slips(reading: &mut Reading<'_>, picks: &[Pick]) {
    for at in 0..reading.tokens.len() {
        let token = &reading.tokens[at];
        let explained = token.kind != Kind::Word
            || !reading.ideas[at].is_empty()
            || number_word(&token.key).is_some()
            || picks.iter().any(|p| p.from <= at && at < p.to)
            || unit_at(&reading.tokens, &reading.ideas, at).is_some()
            || reading.mentions.mentions.iter().any(|m| m.start == token.start && m.score >= NARROWS);
        if !explained {
            reading.ideas[at] = lexicon::near(token);
        }
    }
}

/// A chosen mention: token range and index.
#[derive(Debug, Clone, Copy)]
struct Pick {
    from: usize,
    to: usize,
    mention: usize,
}

/// The mentions that explain most of the text without overlapping.
fn picks(reading: &mut Reading<'_>) -> Vec<Pick> {
    let mut usable: Vec<(Pick, i64)> = Vec::new();
    for (index, mention) in reading.mentions.mentions.iter().enumerate() {
        let from = reading.tokens.partition_point(|t| t.start < mention.start);
        let to = reading.tokens.partition_point(|t| t.end <= mention.end);
        let whole = reading.tokens.get(from).is_some_and(|t| t.start == mention.start) && to > from;
        let coded = reading.codes.iter().enumerate().any(|(at, end)| end.is_some_and(|end| at < to && end > from));
        if mention.how == How::Word || !whole || coded && mention.how == How::Alias || !fits(reading, mention, from, to) {
            continue;
        }
        let tokens = i64::try_from(to - from).unwrap_or(0);
        let key = if mention.how == How::Key { 100 } else { 0 };
        let value = tokens * 100 - 10 + key + i64::from(mention.score) / 200;
        usable.push((Pick { from, to, mention: index }, value));
    }
    let chosen = best(&usable, reading.tokens.len());
    for pick in &chosen {
        // 2pm is a noodle, not a time
        reading.noted.noise[pick.from..pick.to].iter_mut().for_each(|n| *n = None);
        reading.ideas[pick.from..pick.to].iter_mut().for_each(|i| *i = Ideas::default());
    }
    chosen
}

/// Highest total value without overlap.
fn best(usable: &[(Pick, i64)], length: usize) -> Vec<Pick> {
    let mut total = vec![(0i64, None::<usize>); length + 1];
    let mut by_end: Vec<Vec<usize>> = vec![Vec::new(); length + 1];
    for (i, (pick, _)) in usable.iter().enumerate() {
        by_end[pick.to].push(i);
    }
    for end in 1..=length {
        total[end] = (total[end - 1].0, None);
        for i in &by_end[end] {
            let (pick, value) = &usable[*i];
            let sum = total[pick.from].0 + value;
            if sum > total[end].0 {
                total[end] = (sum, Some(*i));
            }
        }
    }
    let mut out = Vec::new();
    let mut end = length;
    while end > 0 {
        match total[end].1 {
            Some(i) => {
                out.push(usable[i].0);
                end = usable[i].0.from;
            }
            None => end -= 1,
        }
    }
    out.reverse();
    out
}

/// Names of products that are common words as well: they need a quantity beside them.
const AMBIGUOUS: &[&str] = &[
    "match", "matches", "copy", "current", "energy", "due", "dieu", "khata", "full", "ful", "mah", "maha", "paste", "gum", "gam", "mari", "gur", "cell", "cake", "kek", "tape", "dant", "dove", "wheel",
    "surya", "center", "cutter", "rubber", "plastic", "rope", "glue", "toast", "candy", "cracker", "refill", "coil", "foil", "brush", "torch", "soda", "coconut", "butter", "parle",
];

/// Whether a mention can be meant at its place.
fn fits(reading: &Reading<'_>, mention: &Mention, from: usize, to: usize) -> bool {
    let tokens = &reading.tokens;
    let noisy = reading.noted.noise[from..to].iter().any(|n| matches!(n, Some(Noise::OrderRef | Noise::Money(_))));
    let listed = reading.noted.noise[from..to].iter().any(Option::is_some) && reading.noted.bullets[from];
    let other = reading.noted.noise[from..to].iter().any(Option::is_some) && mention.how != How::Alias;
    let timed = reading.noted.noise[from].is_some() && !matches!(tokens.get(from + 1).map(|t| t.key.as_str()), Some("pm"));
    let told = reading.noted.noise[from].is_some() && tokens.get(from + 1).is_some_and(|t| t.key == "pm")
        && (from > 0 && matches!(tokens[from - 1].key.as_str(), "at" | "bi" | "by" | "before" | "befor" | "befur") || !tokens[from + 1].glued);
    if mention.how == How::Key {
        return true;
    }
    if noisy || listed || other || timed || told {
        return false;
    }
    let number = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|t| t.kind == Kind::Number || number_word(&t.key).is_some());
    let unit = |at: usize| unit_at(tokens, &reading.ideas, at);
    // 5 packet chini: the packet counts
    if unit(from).is_some() && number(from.checked_sub(1)) {
        return false;
    }
    // lactogen 2 packet: two packets, unless another number counts them
    let last = to - 1;
    if to - from > 1 && tokens[last].kind == Kind::Number && unit(to).is_some_and(|u| u.measure().is_none()) && !number(Some(to + 1)) {
        return false;
    }
    if to - from > 1 {
        // every word of it is a word of its own: only as it stands in the catalogue
        let known = reading.ideas[from..to].iter().all(|i| !i.is_empty());
        return !known || mention.score == EXACT;
    }
    let word = &tokens[from];
    if word.key == "pani" {
        return water(reading, from);
    }
    let doubtful = AMBIGUOUS.contains(&word.text.as_str());
    if doubtful && reading.ideas[from].is_empty() {
        let told = [
            Idea::SoldOut, Idea::Price, Idea::HowMuch, Idea::Is, Idea::Ask, Idea::Of, Idea::NotAfter, Idea::StockWord, Idea::Send, Idea::Need, Idea::Arrived, Idea::Remove,
            Idea::And, Idea::Instead, Idea::Except, Idea::Big, Idea::Small, Idea::Missing, Idea::Broken,
        ];
        let ends = tokens.get(to).is_none_or(|t| t.kind != Kind::Word);
        if ends || reading.ideas[to].any(&told) || reading.ideas[..from].iter().any(|i| i.any(&[Idea::Send, Idea::Need])) {
            return true;
        }
    }
    let otherwise = doubtful || mention.score < ACCEPT || !reading.ideas[from].is_empty() || number_word(&word.key).is_some() || unit(from).is_some();
    if !otherwise {
        return true;
    }
    let counted = |at: usize| tokens.get(at).is_some_and(|t| t.kind == Kind::Number) || number(Some(at)) && unit(at + 1).is_some();
    let sign = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|t| t.is("(") || t.is("-"));
    let alias = |place: &dyn Fn(&Mention) -> bool| {
        let shares = |m: &Mention| m.products.iter().any(|p| mention.products.binary_search(p).is_ok());
        reading.mentions.mentions.iter().any(|m| m.how == How::Alias && place(m) && shares(m))
    };
    let right = tokens.get(to + usize::from(sign(Some(to)))).map(|t| t.start);
    let left = from.checked_sub(1 + usize::from(sign(from.checked_sub(1)))).and_then(|b| tokens.get(b)).map(|t| t.end);
    let beside = alias(&|m| Some(m.start) == right) || alias(&|m| Some(m.end) == left);
    let earlier = reading.mentions.mentions.iter().any(|m| m.how != How::Word && m.end < mention.start);
    let before = from.checked_sub(1).is_some_and(|b| unit(b).is_some()) && number(from.checked_sub(2)) && !earlier;
    let weak = mention.score < ACCEPT && reading.ideas[from].is_empty() && !doubtful;
    (mention.score == EXACT || weak) && (beside || counted(to) || before)
}

/// `pani` is water, or "also".
fn water(reading: &Reading<'_>, at: usize) -> bool {
    let tokens = &reading.tokens;
    let number = |at: usize| tokens.get(at).is_some_and(|t| t.kind == Kind::Number || number_word(&t.key).is_some());
    let unit = |at: usize| unit_at(tokens, &reading.ideas, at).is_some();
    let edge = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at)).is_none_or(|t| matches!(t.kind, Kind::Break) || t.kind == Kind::Sign && !t.is("-"))
    };
    let joined = |at: Option<usize>| at.is_some_and(|at| reading.ideas[at].any(&[Idea::And, Idea::Or]));
    let before = at.checked_sub(1);
    let begins = edge(before) || joined(before);
    let named = |at: usize| {
        let token = &tokens[at];
        let mut mentions = reading.mentions.mentions.iter();
        token.kind == Kind::Word && !unit(at) && mentions.any(|m| m.how != How::Word && m.start <= token.start && m.end >= token.end)
    };
    // ek peti pani: a quantity that has no product before it
    if let Some(last) = before.filter(|b| unit(*b) && b.checked_sub(1).is_some_and(number)) {
        let start = last - 1;
        let product = start.checked_sub(1).is_some_and(named);
        if !product && !(number(at + 1) && start > 0) {
            return true;
        }
        return number(at + 1) && product;
    }
    let after = tokens.get(at + 1);
    let question = after.is_some_and(|_| reading.ideas[at + 1].any(&[Idea::Is, Idea::Price, Idea::HowMuch, Idea::Ask, Idea::Of, Idea::StockWord, Idea::NotAfter, Idea::Need, Idea::Send]));
    let counted = number(at + 1) || unit(at + 1);
    if begins {
        return counted || question || after.is_none_or(|t| t.kind != Kind::Word && !t.is(":"));
    }
    counted && before.is_some_and(|b| !named(b) && !reading.ideas[b].any(&[Idea::Today, Idea::Future, Idea::Mine]))
}

/// The row of chunks.
fn row(reading: &Reading<'_>, picks: &[Pick]) -> Vec<Chunk> {
    let tokens = &reading.tokens;
    let mut taken = vec![false; tokens.len()];
    for pick in picks {
        taken[pick.from..pick.to].iter_mut().for_each(|t| *t = true);
    }
    for (at, noise) in reading.noted.noise.iter().enumerate() {
        taken[at] |= noise.is_some();
    }
    let starts = |at: usize| picks.iter().any(|p| p.from == at);
    let mut out: Vec<Chunk> = Vec::new();
    let mut tins = false;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(pick) = picks.iter().find(|p| p.from == at) {
            let products = &reading.mentions.mentions[pick.mention].products;
            tins = products.iter().any(|p| reading.mentions.products[*p as usize].factor(Unit::Tin).is_some());
            out.push(Chunk { what: What::Product(pick.mention), from: at, to: pick.to });
            at = pick.to;
            continue;
        }
        let around = Around { tokens, ideas: &reading.ideas, taken: &taken, product: &starts, tins };
        let (what, to) = one(reading, &around, at);
        out.push(Chunk { what, from: at, to });
        at = to;
    }
    out
}

/// The chunk that begins here, and the token after it.
fn one(reading: &Reading<'_>, around: &Around<'_>, at: usize) -> (What, usize) {
    let token = &reading.tokens[at];
    match reading.noted.noise[at] {
        Some(Noise::Money(milli)) => return (What::Money(milli), at + 1),
        Some(_) if reading.noted.bullets[at] => return (What::Stop, at + 1),
        Some(_) => return (What::Noise, at + 1),
        None => {}
    }
    if let Some(quantity) = around.read(at) {
        let to = quantity.tokens.1.max(at + 1);
        return (What::Quantity(quantity), to);
    }
    match token.kind {
        Kind::Break => (What::Stop, at + 1),
        Kind::Sign => (sign(reading, at), at + 1),
        Kind::Number => (What::Noise, at + 1),
        Kind::Word => word(reading, around, at),
    }
}

fn sign(reading: &Reading<'_>, at: usize) -> What {
    let token = &reading.tokens[at];
    match token.text.as_str() {
        "," | ":" | "(" | ")" | "/" | "|" | "-" | "–" | "—" | "=" | "*" | "•" | "→" => What::Comma,
        "+" | "&" => What::And,
        "." if reading.tokens.get(at + 1).is_some_and(|t| t.is(".")) || at > 0 && reading.tokens[at - 1].is(".") => What::Comma,
        // Rs. and pkt. end no sentence
        "." if at > 0 && reading.tokens[at - 1].kind == Kind::Word && reading.tokens[at - 1].text.len() <= 4 && abbreviation(&reading.tokens[at - 1]) => {
            What::Word(Ideas::from(Idea::Filler))
        }
        "." | ";" | "!" | "?" | "।" | "॥" => What::Stop,
        _ => What::Word(reading.ideas[at]),
    }
}

fn abbreviation(token: &Token) -> bool {
    Unit::of_key(&token.key).is_some() || matches!(token.key.as_str(), "no" | "rs" | "nan" | "num")
}

fn word(reading: &Reading<'_>, around: &Around<'_>, at: usize) -> (What, usize) {
    let token = &reading.tokens[at];
    if let Some(unit) = unit_at(&reading.tokens, &reading.ideas, at) {
        return (What::Unit(unit), at + 1);
    }
    if let Some(to) = reading.codes[at] {
        return (What::Code, to);
    }
    let ideas = reading.ideas[at];
    let narrowing = narrowing(reading, around, at);
    let named = || narrowing.clone().map(|(products, _)| products).unwrap_or_default();
    if ideas.any(&[Idea::Big, Idea::Small]) {
        return (What::Size(ideas.has(Idea::Big), named()), at + 1);
    }
    if ideas.has(Idea::Loose) {
        return (What::Loose, at + 1);
    }
    if let Some((products, to)) = narrowing.filter(|(_, to)| ideas.is_empty() || *to > at + 1) {
        return (What::Narrow(products), to);
    }
    if matches!(token.text.as_str(), "x" | "×") {
        return (What::Word(Ideas::from(Idea::Filler)), at + 1);
    }
    let joins = if ideas.has(Idea::And) {
        What::And
    } else if ideas.has(Idea::Or) {
        What::Or
    } else if ideas.is_empty() {
        What::Unknown
    } else {
        What::Word(ideas)
    };
    (joins, at + 1)
}

/// Words of product names that stand here; the longest.
fn narrowing(reading: &Reading<'_>, around: &Around<'_>, at: usize) -> Option<(Vec<u32>, usize)> {
    let token = &reading.tokens[at];
    let here = reading.mentions.mentions.iter().filter(|m| m.start == token.start && m.how == How::Word && m.score >= NARROWS);
    let longest = here.max_by_key(|m| m.end)?;
    let to = reading.tokens.partition_point(|t| t.end <= longest.end);
    let free = to > at && around.taken[at..to].iter().all(|t| !t);
    free.then(|| (longest.products.clone(), to))
}

/// `RICE-99KG`: looks like a product key, and is none. Says for each token where the key ends that begins there.
fn codes(reading: &Reading<'_>) -> Vec<Option<usize>> {
    let tokens = &reading.tokens;
    let capital = |t: &Token| {
        let raw = reading.text.get(t.start..t.end).unwrap_or("");
        !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let mut out = vec![None; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        let (mut to, mut parts) = (at + 1, 1);
        if !capital(&tokens[at]) || tokens[at].kind != Kind::Word {
            at += 1;
            continue;
        }
        while let Some(next) = tokens.get(to).filter(|t| t.glued) {
            if next.is("-") && tokens.get(to + 1).is_some_and(|t| t.glued && capital(t)) {
                parts += 1;
                to += 2;
            } else if capital(next) {
                to += 1;
            } else {
                break;
            }
        }
        let digits = tokens[at..to].iter().any(|t| t.kind == Kind::Number);
        let (start, end) = (tokens[at].start, tokens[to - 1].end);
        let mentioned = reading.mentions.mentions.iter().any(|m| m.how != How::Word && m.start <= start && m.end >= end);
        if parts >= 2 && (digits || parts >= 3) && !mentioned {
            out[at] = Some(to);
        }
        at = to;
    }
    out
}
