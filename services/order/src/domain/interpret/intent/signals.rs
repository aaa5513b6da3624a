//! What the intents are decided by.

use khaacho_text::Kind;

use crate::domain::interpret::chunks::{Reading, What};
use crate::domain::interpret::ideas::{Idea, Ideas};
use crate::domain::interpret::items::Parsed;
use crate::domain::interpret::read::Use;
use crate::domain::interpret::{Awaiting, Intent, Message};

/// What a message says, in yes and no.
pub struct Signals<'a> {
    reading: &'a Reading<'a>,
    parsed: &'a Parsed,
    /// The ideas of all words.
    pub all: Ideas,
    /// What the conversation waits for.
    pub awaiting: Awaiting,
    /// Products are named.
    pub items: bool,
    /// Products are wanted.
    pub wants: bool,
    /// Wanted products have quantities.
    pub counted: bool,
    /// Products are excluded.
    pub excludes: bool,
    /// One quantity takes the place of another.
    pub replaced: bool,
    pub asks_price: bool,
    pub asks_stock: bool,
    /// A fault of products is told.
    pub issues: bool,
    pub order_ref: bool,
    /// A question mark or a question word at the end.
    pub question: bool,
    /// A unit stands somewhere.
    pub units: bool,
    /// Words that are not understood.
    pub unknown: usize,
    /// Words that say something: no courtesies.
    pub content: usize,
    /// Numbers that nothing explains.
    pub bare: usize,
    /// Amount of money, in paisa.
    pub amount: Option<i64>,
}

/// Ideas that carry nothing by themselves.
const LIGHT: &[Idea] = &[
    Idea::Filler,
    Idea::Hello,
    Idea::Thanks,
    Idea::And,
    Idea::Of,
    Idea::Mine,
    Idea::Is,
    Idea::Only,
    Idea::Now,
    Idea::Today,
    Idea::From,
    Idea::Weak,
];

impl<'a> Signals<'a> {
    /// Reads them.
    pub fn read(message: &Message<'_>, reading: &'a Reading<'a>, parsed: &'a Parsed, uses: &[Use]) -> Self {
        let mut all = Ideas::default();
        reading.ideas.iter().for_each(|i| all.add(*i));
        let uses_for = |kind: Use| uses.contains(&kind);
        let orders = || {
            parsed
                .items
                .iter()
                .zip(uses)
                .filter(|(_, u)| **u == Use::Order)
                .map(|(i, _)| i)
        };
        let used = |from: usize| {
            parsed
                .items
                .iter()
                .any(|i| i.tokens.0 <= from && from < i.tokens.1)
        };
        let stray =
            |c: &crate::domain::interpret::chunks::Chunk| matches!(c.what, What::Narrow(_)) && !used(c.from);
        let unknown = reading
            .chunks
            .iter()
            .filter(|c| c.what == What::Unknown || stray(c))
            .count();
        let words = reading
            .tokens
            .iter()
            .zip(&reading.ideas)
            .filter(|(t, _)| t.kind == Kind::Word);
        let heavy = words.filter(|(_, i)| !light(**i)).count();
        let mark = reading.tokens.iter().any(|t| t.is("?"));
        let mut out = Self {
            reading,
            parsed,
            all,
            awaiting: message.awaiting,
            items: parsed.items.iter().any(|i| !i.withdrawn),
            wants: orders().next().is_some(),
            counted: orders().any(|i| !i.quantities.is_empty()),
            excludes: uses_for(Use::Exclude),
            replaced: orders().any(|i| i.replaced),
            asks_price: uses_for(Use::Price),
            asks_stock: uses_for(Use::Stock),
            issues: uses_for(Use::Issue),
            order_ref: reading.noted.order_ref.is_some(),
            question: mark,
            units: reading.chunks.iter().any(|c| {
                matches!(&c.what, What::Unit(_)) || matches!(&c.what, What::Quantity(q) if q.unit.is_some())
            }),
            unknown,
            content: heavy,
            bare: parsed.bare.len(),
            amount: None,
        };
        out.amount = out.amount();
        out
    }

    pub fn has(&self, idea: Idea) -> bool {
        self.all.has(idea)
    }

    pub fn any(&self, ideas: &[Idea]) -> bool {
        self.all.any(ideas)
    }

    /// Whether one of the words stands in the text.
    pub fn says(&self, words: &[&str]) -> bool {
        let keys: Vec<String> = words.iter().map(|w| khaacho_text::fold(w)).collect();
        self.reading
            .tokens
            .iter()
            .any(|t| keys.iter().any(|k| *k == t.key && !k.is_empty()))
    }

    /// Whether goods are ordered: counted, or named with a verb, or nothing else is said.
    pub fn ordering(&self) -> bool {
        if !self.wants {
            return false;
        }
        let asks = self.any(&[Idea::Send, Idea::Need, Idea::Add]);
        let certain = self.parsed.items.iter().any(|i| {
            let product = !i.mentions.is_empty() || i.carried.is_some();
            let counted = i
                .quantities
                .iter()
                .any(|q| q.unit.is_some() || q.times || product && self.unknown <= 2);
            counted && (product || i.words.is_some()) && !i.negated && !i.withdrawn
        });
        let product = self.parsed.items.iter().any(|i| !i.mentions.is_empty());
        certain
            || asks && product
            || product && self.unknown <= 1 && !self.decided_otherwise()
            || self
                .parsed
                .items
                .iter()
                .any(|i| i.words.is_some() && !i.quantities.is_empty())
                && (asks || !self.has(Idea::BillWord))
    }

    /// Whether a product of the catalogue is named.
    pub fn goods(&self) -> bool {
        self.parsed.items.iter().any(|i| !i.mentions.is_empty())
    }

    /// Whether a product without quantity and verb is only spoken of.
    fn decided_otherwise(&self) -> bool {
        self.any(&[
            Idea::Arrived,
            Idea::Coming,
            Idea::Status,
            Idea::Where,
            Idea::When,
            Idea::Paid,
            Idea::BalanceWord,
            Idea::StatementWord,
            Idea::Price,
            Idea::Thanks,
            Idea::How,
            Idea::Call,
            Idea::Talk,
            Idea::SoldOut,
        ]) || super::faulty(self.all)
    }

    /// Whether the only fault words belong to something that is ordered.
    pub fn faulty_only(&self) -> bool {
        self.issues && !self.wants
    }

    /// Whether orders explain every word that could ask for something else.
    pub fn ordered_only(&self) -> bool {
        self.wants
            && self.counted
            && !self.question
            && !self.any(&[Idea::Where, Idea::When, Idea::HowMuch, Idea::Status])
    }

    /// `udharo ma pathaunu`: goods on credit, no question.
    pub fn on_credit(&self) -> bool {
        self.wants && self.any(&[Idea::Send, Idea::Need]) && !self.any(&[Idea::HowMuch]) && !self.question
    }

    /// "order ko aalu 2 bora hoina 3 bora gardinu".
    pub fn corrects_order(&self) -> bool {
        self.has(Idea::OrderWord)
            && self.has(Idea::Correct)
            && self.any(&[Idea::MakeIt, Idea::Set])
            && !self.any(&[Idea::Send, Idea::Need])
    }

    /// Another day for what was ordered.
    pub fn postpones(&self) -> bool {
        let day = self.any(&[Idea::Future, Idea::Today, Idea::Later]);
        let moves = self.says(&[
            "saridinu",
            "sarnu",
            "saridinus",
            "postpone",
            "reschedule",
            "सारिदिनु",
        ]);
        let again = self.has(Idea::Correct) && self.any(&[Idea::Future, Idea::Today]);
        let goods = self.any(&[Idea::OrderWord, Idea::Goods]);
        !self.items && (moves && (day || goods) || again && (goods || self.has(Idea::Send)))
    }

    /// Whether products are what the intent is about.
    pub fn about(&self, intent: Intent) -> bool {
        matches!(
            intent,
            Intent::PriceQuery | Intent::StockQuery | Intent::Complaint | Intent::DeliveryIssue
        )
    }

    /// Whether a second intent has a place of its own beside the first.
    pub fn beside(&self, first: Intent, second: Intent) -> bool {
        match (first, second) {
            (Intent::Complaint, Intent::DeliveryIssue) => true,
            (Intent::DeliveryIssue, Intent::Complaint) => {
                self.any(&[Idea::Bad, Idea::Dear]) || self.has(Idea::Spoiled) && self.insects()
            }
            (Intent::Order | Intent::Change, Intent::DeliveryIssue | Intent::Complaint) => {
                self.issues || self.sentences_apart()
            }
            (Intent::Order | Intent::Change, Intent::Payment) => {
                self.promises() || self.has(Idea::Paid) && self.amount.is_some()
            }
            (Intent::Order | Intent::Change, Intent::PriceQuery) => self.asks_price,
            (Intent::Order | Intent::Change, Intent::StockQuery) => self.asks_stock,
            (Intent::Order, Intent::Status) => self.any(&[Idea::Where, Idea::When, Idea::Status]),
            (Intent::Order, Intent::Balance | Intent::Statement) => {
                self.any(&[Idea::HowMuch]) || self.question
            }
            (Intent::Order, Intent::Repeat) => true,
            (Intent::Order, Intent::DeliveryOk) => self.sentences_apart(),
            (Intent::Payment, Intent::Balance | Intent::Statement) => {
                self.any(&[Idea::HowMuch, Idea::Send]) || self.question
            }
            (Intent::Payment, Intent::Status) => self.any(&[Idea::Where, Idea::When]),
            (Intent::PriceQuery, Intent::StockQuery) => self.asks_stock && self.asks_price,
            (Intent::Status, Intent::Balance) => self.has(Idea::HowMuch),
            (Intent::DeliveryIssue | Intent::Complaint, Intent::Human) => self.has(Idea::Call),
            _ => false,
        }
    }

    fn sentences_apart(&self) -> bool {
        self.parsed.sentences.last().is_some_and(|last| *last > 0) || self.parsed.clauses.len() > 1
    }

    /// `thank you for yesterday`.
    pub fn thanks_of_its_own(&self) -> bool {
        self.parsed
            .clauses
            .iter()
            .any(|c| c.has(Idea::Thanks) && c.has(Idea::Previous))
    }

    /// A promise to pay.
    pub fn promises(&self) -> bool {
        let later = self.any(&[Idea::Future, Idea::Later])
            && self.has(Idea::PayWord)
            && self.any(&[Idea::Do, Idea::WillSend, Idea::AcceptWord]);
        let own = self.says(&[
            "tirchu",
            "tirxu",
            "tirula",
            "tirne",
            "tirdinchu",
            "tirnechu",
            "tirauchu",
            "chukaunga",
            "तिर्छु",
            "तिर्नेछु",
            "tirchhu",
        ]);
        let will = self.has(Idea::WillPay)
            && (self.any(&[
                Idea::PayWord,
                Idea::Future,
                Idea::BalanceWord,
                Idea::Channel,
                Idea::Later,
            ]) || self.amount_alone());
        let sends = self.any(&[Idea::WillSend, Idea::WillPay])
            && self.has(Idea::Future)
            && !self.items
            && self.amount.is_some_and(|paisa| paisa >= 10_000);
        let will = will || sends;
        let done = self.has(Idea::Paid) && !self.has(Idea::WillPay);
        (own || will || later) && !done
    }

    fn amount_alone(&self) -> bool {
        !self.parsed.money.is_empty() || !self.parsed.bare.is_empty()
    }

    /// Whether the message begins with a greeting.
    pub fn hello_first(&self) -> bool {
        self.reading.ideas.first().is_some_and(|i| i.has(Idea::Hello))
    }

    /// Words that surely agree.
    pub fn agrees(&self) -> bool {
        self.says(&[
            "yes",
            "huncha",
            "hunchha",
            "hus",
            "confirm",
            "thik",
            "done",
            "हुन्छ",
            "ठीक",
            "theek",
            "haan",
            "sure",
            "hunxa",
        ])
    }

    /// Words that can only mean that money was paid.
    pub fn says_paid(&self) -> bool {
        self.says(&[
            "paid",
            "tiryo",
            "tireko",
            "tire",
            "tirisake",
            "तिरेँ",
            "तिरेको",
            "तिरे",
            "cleared",
            "settled",
            "तिरिसकेँ",
            "tiriyo",
        ])
    }

    pub fn asks_how(&self) -> bool {
        self.has(Idea::How) && self.question
    }

    pub fn insects(&self) -> bool {
        self.says(&[
            "kira",
            "keeda",
            "keede",
            "kide",
            "किरा",
            "insects",
            "bugs",
            "expired",
            "expiry",
            "gandha",
            "ganayo",
            "sadeko",
            "smell",
            "myad",
            "म्याद",
            "weevils",
            "dhusi",
            "basi",
        ])
    }

    /// A lone thumbs-up or the like.
    pub fn thumb_alone(&self) -> bool {
        let mut signs = self.reading.tokens.iter().filter(|t| t.kind != Kind::Break);
        let first = signs.next();
        first.is_some_and(|t| {
            t.kind == Kind::Sign && matches!(t.text.as_str(), "👍" | "✅" | "👌" | "🆗" | "✔")
        }) && self.reading.tokens.iter().all(|t| t.kind == Kind::Sign)
    }

    pub fn question_mark_alone(&self) -> bool {
        self.reading.tokens.len() == 1 && self.reading.tokens[0].is("?")
    }

    /// Whether the last word asks whether something is there.
    pub fn ends_in_is(&self) -> bool {
        let mut words = self.reading.tokens.iter().zip(&self.reading.ideas).rev();
        let last = words.find(|(t, _)| t.kind == Kind::Word);
        last.is_some_and(|(_, i)| i.any(&[Idea::Is, Idea::Ask]))
    }

    /// The amount of money that the message names.
    fn amount(&self) -> Option<i64> {
        if let Some(paisa) = self.parsed.money.first() {
            return Some(*paisa);
        }
        let price = self.parsed.items.iter().find_map(|i| i.price_paisa);
        let bare = self
            .parsed
            .bare
            .iter()
            .filter_map(|q| q.milli.filter(|m| *m >= 100_000 && q.unit.is_none()));
        bare.map(|m| m / 10).next().or(price.filter(|_| !self.wants))
    }
}

fn light(ideas: Ideas) -> bool {
    !ideas.is_empty()
        && LIGHT.iter().any(|l| ideas.has(*l))
        && !ideas.any(&[
            Idea::OrderWord,
            Idea::Goods,
            Idea::Price,
            Idea::BalanceWord,
            Idea::StatementWord,
            Idea::Cancel,
            Idea::Arrived,
            Idea::Paid,
            Idea::WillPay,
            Idea::Where,
            Idea::When,
            Idea::HowMuch,
            Idea::Broken,
            Idea::Missing,
            Idea::Spoiled,
            Idea::Person,
            Idea::Help,
            Idea::Status,
            Idea::Send,
        ])
}
