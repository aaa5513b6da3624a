//! Numbers in words: Nepali, Hindi and English up to crores, with adha, dedh, sawa, dhai, saadhe and paune.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::fold::fold;
use crate::token::{Kind, Token};

/// What a number word adds to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A whole number below a hundred, in thousandths.
    Whole(i64),
    /// An English ten, which a digit word may follow.
    Tens(i64),
    /// A hundred and more, which multiplies what stands before it.
    Scale(i64),
    /// A quantity with a fraction that stands alone, in thousandths: `dedh` is 1500.
    Fraction(i64),
    /// Thousandths that are added to the next number: `saadhe tin` is 3.5; `sawa` alone is 1.25.
    Plus(i64),
}

/// Number and its words. Spellings that fold to the same key need no entry.
const WHOLE: &[(i64, &str)] = &[
    (0, "sunya shunya शून्य"),
    (1, "one ek yek euta euti auta yauta एक एउटा एउटी"),
    (2, "two dui duita duito duiwota do दुई दुइ दुइटा दो"),
    (3, "three tin teen tinta tinwota तीन तिन तीनटा"),
    (4, "four char chaar charta charwota चार"),
    (5, "five panch paanch paach panchta पाँच पांच पाच"),
    (6, "six chha chhah chah chhawota che chhe छ छह छः छे"),
    (7, "seven saat sat सात"),
    (8, "eight aath ath आठ"),
    (9, "nine nau nou नौ"),
    (10, "ten das dus dash दश दस"),
    (11, "eleven eghara egharha gyarah gyara एघार ग्यारह"),
    (12, "twelve barha barah bahra baara baraha बाह्र बारह"),
    (13, "thirteen terha tehra terah teraha तेह्र तेरह"),
    (14, "fourteen chaudha chaudah choudha चौध चौदह"),
    (15, "fifteen pandhra pandra pandrah pandhraha पन्ध्र पन्द्र पंद्रह"),
    (16, "sixteen sohra solah sorha सोह्र सोलह"),
    (17, "seventeen satra satrah सत्र सत्रह"),
    (18, "eighteen athara atharah atthara अठार अठारह"),
    (19, "nineteen unnais unnis unais उन्नाइस उन्नीस"),
    (20, "bis bees biss बीस बिस"),
    (21, "ekkais ikkis एक्काइस"),
    (22, "bais baais बाइस"),
    (23, "teis tais तेइस"),
    (24, "chaubis choubis चौबीस चौबिस"),
    (25, "pachis pachchis pachhis paccis pacchis पच्चीस पच्चिस"),
    (26, "chhabbis chabbis छब्बीस"),
    (27, "sattais सत्ताइस"),
    (28, "atthais athais अट्ठाइस"),
    (29, "unantis untis उनन्तीस"),
    (30, "tis tees तीस तिस"),
    (32, "battis बत्तीस"),
    (35, "paintis pentis पैँतीस पैंतीस"),
    (36, "chhattis छत्तीस"),
    (40, "chalis chaalis chalish चालीस चालिस"),
    (45, "paintalis पैँतालीस पैंतालीस"),
    (48, "athchalis अठचालीस"),
    (50, "pachas pachaas panchas pachash पचास"),
    (55, "pachpanna pachpan पचपन्न पचपन"),
    (60, "sathi साठी साठ"),
    (65, "painsathi paisath पैँसट्ठी"),
    (70, "sattari sattar सत्तरी सत्तर"),
    (75, "pachhattar pachattar पचहत्तर"),
    (80, "asi assi असी अस्सी"),
    (90, "nabbe nabbey nabe नब्बे"),
];

const OTHER: &[(Part, &str)] = &[
    (Part::Tens(20), "twenty"),
    (Part::Tens(30), "thirty"),
    (Part::Tens(40), "forty fourty"),
    (Part::Tens(50), "fifty"),
    (Part::Tens(60), "sixty"),
    (Part::Tens(70), "seventy"),
    (Part::Tens(80), "eighty"),
    (Part::Tens(90), "ninety"),
    (Part::Scale(100), "saya saye sau hundred saiya सय सौ"),
    (Part::Scale(1_000), "hajar hazar hajaar hazaar thousand हजार हज़ार"),
    (Part::Scale(100_000), "lakh lac laakh lakhs lacs लाख"),
    (Part::Scale(10_000_000), "crore karod karor करोड"),
    (
        Part::Fraction(500),
        "adha aadha adhaa aadhi adhi half aadho आधा आधि आधी",
    ),
    (Part::Fraction(250), "quarter chauthai chauthaai चौथाइ"),
    (Part::Fraction(1500), "dedh dhed derh dhedh dedha deda dher डेढ डेढ़"),
    (
        Part::Fraction(2500),
        "dhai adhai arhai adhaai dhaai aadhai अढाइ अढाई ढाइ ढाई",
    ),
    (
        Part::Plus(500),
        "saadhe sadhe sade sarhe saade sadhey साढे साढ़े साडे",
    ),
    (Part::Plus(250), "sawa sava saba sabaa savaa सवा"),
    (Part::Plus(-250), "paune pauna paaune पौने पौना"),
];

/// Number words with the counter in them: `duita` is two pieces.
const COUNTERS: &str =
    "euta euti yauta duita duito duiwota tinta tinwota charta charwota panchta chhawota एउटा एउटी दुइटा तीनटा";

static COUNTING: LazyLock<HashSet<String>> =
    LazyLock::new(|| COUNTERS.split_whitespace().map(fold).collect());

/// Whether the folded number word says that it counts pieces.
pub fn counts_pieces(key: &str) -> bool {
    COUNTING.contains(key)
}

static BY_KEY: LazyLock<HashMap<String, Part>> = LazyLock::new(|| {
    let whole = WHOLE.iter().map(|(n, words)| (Part::Whole(n * 1000), *words));
    let all = whole.chain(OTHER.iter().copied());
    all.flat_map(|(part, words)| words.split_whitespace().map(move |w| (fold(w), part)))
        .collect()
});

/// What the folded word is as a number.
pub fn number_word(key: &str) -> Option<Part> {
    BY_KEY.get(key).copied()
}

/// A number and how many tokens it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Thousandths; `None` when it cannot be held exactly.
    pub milli: Option<i64>,
    /// Tokens.
    pub taken: usize,
    /// Whether it begins with digits.
    pub digits: bool,
}

/// Highest number that is read, in thousandths.
const MILLI_MAX: i64 = 1_000_000_000_000_000;

/// Reads the number that begins the tokens. Says nothing about words that are also something else (`tin`, `do`,
/// `chha`): the caller knows what stands around them.
pub fn number(tokens: &[Token]) -> Option<Number> {
    let first = tokens.first()?;
    if first.kind == Kind::Number {
        return Some(in_digits(tokens));
    }
    if first.kind != Kind::Word {
        return None;
    }
    let part = |at: usize| {
        tokens
            .get(at)
            .filter(|t| t.kind == Kind::Word)
            .and_then(|t| number_word(&t.key))
    };
    match part(0)? {
        Part::Fraction(milli) => Some(scaled(milli, 1, tokens, false)),
        Part::Plus(plus) => {
            let next = tokens.get(1).and_then(|_| number(&tokens[1..]));
            match next.and_then(|n| n.milli.map(|milli| (n, milli))) {
                Some((n, milli)) if milli % 1000 == 0 && milli > 0 => {
                    // saadhe dui hajar is 2,500: the half belongs to the thousand
                    let scale = [10_000_000, 100_000, 1_000, 100]
                        .into_iter()
                        .find(|s| milli % (s * 1000) == 0);
                    Some(Number {
                        milli: plus
                            .checked_mul(scale.unwrap_or(1))
                            .and_then(|p| milli.checked_add(p)),
                        taken: n.taken + 1,
                        digits: false,
                    })
                }
                _ if plus == 250 => Some(scaled(1250, 1, tokens, false)),
                _ if plus < 0 => Some(scaled(750, 1, tokens, false)),
                _ => None,
            }
        }
        Part::Scale(scale) => Some(tail(scale * 1000, 1, scale, tokens)),
        Part::Tens(tens) => match part(1) {
            Some(Part::Whole(ones)) if (1000..10_000).contains(&ones) => {
                Some(scaled(tens * 1000 + ones, 2, tokens, false))
            }
            _ => Some(scaled(tens * 1000, 1, tokens, false)),
        },
        Part::Whole(milli) => Some(scaled(milli, 1, tokens, false)),
    }
}

/// Digits, with a fraction behind a slash, a vulgar fraction, or a scale word.
fn in_digits(tokens: &[Token]) -> Number {
    let milli = tokens[0].milli;
    let at = |i: usize| tokens.get(i).filter(|t| t.glued);
    let part_of_one = |over: usize| {
        let (slash, below) = (at(over + 1)?, at(over + 2)?);
        let (above, below) = (tokens.get(over)?.milli?, slash.is("/").then_some(below.milli)??);
        let known = matches!((above, below), (1000, 2000 | 4000) | (3000, 4000));
        known.then(|| above * 1000 / below)
    };
    if let Some(part) = part_of_one(0) {
        return Number {
            milli: Some(part),
            taken: 3,
            digits: true,
        };
    }
    if let Some((whole, part)) = milli.zip(tokens.get(1).filter(|t| !t.glued).and_then(|_| part_of_one(1))) {
        return Number {
            milli: whole.checked_add(part),
            taken: 4,
            digits: true,
        };
    }
    if let Some((whole, part)) = milli.zip(at(1).and_then(|t| t.milli))
        && part < 1000
    {
        return Number {
            milli: whole.checked_add(part),
            taken: 2,
            digits: true,
        };
    }
    match milli {
        Some(milli) => scaled(milli, 1, tokens, true),
        None => Number {
            milli: None,
            taken: 1,
            digits: true,
        },
    }
}

/// Multiplies by the scale word that may follow, and adds what follows that.
fn scaled(milli: i64, taken: usize, tokens: &[Token], digits: bool) -> Number {
    let scale = match tokens
        .get(taken)
        .filter(|t| t.kind == Kind::Word)
        .and_then(|t| number_word(&t.key))
    {
        Some(Part::Scale(scale)) => scale,
        _ => {
            return Number {
                milli: Some(milli),
                taken,
                digits,
            };
        }
    };
    match milli.checked_mul(scale).filter(|m| *m <= MILLI_MAX) {
        Some(product) => Number {
            digits,
            ..tail(product, taken + 1, scale, tokens)
        },
        None => Number {
            milli: None,
            taken: taken + 1,
            digits,
        },
    }
}

/// `ek saya pachas`: smaller numbers behind a scale word are added.
fn tail(milli: i64, taken: usize, scale: i64, tokens: &[Token]) -> Number {
    let alone = Number {
        milli: Some(milli),
        taken,
        digits: false,
    };
    let Some(next) = tokens.get(taken).filter(|t| t.kind == Kind::Word) else {
        return alone;
    };
    if !matches!(number_word(&next.key), Some(Part::Whole(1..) | Part::Tens(_))) {
        return alone;
    }
    match number(&tokens[taken..]) {
        Some(Number {
            milli: Some(more),
            taken: also,
            ..
        }) if more < scale * 1000 => Number {
            milli: milli.checked_add(more),
            taken: taken + also,
            digits: false,
        },
        _ => alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens;

    #[test]
    fn numbers_in_words_and_digits_are_exact() {
        for (text, milli, taken) in [
            ("adha", 500, 1),
            ("dedh lakh", 150_000_000, 2),
            ("saadhe tin kilo", 3500, 2),
            ("sawa kilo", 1250, 1),
            ("sawa do", 2250, 2),
            ("paune dui", 1750, 2),
            ("अढाइ", 2500, 1),
            ("ek saya pachas", 150_000, 3),
            ("twenty five", 25_000, 2),
            ("dui tin", 2000, 1),
            ("2 hajar", 2_000_000, 2),
            ("saadhe dui hajar", 2_500_000, 3),
            ("1/2 kg", 500, 3),
            ("1 1/2 kg", 1500, 4),
            ("1½", 1500, 2),
            ("2/3", 2000, 1),
            ("पच्चीस", 25_000, 1),
        ] {
            let read = number(&tokens(text)).expect(text);
            assert_eq!((read.milli, read.taken), (Some(milli), taken), "{text}");
        }
        assert_eq!(number(&tokens("saadhe")), None);
        assert_eq!(number(&tokens("chini")), None);
    }
}
