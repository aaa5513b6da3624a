//! Numbers that are no quantities: order numbers, phones, prices, dates, times, plates, numbers of a list.

mod lists;

use khaacho_text::{Kind, Token};

use super::ideas::{Idea, Ideas};

/// Why a token is no part of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// An order number.
    OrderRef,
    /// A price or an amount of money, in thousandths of a rupee.
    Money(i64),
    /// Anything else.
    Other,
}

/// What the numbers say beside quantities.
#[derive(Debug, Default)]
pub struct Noted {
    /// One for each token.
    pub noise: Vec<Option<Noise>>,
    /// `ORD` and ten digits, or six digits.
    pub order_ref: Option<String>,
    /// Tokens that begin an entry of a list.
    pub bullets: Vec<bool>,
}

/// Looks at every number of the text.
pub fn note(tokens: &[Token], ideas: &[Ideas]) -> Noted {
    let mut noted = Noted {
        noise: vec![None; tokens.len()],
        order_ref: None,
        bullets: vec![false; tokens.len()],
    };
    lists::lists(tokens, &mut noted);
    for at in 0..tokens.len() {
        if noted.noise[at].is_none() && spoken_time(tokens, at) {
            noted.noise[at] = Some(Noise::Other);
            noted.noise[at + 1] = Some(Noise::Other);
            continue;
        }
        if tokens[at].kind != Kind::Number || noted.noise[at].is_some() {
            continue;
        }
        let found = order_ref(tokens, ideas, at, &mut noted.order_ref)
            .or_else(|| long(tokens, at))
            .or_else(|| plate(tokens, at))
            .or_else(|| date(tokens, at))
            .or_else(|| time(tokens, ideas, at))
            .or_else(|| money(tokens, ideas, at));
        if let Some((from, to, noise)) = found {
            noted.noise[from..to]
                .iter_mut()
                .for_each(|n| *n = Some(Noise::Other));
            noted.noise[at] = Some(noise);
        }
    }
    noted
}

type Found = Option<(usize, usize, Noise)>;

fn key(tokens: &[Token], at: Option<usize>) -> &str {
    at.and_then(|at| tokens.get(at)).map_or("", |t| {
        if t.kind == Kind::Sign {
            t.text.as_str()
        } else {
            t.key.as_str()
        }
    })
}

fn digits(token: &Token) -> usize {
    if token.key.contains('.') {
        0
    } else {
        token.key.len()
    }
}

fn order_ref(tokens: &[Token], ideas: &[Ideas], at: usize, found: &mut Option<String>) -> Found {
    let number = &tokens[at];
    let mut before = at.checked_sub(1);
    while matches!(
        key(tokens, before),
        "#" | ":" | "-" | "." | "no" | "num" | "number" | "nan" | "nambar" | "n"
    ) {
        before = before.and_then(|b| b.checked_sub(1));
    }
    let from = before.map_or(0, |b| b + 1);
    let named = matches!(key(tokens, before), "ord" | "order" | "ardar" | "oder" | "odar");
    let hash = key(tokens, at.checked_sub(1)) == "#";
    let whole = digits(number);
    // ord-2611-000409
    let rest = tokens
        .get(at + 2)
        .filter(|t| t.glued && digits(t) == 6 && tokens[at + 1].is("-") && tokens[at + 1].glued);
    if let Some(rest) = rest.filter(|_| named && whole == 4) {
        found.get_or_insert(format!("ORD{}{}", number.key, rest.key));
        return Some((from.saturating_sub(1), at + 3, Noise::OrderRef));
    }
    let meant = [
        Idea::Track,
        Idea::Status,
        Idea::Cancel,
        Idea::OrderWord,
        Idea::Where,
        Idea::Load,
        Idea::AcceptWord,
        Idea::Cannot,
    ];
    let meant = !number.text.contains(',')
        && ideas.iter().any(|i| i.any(&meant))
        && !ideas
            .iter()
            .any(|i| i.any(&[Idea::Paid, Idea::Money, Idea::PayWord]));
    if whole == 10 && (named || number.key.starts_with('2')) {
        found.get_or_insert(format!("ORD{}", number.key));
    } else if whole == 6 && (named || hash || meant) {
        found.get_or_insert(number.key.clone());
    } else {
        return None;
    }
    let from = if key(tokens, before) == "ord" {
        from - 1
    } else {
        from
    };
    Some((from, at + 1, Noise::OrderRef))
}

/// Phones, PANs and everything else that is too long to count goods.
fn long(tokens: &[Token], at: usize) -> Found {
    let mut to = at + 1;
    let mut all = digits(&tokens[at]);
    let joined = |t: &Token| t.kind == Kind::Number && !t.key.contains('.');
    loop {
        let dash = usize::from(tokens.get(to).is_some_and(|t| t.is("-") && t.glued));
        match tokens.get(to + dash).filter(|t| joined(t) && digits(t) >= 3) {
            Some(next) if all >= 3 => {
                all += digits(next);
                to += dash + 1;
            }
            _ => break,
        }
    }
    // groups of a phone: 98412-34567, 9841 234 567
    let phone = to > at + 1 && tokens[at].key.starts_with('9') && (10..=13).contains(&all);
    if phone || to > at + 1 && tokens[at].key.starts_with("977") {
        return Some((at, to, Noise::Other));
    }
    let own = digits(&tokens[at]);
    let called = matches!(
        key(tokens, at.checked_sub(1)),
        "pan" | "bat" | "fon" | "fone" | "mobail" | "mobile" | "+"
    ) || matches!(key(tokens, at.checked_sub(2)), "pan" | "bat") && own >= 5;
    (own >= 9 || called && own >= 3).then_some((at, at + 1, Noise::Other))
}

/// `ba 2 pa 1234`, `bhe 1 kha 4567`.
fn plate(tokens: &[Token], at: usize) -> Found {
    let (before, letters, number) = (at.checked_sub(1)?, tokens.get(at + 1)?, tokens.get(at + 2)?);
    let short = |t: &Token| t.kind == Kind::Word && t.text.chars().filter(|c| c.is_alphabetic()).count() <= 3;
    let plate = short(&tokens[before]) && digits(&tokens[at]) <= 2 && short(letters);
    let four = number.kind == Kind::Number && matches!(digits(number), 3 | 4);
    let unit =
        khaacho_text::Unit::of_key(&letters.key).is_some() && !matches!(letters.key.as_str(), "g" | "l");
    (plate && four && !unit).then_some((before, at + 3, Noise::Other))
}

const MONTHS: &[&str] = &[
    "baisakh",
    "besakh",
    "baisak",
    "jeth",
    "jestha",
    "asar",
    "asadh",
    "ashar",
    "saun",
    "shrawan",
    "saban",
    "bhadau",
    "bhadra",
    "asoj",
    "ashwin",
    "kartik",
    "mangsir",
    "manshir",
    "push",
    "poush",
    "paush",
    "magh",
    "fagun",
    "falgun",
    "phalgun",
    "chait",
    "chaitra",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
];
const DATE_WORDS: &[&str] = &[
    "gate", "gatey", "gatye", "tarikh", "tareekh", "tarik", "tarikha", "miti",
];

fn is_word(tokens: &[Token], at: Option<usize>, words: &[&str]) -> bool {
    let typed = key(tokens, at);
    !typed.is_empty() && words.iter().any(|word| khaacho_text::fold(word) == typed)
}

fn date(tokens: &[Token], at: usize) -> Found {
    let month_before = is_word(tokens, at.checked_sub(1), MONTHS);
    let day = tokens[at].milli.is_some_and(|m| m <= 32_000);
    if is_word(tokens, Some(at + 1), DATE_WORDS) || day && is_word(tokens, Some(at + 1), MONTHS) {
        return Some((at, at + 2, Noise::Other));
    }
    let called = month_before || is_word(tokens, at.checked_sub(1), &["miti", "gate", "tarikh"]);
    if called && day {
        let end = if is_word(tokens, Some(at + 1), DATE_WORDS) {
            at + 2
        } else {
            at + 1
        };
        return Some((at - 1, end, Noise::Other));
    }
    if matches!(key(tokens, Some(at + 1)), "st" | "nd" | "rd" | "th") && tokens[at + 1].glued {
        return Some((at, at + 2, Noise::Other));
    }
    // 2082/5/12, 12-5-2082
    let part = |i: usize| tokens.get(i).is_some_and(|t| t.kind == Kind::Number);
    let slash = |i: usize| tokens.get(i).is_some_and(|t| t.glued && (t.is("/") || t.is("-")));
    if slash(at + 1) && part(at + 2) && slash(at + 3) && part(at + 4) {
        return Some((at, at + 5, Noise::Other));
    }
    let year = tokens[at]
        .milli
        .is_some_and(|m| (2_070_000..=2_099_000).contains(&m))
        && digits(&tokens[at]) == 4;
    (year && is_word(tokens, Some(at + 1), &["sal", "saal", "ko"])).then_some((at, at + 1, Noise::Other))
}

/// What follows a number that counts time, people or occasions.
const TIMES: &[&str] = &[
    "baje",
    "baji",
    "bajey",
    "bajetira",
    "bajetir",
    "bajesamma",
    "bajyo",
    "oclock",
    "ghanta",
    "ghante",
    "hour",
    "hours",
    "hr",
    "hrs",
    "minute",
    "minutes",
    "minat",
    "min",
    "mins",
    "din",
    "dins",
    "day",
    "days",
    "hapta",
    "week",
    "weeks",
    "mahina",
    "mahine",
    "month",
    "months",
    "barsa",
    "barsha",
    "sal",
    "year",
    "years",
    "jana",
    "log",
    "people",
    "choti",
    "patak",
    "bar",
    "baar",
    "times",
    "pasal",
    "shops",
    "km",
    "percent",
    "pratishat",
    "pm",
    "am",
    "numberma",
];

fn time(tokens: &[Token], ideas: &[Ideas], at: usize) -> Found {
    let next = tokens.get(at + 1);
    if next.is_some_and(|t| t.is("%")) {
        return Some((at, at + 2, Noise::Other));
    }
    // 7:30
    if next.is_some_and(|t| t.glued && t.is(":"))
        && tokens.get(at + 2).is_some_and(|t| t.glued && digits(t) == 2)
    {
        return Some((at, at + 3, Noise::Other));
    }
    let half_day = matches!(key(tokens, Some(at + 1)), "pm" | "am");
    let told = is_word(
        tokens,
        at.checked_sub(1),
        &["at", "by", "before", "after", "until", "till"],
    );
    let until = is_word(
        tokens,
        Some(at + 2),
        &["samma", "bhitra", "tira", "agadi", "pachi", "aghi"],
    );
    if half_day {
        // 2pm is a noodle as well
        return (told || until).then_some((at, at + 2, Noise::Other));
    }
    if is_word(tokens, Some(at + 1), TIMES) && tokens.get(at + 1).is_some_and(|t| t.text != "barah") {
        return Some((at, at + 2, Noise::Other));
    }
    let unit = tokens
        .get(at + 1)
        .is_some_and(|t| khaacho_text::Unit::of_key(&t.key).is_some());
    let _ = ideas;
    (is_word(tokens, at.checked_sub(1), &["at"]) && !unit).then_some((at, at + 1, Noise::Other))
}

/// `aadha ghanta`, `ek choti`, `tin baje`.
fn spoken_time(tokens: &[Token], at: usize) -> bool {
    let number = tokens[at].kind == Kind::Word && khaacho_text::number_word(&tokens[at].key).is_some();
    let next = tokens
        .get(at + 1)
        .filter(|t| !matches!(t.text.as_str(), "pm" | "am" | "min" | "bar" | "barah"));
    number && next.is_some() && is_word(tokens, Some(at + 1), TIMES)
}

/// Words that stand before a price.
const PRICED: &[&str] = &[
    "rs", "nrs", "npr", "rupees", "ru", "rate", "rates", "price", "dar", "bhau", "mrp", "@", "mulya", "ret",
    "at_rate", "रु", "रू", "₹",
];
const RUPEES: &[&str] = &[
    "rs",
    "rupaiya",
    "rupiya",
    "rupiyan",
    "rupaiyan",
    "rupees",
    "rupee",
    "rupaye",
    "rupaya",
    "rupya",
    "rupaiyaa",
    "ru",
    "npr",
    "रु",
    "रू",
    "₹",
    "रुपैयाँ",
];

fn money(tokens: &[Token], ideas: &[Ideas], at: usize) -> Found {
    let read = khaacho_text::number(&tokens[at..])?;
    let milli = read.milli?;
    let end = at + read.taken;
    let unit = |i: usize| {
        tokens
            .get(i)
            .is_some_and(|t| khaacho_text::Unit::of_key(&t.key).is_some())
    };
    let mut before = at.checked_sub(1);
    while matches!(key(tokens, before), "." | ":" | "=" | "is" | "ko" | "-") && before.is_some_and(|b| b > 0)
    {
        before = before.and_then(|b| b.checked_sub(1));
    }
    let priced = is_word(tokens, before, PRICED);
    let currency = matches!(key(tokens, before), "@" | "₹") || is_word(tokens, before, RUPEES);
    if priced && !unit(end) {
        return Some((before?, past_rupees(tokens, ideas, end), Noise::Money(milli)));
    }
    if currency {
        return Some((before?, end, Noise::Money(milli)));
    }
    if is_word(tokens, Some(end), RUPEES) && !unit(end) {
        return Some((at, past_rupees(tokens, ideas, end + 1), Noise::Money(milli)));
    }
    // 2950 ka rate
    let of = usize::from(ideas.get(end).is_some_and(|i| i.has(Idea::Of)));
    if is_word(tokens, Some(end + of), &["rate", "price", "dar", "bhau", "ret"])
        && !is_word(tokens, Some(end + of + 1), &["ma", "kati"])
        && milli >= 10_000
    {
        return Some((at, end + of + 1, Noise::Money(milli)));
    }
    // 3750 bhanda badhi nahos, not more than 3750
    let behind = usize::from(is_word(tokens, Some(end), &["bhanda", "vanda", "bhandaa"]));
    let than = behind > 0 || is_word(tokens, at.checked_sub(1), &["than", "bhanda"]) && !unit(end);
    if than && milli >= 100_000 {
        return Some((at, end + behind, Noise::Money(milli)));
    }
    if costs(tokens, ideas, at) && milli >= 10_000 && !unit(end) {
        return Some((at, end, Noise::Money(milli)));
    }
    // 480 bata 470 ma jharyo: what it cost before
    let then = end + usize::from(is_word(tokens, Some(end), &["bata", "dekhi", "baata"]));
    let now = tokens.get(then).filter(|t| then > end && t.kind == Kind::Number);
    if now.is_some() && is_word(tokens, Some(then + 1), &["ma", "maa"]) && milli >= 10_000 {
        return Some((at, then, Noise::Other));
    }
    // 480 parne anda, 4300 wala chini
    let called = is_word(tokens, Some(end), &["parne", "padne"]) && milli >= 100_000
        || ideas.get(end).is_some_and(|i| i.has(Idea::Of))
            && tokens.get(end).is_some_and(|t| t.key.starts_with("bal"))
            && milli > 1_000_000;
    if called && !unit(end) {
        return Some((at, end + 1, Noise::Money(milli)));
    }
    let dash = tokens.get(end).is_some_and(|t| t.glued && t.is("/"))
        && tokens
            .get(end + 1)
            .is_some_and(|t| t.glued && (t.is("-") || t.is("=")));
    if dash {
        return Some((at, end + 2, Noise::Money(milli)));
    }
    // 850 ma: at 850. A small number before `ma` may be anything.
    let at_price = tokens.get(end).is_some_and(|t| {
        matches!(
            t.text.as_str(),
            "ma" | "maa" | "मा" | "mein" | "me" | "में" | "samma" | "le" | "per"
        )
    });
    (at_price && milli >= 10_000).then_some((at, end + 1, Noise::Money(milli)))
}

/// Whether the number is what a unit costs: `carton ko 720`, `kilo ko 125`.
fn costs(tokens: &[Token], ideas: &[Ideas], at: usize) -> bool {
    let unit = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| khaacho_text::Unit::of_key(&t.key).is_some())
    };
    let number = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind == Kind::Number || khaacho_text::number_word(&t.key).is_some())
    };
    // बोराको २९५०
    let joined = at.checked_sub(1).filter(|b| {
        let stem = tokens[*b].key.strip_suffix("ko");
        let stem = stem.map(|s| s.strip_suffix('a').filter(|s| s.len() > 2).unwrap_or(s));
        let known = |s: &str| khaacho_text::Unit::of_key(s).is_some();
        tokens[*b].kind == Kind::Word
            && !known(&tokens[*b].key)
            && (stem.is_some_and(known) || tokens[*b].key.strip_suffix("ko").is_some_and(known))
    });
    if joined.is_some_and(|b| b == 0 || !number(b - 1)) {
        return true;
    }
    let of = at
        .checked_sub(1)
        .filter(|of| ideas[*of].has(Idea::Of) && tokens[*of].text != "of");
    let named = of.and_then(|of| of.checked_sub(1));
    named.is_some_and(|at| unit(at) && (at == 0 || !number(at - 1)))
}

/// `42 rupaiya wala`, `rs 42 ko`.
fn past_rupees(tokens: &[Token], ideas: &[Ideas], end: usize) -> usize {
    let rupees = usize::from(is_word(tokens, Some(end), RUPEES));
    let dash = tokens.get(end + rupees).is_some_and(|t| t.is("/"))
        && tokens.get(end + rupees + 1).is_some_and(|t| t.is("-"));
    let end = end + rupees + if dash { 2 } else { 0 };
    end + usize::from(ideas.get(end).is_some_and(|i| i.has(Idea::Of)))
}
