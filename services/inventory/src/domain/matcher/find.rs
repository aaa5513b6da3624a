//! Everything that a text mentions.

use std::collections::{BTreeMap, BTreeSet};

use khaacho_text::{Kind, Token, tokens};

use super::vocabulary::Guess;
use super::{Found, How, LISTED_MAX, MENTIONS_MAX, Matcher, Mention, REPORT};

/// Most tokens of a message that are looked up; the rest of a longer one is not read.
const TOKENS_MAX: usize = 2_000;

/// What a place in the text can be read as: the words, and the token after them.
struct Reading {
    words: Vec<u32>,
    next: usize,
    score: u16,
}

impl Matcher {
    /// What the text mentions. The same text finds the same mentions, whatever else is in the catalogue's order.
    pub fn find(&self, text: &str) -> Found {
        let mut tokens = tokens(text);
        tokens.truncate(TOKENS_MAX);
        let readings: Vec<Vec<Reading>> = (0..tokens.len()).map(|at| self.readings(&tokens, at)).collect();
        let mut mentions = self.keys(text);
        for at in 0..tokens.len() {
            self.phrases_from(&tokens, &readings, at, &mut mentions);
            self.words_at(&tokens, &readings, at, &mut mentions);
            if mentions.len() > MENTIONS_MAX {
                break;
            }
        }
        mentions.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end), m.how));
        self.found(mentions)
    }

    /// Product keys, with their hyphens.
    fn keys(&self, text: &str) -> Vec<Mention> {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let mut out = Vec::new();
        let mut start = 0;
        for piece in text.split(|c: char| !part(c)) {
            if like_a_key(piece)
                && let Some(at) = self.by_key.get(&piece.to_lowercase().replace('_', "-"))
            {
                out.push(mention(start, start + piece.len(), How::Key, 1000, &[*at]));
            }
            start += piece.len();
            start += text
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
        }
        out
    }

    fn readings(&self, tokens: &[Token], at: usize) -> Vec<Reading> {
        let token = &tokens[at];
        let guesses = match token.kind {
            Kind::Word => self.vocabulary.guesses(&token.text, &token.key),
            Kind::Number => self.vocabulary.guesses(&token.key, &token.key),
            Kind::Sign | Kind::Break => return Vec::new(),
        };
        let reading = |g: Guess| Reading {
            words: vec![g.word],
            next: at + 1,
            score: g.score,
        };
        let mut out: Vec<Reading> = guesses.into_iter().map(reading).collect();
        if token.kind == Kind::Word {
            out.extend(self.joined(tokens, at));
            if out.iter().all(|r| r.score < 900) {
                out.extend(self.split(token, at));
            }
        }
        out
    }

    /// `sun flower` for sunflower.
    fn joined(&self, tokens: &[Token], at: usize) -> Option<Reading> {
        let next = after(tokens, at)?;
        let other = tokens.get(next).filter(|t| t.kind == Kind::Word)?;
        let key = khaacho_text::fold(&format!("{}{}", tokens[at].text, other.text));
        let long = key.len() >= 5 && tokens[at].text.len() > 1;
        let word = self.vocabulary.known(&key).filter(|_| long)?;
        Some(Reading {
            words: vec![word],
            next: next + 1,
            score: 900,
        })
    }

    /// `raraveg` for rara veg.
    fn split(&self, token: &Token, at: usize) -> Option<Reading> {
        let key = &token.key;
        let cuts = key
            .char_indices()
            .map(|(i, _)| i)
            .filter(|i| *i >= 3 && key.len() - *i >= 3);
        let pair = cuts.take(24).find_map(|cut| {
            let (head, tail) = (
                self.vocabulary.known(&key[..cut])?,
                self.vocabulary.known(&key[cut..])?,
            );
            let phrase = self
                .steps
                .get(&(0, head))
                .and_then(|p| self.steps.get(&(*p, tail)))?;
            (!self.phrases[*phrase as usize].alias.is_empty()).then_some(vec![head, tail])
        })?;
        Some(Reading {
            words: pair,
            next: at + 1,
            score: 880,
        })
    }

    /// Aliases that begin here.
    fn phrases_from(&self, tokens: &[Token], readings: &[Vec<Reading>], from: usize, out: &mut Vec<Mention>) {
        let mut open: Vec<(u32, usize, u16, usize)> = vec![(0, from, 1000, 0)];
        // end token → (score, products), so that several readings of one place are one mention
        let mut ends: BTreeMap<(usize, How), (u16, BTreeSet<u32>)> = BTreeMap::new();
        while let Some((phrase, at, score, words)) = open.pop() {
            let Some(here) = readings.get(at) else { continue };
            for reading in here {
                let steps = reading
                    .words
                    .iter()
                    .try_fold(phrase, |p, w| self.steps.get(&(p, *w)).copied());
                let Some(reached) = steps else { continue };
                let score = score.min(reading.score);
                let node = &self.phrases[reached as usize];
                for (how, list) in [(How::Alias, &node.alias), (How::Word, &node.narrows)] {
                    if !list.is_empty() {
                        let end = ends
                            .entry((reading.next - 1, how))
                            .or_insert((0, BTreeSet::new()));
                        match end.0.cmp(&score) {
                            std::cmp::Ordering::Less => *end = (score, list.iter().copied().collect()),
                            std::cmp::Ordering::Equal => end.1.extend(list),
                            std::cmp::Ordering::Greater => {}
                        }
                    }
                }
                if words < 8
                    && let Some(next) = after(tokens, reading.next - 1)
                {
                    open.push((reached, next, score, words + 1));
                }
            }
        }
        for ((last, how), (score, products)) in ends {
            let products: Vec<u32> = products.into_iter().collect();
            out.push(mention(
                tokens[from].start,
                tokens[last].end,
                how,
                score,
                &products,
            ));
        }
    }

    /// Words that narrow.
    fn words_at(&self, tokens: &[Token], readings: &[Vec<Reading>], at: usize, out: &mut Vec<Mention>) {
        let best = readings[at]
            .iter()
            .filter(|r| r.words.len() == 1)
            .map(|r| r.score)
            .max();
        let mut products = BTreeSet::new();
        let mut last = at;
        for reading in readings[at]
            .iter()
            .filter(|r| r.words.len() == 1 && Some(r.score) == best)
        {
            products.extend(&self.by_word[reading.words[0] as usize]);
            last = reading.next - 1;
        }
        if !products.is_empty() {
            let products: Vec<u32> = products.into_iter().collect();
            let score = best.unwrap_or(0);
            out.push(mention(
                tokens[at].start,
                tokens[last].end,
                How::Word,
                score,
                &products,
            ));
        }
    }

    /// Lists the products of the mentions. A long list keeps those that another mention names as well.
    fn found(&self, mut mentions: Vec<Mention>) -> Found {
        mentions.retain(|m| m.score >= REPORT);
        let lists: Vec<Vec<u32>> = mentions.iter().map(|m| m.products.clone()).collect();
        for (i, mention) in mentions.iter_mut().enumerate() {
            if mention.products.len() <= LISTED_MAX {
                continue;
            }
            let others = lists
                .iter()
                .enumerate()
                .filter(|(j, other)| *j != i && **other != lists[i]);
            let others: Vec<&Vec<u32>> = others.map(|(_, other)| other).take(32).collect();
            let elsewhere = |p: &u32| others.iter().filter(|o| o.binary_search(p).is_ok()).count();
            let mut ranked: Vec<(usize, u32)> = mention.products.iter().map(|p| (elsewhere(p), *p)).collect();
            ranked.sort_by_key(|(shared, p)| (std::cmp::Reverse(*shared), *p));
            mention.products = ranked.into_iter().take(LISTED_MAX).map(|(_, p)| p).collect();
            mention.products.sort_unstable();
            mention.cut = true;
        }
        let used: BTreeSet<u32> = mentions.iter().flat_map(|m| m.products.iter().copied()).collect();
        let place: BTreeMap<u32, u32> = used.iter().copied().zip(0..).collect();
        for mention in &mut mentions {
            mention.products.iter_mut().for_each(|p| *p = place[p]);
        }
        let products = used.iter().map(|p| self.facts[*p as usize].clone()).collect();
        Found { products, mentions }
    }
}

/// The next word or number of the same phrase: only a hyphen or an apostrophe may stand between.
fn after(tokens: &[Token], at: usize) -> Option<usize> {
    let next = tokens.get(at + 1)?;
    match next.kind {
        Kind::Word | Kind::Number => Some(at + 1),
        Kind::Sign if next.glued && matches!(next.text.as_str(), "-" | "'" | "’" | "_") => {
            let word = tokens
                .get(at + 2)
                .filter(|t| t.glued && matches!(t.kind, Kind::Word | Kind::Number));
            word.map(|_| at + 2)
        }
        Kind::Sign | Kind::Break => None,
    }
}

fn mention(start: usize, end: usize, how: How, score: u16, products: &[u32]) -> Mention {
    Mention {
        start,
        end,
        how,
        score,
        products: products.to_vec(),
        cut: false,
    }
}

/// Whether nobody writes it as a word: with a hyphen, with digits, or in capitals.
fn like_a_key(piece: &str) -> bool {
    let has = |is: fn(&u8) -> bool| piece.bytes().any(|b| is(&b));
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let capitals = piece.len() >= 3 && piece.bytes().all(|b| b.is_ascii_uppercase());
    piece.contains(['-', '_']) || mixed || capitals
}
