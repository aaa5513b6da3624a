//! Which mentions of products are meant: they may overlap, and their words may mean something else.

use khaacho_text::{Kind, number_word};

use super::{NARROWS, Reading};
use crate::domain::interpret::catalogue::{ACCEPT, EXACT, How, Mention};
use crate::domain::interpret::ideas::{Idea, Ideas};
use crate::domain::interpret::lexicon;
use crate::domain::interpret::noise::Noise;
use crate::domain::interpret::quantity::unit_at;

/// Words that nothing explains may be known ones with a slip of the finger.
pub(super) fn slips(reading: &mut Reading<'_>, picks: &[Pick]) {
    for at in 0..reading.tokens.len() {
        let token = &reading.tokens[at];
        let explained = token.kind != Kind::Word
            || !reading.ideas[at].is_empty()
            || number_word(&token.key).is_some()
            || picks.iter().any(|p| p.from <= at && at < p.to)
            || unit_at(&reading.tokens, &reading.ideas, at).is_some()
            || reading
                .mentions
                .mentions
                .iter()
                .any(|m| m.start == token.start && m.score >= NARROWS);
        if !explained {
            reading.ideas[at] = lexicon::near(token);
        }
    }
}

/// A chosen mention: token range and index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    pub from: usize,
    pub to: usize,
    pub mention: usize,
}

/// The mentions that explain most of the text without overlapping.
pub(super) fn picks(reading: &mut Reading<'_>) -> Vec<Pick> {
    let mut usable: Vec<(Pick, i64)> = Vec::new();
    for (index, mention) in reading.mentions.mentions.iter().enumerate() {
        let from = reading.tokens.partition_point(|t| t.start < mention.start);
        let to = reading.tokens.partition_point(|t| t.end <= mention.end);
        let whole = reading.tokens.get(from).is_some_and(|t| t.start == mention.start) && to > from;
        let coded = reading
            .codes
            .iter()
            .enumerate()
            .any(|(at, end)| end.is_some_and(|end| at < to && end > from));
        if mention.how == How::Word
            || !whole
            || coded && mention.how == How::Alias
            || !fits(reading, mention, from, to)
        {
            continue;
        }
        let tokens = i64::try_from(to - from).unwrap_or(0);
        let key = if mention.how == How::Key { 100 } else { 0 };
        let value = tokens * 100 - 10 + key + i64::from(mention.score) / 200;
        usable.push((
            Pick {
                from,
                to,
                mention: index,
            },
            value,
        ));
    }
    let chosen = best(&usable, reading.tokens.len());
    for pick in &chosen {
        // 2pm is a noodle, not a time
        reading.noted.noise[pick.from..pick.to]
            .iter_mut()
            .for_each(|n| *n = None);
        reading.ideas[pick.from..pick.to]
            .iter_mut()
            .for_each(|i| *i = Ideas::default());
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
    "match", "matches", "copy", "current", "energy", "due", "dieu", "khata", "full", "ful", "mah", "maha",
    "paste", "gum", "gam", "mari", "gur", "cell", "cake", "kek", "tape", "dant", "dove", "wheel", "surya",
    "center", "cutter", "rubber", "plastic", "rope", "glue", "toast", "candy", "cracker", "refill", "coil",
    "foil", "brush", "torch", "soda", "coconut", "butter", "parle",
];

/// Whether a mention can be meant at its place.
fn fits(reading: &Reading<'_>, mention: &Mention, from: usize, to: usize) -> bool {
    let tokens = &reading.tokens;
    let noisy = reading.noted.noise[from..to]
        .iter()
        .any(|n| matches!(n, Some(Noise::OrderRef | Noise::Money(_))));
    let listed = reading.noted.noise[from..to].iter().any(Option::is_some) && reading.noted.bullets[from];
    let other = reading.noted.noise[from..to].iter().any(Option::is_some) && mention.how != How::Alias;
    let timed = reading.noted.noise[from].is_some()
        && !matches!(tokens.get(from + 1).map(|t| t.key.as_str()), Some("pm"));
    let told = reading.noted.noise[from].is_some()
        && tokens.get(from + 1).is_some_and(|t| t.key == "pm")
        && (from > 0
            && matches!(
                tokens[from - 1].key.as_str(),
                "at" | "bi" | "by" | "before" | "befor" | "befur"
            )
            || !tokens[from + 1].glued);
    if mention.how == How::Key {
        return true;
    }
    if noisy || listed || other || timed || told {
        return false;
    }
    let number = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.kind == Kind::Number || number_word(&t.key).is_some())
    };
    let unit = |at: usize| unit_at(tokens, &reading.ideas, at);
    // 5 packet chini: the packet counts
    if unit(from).is_some() && number(from.checked_sub(1)) {
        return false;
    }
    // lactogen 2 packet: two packets, unless another number counts them
    let last = to - 1;
    if to - from > 1
        && tokens[last].kind == Kind::Number
        && unit(to).is_some_and(|u| u.measure().is_none())
        && !number(Some(to + 1))
    {
        return false;
    }
    if to - from > 1 {
        // every word of it is a word of its own: only as it stands in the catalogue
        let known = reading.ideas[from..to].iter().all(|i| !i.is_empty());
        return !known || mention.score == EXACT;
    }
    let word = &tokens[from];
    let came = reading.ideas[from].has(Idea::Arrived)
        && from >= 2
        && unit(from - 1).is_some()
        && number(Some(from - 2));
    if came && !(number(Some(to)) && unit(to + 1).is_some()) {
        // "dal 30 bora aayo, 3800 ma": it has come; Aayo is a salt as well
        return false;
    }
    if word.key == "pani" {
        return water(reading, from);
    }
    let doubtful = AMBIGUOUS.contains(&word.text.as_str());
    if doubtful && reading.ideas[from].is_empty() {
        let told = [
            Idea::SoldOut,
            Idea::Price,
            Idea::HowMuch,
            Idea::Is,
            Idea::Ask,
            Idea::Of,
            Idea::NotAfter,
            Idea::StockWord,
            Idea::Send,
            Idea::Need,
            Idea::Arrived,
            Idea::Remove,
            Idea::And,
            Idea::Instead,
            Idea::Except,
            Idea::Big,
            Idea::Small,
            Idea::Missing,
            Idea::Broken,
        ];
        let ends = tokens.get(to).is_none_or(|t| t.kind != Kind::Word);
        if ends
            || reading.ideas[to].any(&told)
            || reading.ideas[..from]
                .iter()
                .any(|i| i.any(&[Idea::Send, Idea::Need]))
        {
            return true;
        }
    }
    let otherwise = doubtful
        || mention.score < ACCEPT
        || !reading.ideas[from].is_empty()
        || number_word(&word.key).is_some()
        || unit(from).is_some();
    if !otherwise {
        return true;
    }
    let counted = |at: usize| {
        tokens.get(at).is_some_and(|t| t.kind == Kind::Number) || number(Some(at)) && unit(at + 1).is_some()
    };
    let sign = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.is("(") || t.is("-"))
    };
    let alias = |place: &dyn Fn(&Mention) -> bool| {
        let shares = |m: &Mention| {
            m.products
                .iter()
                .any(|p| mention.products.binary_search(p).is_ok())
        };
        reading
            .mentions
            .mentions
            .iter()
            .any(|m| m.how == How::Alias && place(m) && shares(m))
    };
    let right = tokens.get(to + usize::from(sign(Some(to)))).map(|t| t.start);
    let left = from
        .checked_sub(1 + usize::from(sign(from.checked_sub(1))))
        .and_then(|b| tokens.get(b))
        .map(|t| t.end);
    let beside = alias(&|m| Some(m.start) == right) || alias(&|m| Some(m.end) == left);
    let earlier = reading
        .mentions
        .mentions
        .iter()
        .any(|m| m.how != How::Word && m.end < mention.start);
    let before =
        from.checked_sub(1).is_some_and(|b| unit(b).is_some()) && number(from.checked_sub(2)) && !earlier;
    let weak = mention.score < ACCEPT && reading.ideas[from].is_empty() && !doubtful;
    (mention.score == EXACT || weak) && (beside || counted(to) || before)
}

/// `pani` is water, or "also".
fn water(reading: &Reading<'_>, at: usize) -> bool {
    let tokens = &reading.tokens;
    let number = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind == Kind::Number || number_word(&t.key).is_some())
    };
    let unit = |at: usize| unit_at(tokens, &reading.ideas, at).is_some();
    let edge = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_none_or(|t| matches!(t.kind, Kind::Break) || t.kind == Kind::Sign && !t.is("-"))
    };
    let joined = |at: Option<usize>| at.is_some_and(|at| reading.ideas[at].any(&[Idea::And, Idea::Or]));
    let before = at.checked_sub(1);
    let begins = edge(before) || joined(before);
    let named = |at: usize| {
        let token = &tokens[at];
        let mut mentions = reading.mentions.mentions.iter();
        token.kind == Kind::Word
            && !unit(at)
            && mentions.any(|m| m.how != How::Word && m.start <= token.start && m.end >= token.end)
    };
    // ek peti pani: a quantity that has no product before it
    if let Some(last) = before.filter(|b| unit(*b) && b.checked_sub(1).is_some_and(number)) {
        let start = last - 1;
        let product = start.checked_sub(1).is_some_and(named);
        let counted = number(at + 1);
        return product == counted || !product && start == 0;
    }
    let after = tokens.get(at + 1);
    let question = after.is_some_and(|_| {
        reading.ideas[at + 1].any(&[
            Idea::Is,
            Idea::Price,
            Idea::HowMuch,
            Idea::Ask,
            Idea::Of,
            Idea::StockWord,
            Idea::NotAfter,
            Idea::Need,
            Idea::Send,
        ])
    });
    let counted = number(at + 1) || unit(at + 1);
    if begins {
        return counted || question || after.is_none_or(|t| t.kind != Kind::Word && !t.is(":"));
    }
    counted
        && before
            .is_some_and(|b| !named(b) && !reading.ideas[b].any(&[Idea::Today, Idea::Future, Idea::Mine]))
}
