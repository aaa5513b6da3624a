//! Quantities as they are stated: number, range, unit.

use khaacho_text::{Kind, Size, Token, Unit};

use super::ideas::{Idea, Ideas};

/// How much, as stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// Thousandths; `None` when it cannot be one number.
    pub milli: Option<i64>,
    /// Lowest and highest.
    pub range: Option<(i64, i64)>,
    /// Unit.
    pub unit: Option<Unit>,
    /// Below zero.
    pub negative: bool,
    /// A word like `ko` or `wala` follows: it describes rather than counts.
    pub describes: bool,
    /// A multiplication sign stands before it.
    pub times: bool,
    /// It counts the things before it as well: `coke ra fanta 2 2 crate`, `2 crate each`.
    pub each: bool,
    /// A word that is no unit stands where the unit belongs.
    pub odd_unit: bool,
    /// First token and the one after the last.
    pub tokens: (usize, usize),
}

impl Quantity {
    /// Whether it measures weight or volume.
    pub fn measures(&self) -> bool {
        self.unit.is_some_and(|u| u.measure().is_some())
    }

    /// What it is as a size.
    pub fn size(&self) -> Option<Size> {
        self.unit?.size(self.milli?)
    }
}

/// Words that are numbers in one place only: verbs, the copula, "with", a can.
fn doubtful(token: &Token) -> bool {
    matches!(
        token.key.as_str(),
        "ka" | "ca" | "ce" | "do" | "sathi" | "one" | "tin" | "sat" | "nau" | "sau" | "tis"
    ) && !matches!(
        token.text.as_str(),
        "दो" | "तीन" | "तिन" | "teen" | "saat" | "सात" | "नौ" | "छः" | "छह" | "सौ"
    )
}

/// A unit word, in any spelling. `bata` is "from" and no counter.
pub fn unit_at(tokens: &[Token], ideas: &[Ideas], at: usize) -> Option<Unit> {
    let token = tokens.get(at).filter(|t| t.kind == Kind::Word)?;
    let counted = at
        .checked_sub(1)
        .and_then(|b| tokens.get(b))
        .is_some_and(|t| t.kind != Kind::Word || khaacho_text::number_word(&t.key).is_some());
    if token.text.len() == 1 && !counted {
        // sizes of clothes and diapers
        return None;
    }
    if matches!(
        token.text.as_str(),
        "bata" | "baata" | "than" | "case" | "l" | "g"
    ) && token.text.starts_with('b')
    {
        return None;
    }
    // के.जी.को, लिटरको, boraको
    let stems = ["ako", "ko", "ama", "ma", "ale"]
        .iter()
        .filter_map(|ending| token.key.strip_suffix(ending));
    let written = stems
        .filter(|stem| stem.len() >= 2 && ideas[at].is_empty())
        .find_map(Unit::of_key);
    if let Some(unit) = Unit::of_key(&token.key).or(written) {
        return (token.text != "तीन" && token.text != "teen" && token.text != "तिन").then_some(unit);
    }
    // 2xboraa, खुल्ला and the like never come here: their ideas are known
    if !ideas[at].is_empty() || khaacho_text::number_word(&token.key).is_some() {
        return None;
    }
    Unit::near_key(&token.key)
}

/// What the reader of quantities has to know about the places around.
pub struct Around<'a> {
    pub tokens: &'a [Token],
    pub ideas: &'a [Ideas],
    /// Tokens that belong to a product or to noise.
    pub taken: &'a [bool],
    /// Places where a product begins.
    pub product: &'a dyn Fn(usize) -> bool,
    /// Whether the product before can be sold by the tin.
    pub tins: bool,
}

impl Around<'_> {
    fn free(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).filter(|_| !self.taken[at])
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        self.free(at).and_then(|_| unit_at(self.tokens, self.ideas, at))
    }

    /// A number that surely is one, and how many tokens it takes.
    fn number(&self, at: usize) -> Option<khaacho_text::Number> {
        let token = self.free(at)?;
        let read = khaacho_text::number(&self.tokens[at..])?;
        if read.digits || !doubtful(token) || read.taken > 1 {
            return Some(read);
        }
        let next = at + 1;
        let unit = self.unit(next).is_some();
        match token.key.as_str() {
            "tin" => {
                let number = self.free(next).is_some_and(|t| t.kind == Kind::Number);
                let last = self.free(next).is_none_or(|t| t.kind != Kind::Word)
                    || self.ideas.get(next).is_some_and(|i| !i.is_empty());
                (unit || !number && last && !self.tins || !number && (self.product)(next)).then_some(read)
            }
            "do" => {
                let verb = at > 0
                    && self.ideas[at - 1].any(&[Idea::Send, Idea::Do, Idea::Remove, Idea::Add, Idea::Cannot]);
                (!verb && (unit || (self.product)(next))).then_some(read)
            }
            "one" => {
                let pronoun = at > 0
                    && (self.ideas[at - 1].any(&[Idea::Big, Idea::Small, Idea::Filler])
                        || self.stands_for(at));
                (!pronoun || unit).then_some(read)
            }
            _ => unit.then_some(read),
        }
    }

    /// "the half kg one", "rice one 4 packet": it stands for the thing that was named before.
    fn stands_for(&self, at: usize) -> bool {
        let number = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|t| t.kind == Kind::Number || khaacho_text::number_word(&t.key).is_some())
        };
        let sized = at >= 2 && self.unit(at - 1).is_some_and(|u| u.measure().is_some()) && number(at - 2);
        let the = at >= 2 && self.tokens[at - 2].text == "the";
        sized || self.taken[at - 1] && (number(at + 1) || the)
    }

    /// The quantity that begins here.
    pub fn read(&self, at: usize) -> Option<Quantity> {
        let article = self
            .free(at)
            .is_some_and(|t| matches!(t.text.as_str(), "a" | "an"))
            && self.unit(at + 1).is_some();
        let first = if article {
            khaacho_text::Number {
                milli: Some(1000),
                taken: 1,
                digits: false,
            }
        } else {
            self.number(at)?
        };
        let mut end = at + first.taken;
        let (mut milli, mut range) = (first.milli, None);
        if let Some(after) = self.and_a_half(end) {
            milli = milli.and_then(|m| m.checked_add(500));
            end = after;
        }
        let mut twins = false;
        if let Some((low, high, after)) = first.milli.and_then(|low| self.range(low, end)) {
            end = after;
            twins = low == high;
            if !twins {
                (milli, range) = (None, Some((low, high)));
            }
        }
        let minus = at
            .checked_sub(1)
            .filter(|m| self.tokens[*m].is("-") && self.tokens[at].glued && !self.taken[*m]);
        let negative = minus.is_some_and(|m| m == 0 || !self.tokens[m].glued);
        let mut quantity = Quantity {
            milli: milli.filter(|_| !negative),
            range,
            unit: None,
            negative,
            describes: false,
            times: self.times(at),
            odd_unit: false,
            each: false,
            tokens: (at, end),
        };
        if range.is_none() && self.again(at, &first, end) {
            (quantity.each, quantity.tokens.1) = (true, end + first.taken);
        }
        self.add_unit(&mut quantity);
        self.add_grams(&mut quantity);
        if quantity.each && quantity.measures() {
            // "2 2 litre" may be two of the two litres
            quantity.each = false;
        }
        // "lux, neema 2-2 darjan": the same number for each of them
        quantity.each |= twins;
        Some(quantity)
    }

    /// `ek ek ota`, `2 2 crate`: the number is said twice, once for each thing.
    fn again(&self, at: usize, first: &khaacho_text::Number, end: usize) -> bool {
        let twin = self
            .free(end)
            .filter(|t| !t.glued)
            .and_then(|_| khaacho_text::number(&self.tokens[end..]));
        let same = twin.is_some_and(|n| n.milli == first.milli && n.taken == first.taken);
        let after = end + first.taken;
        let unit = self.unit(after);
        // "chini 2 2 bora maida": the second one counts what follows
        let last = !(self.product)(after + usize::from(unit.is_some()));
        let counts = last && unit.is_none_or(|unit| unit.measure().is_none());
        same && counts && self.tokens[at].key == self.tokens[end].key && self.tokens[at].key != "tin"
    }

    /// `two and a half`, `do aur aadha`.
    fn and_a_half(&self, at: usize) -> Option<usize> {
        self.free(at).filter(|_| self.ideas[at].has(Idea::And))?;
        let article = usize::from(self.free(at + 1).is_some_and(|t| t.text == "a"));
        let half = self
            .free(at + 1 + article)
            .and_then(|t| khaacho_text::number_word(&t.key));
        let unit = self.unit(at + 2 + article).is_some();
        (half == Some(khaacho_text::Part::Fraction(500)) && unit).then_some(at + 2 + article)
    }

    fn add_unit(&self, quantity: &mut Quantity) {
        let mut end = quantity.tokens.1;
        // 2 x carton, 10*
        if self
            .free(end)
            .is_some_and(|t| t.kind == Kind::Sign && matches!(t.text.as_str(), "*" | "×"))
            && self.unit(end + 1).is_some()
        {
            end += 1;
        }
        // half a carton
        if self
            .free(end)
            .is_some_and(|t| matches!(t.text.as_str(), "a" | "an"))
            && quantity.milli.is_some_and(|m| m < 1000)
            && self.unit(end + 1).is_some()
        {
            end += 1;
        }
        // 2x carton, 3 more crates
        if self
            .free(end)
            .is_some_and(|t| matches!(t.text.as_str(), "x" | "more" | "extra" | "additional"))
            && self.unit(end + 1).is_some()
        {
            end += 1;
        }
        quantity.unit = self.unit(end).filter(|unit| !self.is_number_again(*unit, end));
        if let Some(unit) = quantity.unit {
            end += 1;
            // 5 ota carton
            if unit == Unit::Piece
                && let Some(exact) = self.unit(end).filter(|u| u.measure().is_none())
            {
                quantity.unit = Some(exact);
                end += 1;
            }
        } else if self.fused(quantity) {
            quantity.unit = Some(Unit::Piece);
        } else if let Some(token) = self
            .free(end)
            .filter(|t| t.kind == Kind::Word && self.ideas[end].is_empty())
        {
            let number = khaacho_text::number_word(&token.key).is_some();
            quantity.odd_unit = !number && !(self.product)(end) && token.text != "x";
        }
        // an abbreviated unit ends in a dot
        if self.free(end).is_some_and(|t| t.is(".") && t.glued)
            && self
                .free(end + 1)
                .is_some_and(|t| t.kind == Kind::Word && quantity.unit.is_some())
        {
            quantity.tokens.1 = end;
        }
        let ko = quantity.unit.is_some()
            && self.tokens.get(end - 1).is_some_and(|t| {
                Unit::of_key(&t.key).is_none() && (t.text.ends_with("ko") || t.text.ends_with("को"))
            });
        quantity.describes = ko
            || self
                .free(end)
                .is_some_and(|t| self.ideas[end].has(Idea::Of) && t.text != "of");
        quantity.tokens.1 = end;
    }

    /// `10 kg 400 gram` is one weight.
    fn add_grams(&self, quantity: &mut Quantity) {
        let end = quantity.tokens.1;
        let grams = self.free(end).filter(|t| t.kind == Kind::Number);
        let grams = grams
            .and_then(|t| t.milli)
            .filter(|g| (1_000..1_000_000).contains(g) && g % 1_000 == 0);
        let follows = quantity.unit == Some(Unit::Kg) && self.unit(end + 1) == Some(Unit::Gram);
        // "5 kg 2 packet", "1 kg 500 gram wala": a size is no part of it
        let size = self.ideas.get(end + 2).is_some_and(|i| i.has(Idea::Of));
        if let (Some(grams), Some(milli)) = (grams.filter(|_| follows && !size), quantity.milli) {
            quantity.milli = milli.checked_add(grams / 1_000);
            quantity.tokens.1 = end + 2;
        }
    }

    /// `duita`: the counter is a part of the word.
    fn fused(&self, quantity: &Quantity) -> bool {
        let (from, to) = quantity.tokens;
        to == from + 1 && khaacho_text::counts_pieces(&self.tokens[from].key)
    }

    /// `2 tin tin`: the first is the number only where no number stands before.
    fn is_number_again(&self, unit: Unit, at: usize) -> bool {
        unit == Unit::Tin
            && self.tokens[at].text != "tin"
            && self.tokens[at].text != "tins"
            && self.tokens[at].text != "टिन"
    }

    fn times(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|b| self.tokens.get(b));
        before.is_some_and(|t| matches!(t.text.as_str(), "x" | "×" | "*"))
    }

    /// `2-3`, `4,5 carton`, `2 to 3`, `dui tin bora`: lowest, highest, and the token after them.
    fn range(&self, low: i64, at: usize) -> Option<(i64, i64, usize)> {
        let sign = self.free(at)?;
        let glued = sign.kind == Kind::Sign
            && self
                .free(at + 1)
                .is_some_and(|t| t.glued && t.kind == Kind::Number);
        let dash = matches!(sign.text.as_str(), "-" | "–" | "—" | "~" | "/");
        let joins = dash
            && (glued
                || self
                    .free(at + 1)
                    .is_some_and(|t| t.kind == Kind::Number && self.count_after(at + 1)));
        let comma = sign.is(",") && sign.glued && glued && self.count_after(at + 1);
        let word = matches!(
            sign.key.as_str(),
            "to" | "dekhi" | "ia" | "or" | "se" | "samma" | "ki"
        ) && sign.kind == Kind::Word;
        let from = if joins || comma || word && self.number(at + 1).is_some() {
            at + 1
        } else {
            at
        };
        let next = self
            .free(from)
            .and_then(|_| khaacho_text::number(&self.tokens[from..]))?;
        let high = next.milli?;
        let end = from + next.taken;
        if from > at {
            return (high > low || dash || comma).then_some((low.min(high), low.max(high), end));
        }
        // two numbers side by side count up by one before a unit
        let neighbours = high == low + 1000 && !next.digits && self.unit(end).is_some();
        let doubtful = doubtful(self.free(at)?) && self.tins;
        (neighbours && !doubtful).then_some((low, high, end))
    }

    /// Whether a count unit follows the number here.
    fn count_after(&self, at: usize) -> bool {
        let read = self
            .free(at)
            .and_then(|_| khaacho_text::number(&self.tokens[at..]));
        read.is_some_and(|n| self.unit(at + n.taken).is_some())
    }
}
