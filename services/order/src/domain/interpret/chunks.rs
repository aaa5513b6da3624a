//! A text as a row of chunks: products, words that narrow, quantities, grammar, and what is not understood.

use khaacho_text::{Kind, Token, Unit};

mod picks;

use picks::{Pick, picks, slips};

use super::catalogue::{How, Mentions};
use super::ideas::{Idea, Ideas};
use super::lexicon;
use super::noise::{self, Noise, Noted};
use super::quantity::{Around, Quantity, unit_at};

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
        let end = to
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |t| t.end);
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
    let mut reading = Reading {
        text,
        mentions,
        tokens,
        ideas,
        noted,
        codes: Vec::new(),
        chunks: Vec::new(),
    };
    reading.codes = codes(&reading);
    let picks = picks(&mut reading);
    slips(&mut reading, &picks);
    reading.chunks = row(&reading, &picks);
    reading
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
    let narrows = |at: usize| {
        let start = tokens.get(at).map(|t| t.start);
        reading
            .mentions
            .mentions
            .iter()
            .any(|m| Some(m.start) == start && m.score >= NARROWS)
    };
    let starts = |at: usize| picks.iter().any(|p| p.from == at) || narrows(at);
    let mut out: Vec<Chunk> = Vec::new();
    let mut tins = false;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(to) = picks
            .iter()
            .find(|p| p.from == at)
            .and_then(|p| purpose(tokens, p.to))
            .filter(|to| product_behind(tokens, picks, *to))
        {
            // "masala ko lagi jeera": what it is for, not what is wanted
            out.push(Chunk {
                what: What::Word(Ideas::from(Idea::Filler)),
                from: at,
                to,
            });
            at = to;
            continue;
        }
        if let Some(pick) = picks.iter().find(|p| p.from == at) {
            let products = &reading.mentions.mentions[pick.mention].products;
            tins = products
                .iter()
                .any(|p| reading.mentions.products[*p as usize].factor(Unit::Tin).is_some());
            out.push(Chunk {
                what: What::Product(pick.mention),
                from: at,
                to: pick.to,
            });
            at = pick.to;
            continue;
        }
        let around = Around {
            tokens,
            ideas: &reading.ideas,
            taken: &taken,
            product: &starts,
            tins,
        };
        let (what, to) = one(reading, &around, at);
        out.push(Chunk { what, from: at, to });
        at = to;
    }
    out
}

/// The token behind "ko lagi", "ke liye" where it stands behind a product.
fn purpose(tokens: &[Token], at: usize) -> Option<usize> {
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|t| words.contains(&t.text.as_str()));
    let at = at + usize::from(is(at, &["ko", "ke", "को", "के"]));
    is(at, &["lagi", "laagi", "liye", "liya", "लागि", "लिए"]).then_some(at + 1)
}

/// Whether another product is named behind this token, before anything ends the part.
fn product_behind(tokens: &[Token], picks: &[Pick], at: usize) -> bool {
    let next = picks.iter().map(|p| p.from).filter(|from| *from >= at).min();
    next.is_some_and(|next| {
        tokens[at..next]
            .iter()
            .all(|t| matches!(t.kind, Kind::Word | Kind::Number))
    })
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
    if token.kind == Kind::Number
        && let Some((products, to)) = narrowing(reading, around, at).filter(|(_, to)| *to > at + 1)
    {
        return (What::Narrow(products), to);
    }
    if token.kind == Kind::Number
        && let Some(next) = reading.tokens.get(at + 1)
        && matches!(
            next.text.as_str(),
            "page" | "pages" | "pej" | "watt" | "watts" | "पेज" | "वाट"
        )
    {
        // a size that no product has
        return (What::Unknown, at + 2);
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
        "." if reading.tokens.get(at + 1).is_some_and(|t| t.is("."))
            || at > 0 && reading.tokens[at - 1].is(".") =>
        {
            What::Comma
        }
        // Rs. and pkt. end no sentence
        "." if at > 0
            && reading.tokens[at - 1].kind == Kind::Word
            && reading.tokens[at - 1].text.len() <= 4
            && abbreviation(&reading.tokens[at - 1]) =>
        {
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
    if token.text == "one" && at > 0 {
        // no number here: "the masala one"
        return (What::Word(Ideas::from(Idea::Of)), at + 1);
    }
    let ideas = reading.ideas[at];
    let narrowing = narrowing(reading, around, at);
    let named = || {
        narrowing
            .clone()
            .map(|(products, _)| products)
            .unwrap_or_default()
    };
    if ideas.any(&[Idea::Big, Idea::Small]) {
        return (What::Size(ideas.has(Idea::Big), named()), at + 1);
    }
    if ideas.has(Idea::Loose) {
        return (What::Loose, at + 1);
    }
    // "pad xl 12 packet, regular 1 carton": a courtesy of other sentences may tell products apart
    let idle = ideas == Ideas::from(Idea::Filler);
    let apart = |products: &[u32]| idle && tells_apart(reading, products);
    if let Some((products, to)) =
        narrowing.filter(|(list, to)| ideas.is_empty() || *to > at + 1 || apart(list))
    {
        return (What::Narrow(products), to);
    }
    if matches!(token.text.as_str(), "x" | "×") {
        return (What::Word(Ideas::from(Idea::Filler)), at + 1);
    }
    if ideas.is_empty() && super::items::said_before(&token.key) {
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

/// Whether few products have the word, and something that is named has them among others.
fn tells_apart(reading: &Reading<'_>, products: &[u32]) -> bool {
    let named = |m: &super::catalogue::Mention| {
        m.how == How::Alias
            && m.products.len() > products.len()
            && products.iter().all(|p| m.products.binary_search(p).is_ok())
    };
    products.len() <= 2 && reading.mentions.mentions.iter().any(named)
}

/// Words of product names that stand here; the longest.
fn narrowing(reading: &Reading<'_>, around: &Around<'_>, at: usize) -> Option<(Vec<u32>, usize)> {
    let token = &reading.tokens[at];
    let here = reading
        .mentions
        .mentions
        .iter()
        .filter(|m| m.start == token.start && m.how == How::Word && m.score >= NARROWS);
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
        let mentioned = reading
            .mentions
            .mentions
            .iter()
            .any(|m| m.how != How::Word && m.start <= start && m.end >= end);
        if parts >= 2 && (digits || parts >= 3) && !mentioned {
            out[at] = Some(to);
        }
        at = to;
    }
    out
}
