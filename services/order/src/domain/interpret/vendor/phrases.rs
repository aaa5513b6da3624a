//! Words that only a wholesaler says so: that he can or will supply, that something has left, that he takes no order.

use std::collections::HashSet;
use std::sync::LazyLock;

use khaacho_text::{Kind, Token, fold};

use crate::domain::interpret::chunks::Reading;
use crate::domain::interpret::ideas::{Idea, Ideas};

/// Being able to.
const ABLE: &str =
    "can sakchu sakchau sakchaun sakchaum sakxu sakxau sakincha sakte sakta payenge pugcha pugchha milcha";
/// Stems of verbs that supply or take, and endings of the first person that follow them.
const STEMS: [&str; 12] = [
    "lin",
    "din",
    "pathaun",
    "pathau",
    "pathaidin",
    "puryaun",
    "puryau",
    "garn",
    "gar",
    "gardin",
    "milaun",
    "milaidin",
];
const ENDINGS: [&str; 9] = [
    "chu", "chau", "chaun", "chaum", "cham", "xu", "xau", "xaun", "xaum",
];
/// Taking or sending, said otherwise.
const TAKES: &str = "liye lie sending taking leskyo take lenge lunga bhejenge bhejunga karenge karunga";
/// Not taking or sending.
const REFUSES: &str = "lindina lindinau lindainau dindina dindinau dindainau pathaudina pathaudinau pathaudainau \
                       nalini nalinchu";
/// The same where only a doubled letter tells it from its opposite: `lina sakchu`, I can take.
const REFUSES_AS_TYPED: [&str; 6] = ["linna", "dinna", "pathaunna", "लिन्न", "दिन्न", "पठाउन्न"];
/// What carries goods, and going.
const CARRIERS: &str = "gadi gari truck tempo pickup van lorry bus trak auto riksha driver godown";
const WENT: &str = "gayo gaya gayi gaisakyo gaisako gaeko chutyo left gone departed";
/// Put on a carrier.
const PUT: &str = "haldiye haldie haldiyeko haldieko halidiye haldiyo haliyo halisake haldiyem haldiu chadhaye chadhaiyo \
                   rakhdiye rakhidiye";
/// Having sent: a stem, and endings of what is done.
const SENT_STEMS: [&str; 3] = ["pathai", "pathaa", "chadhai"];
const SENT_ENDINGS: [&str; 10] = [
    "yau", "yaun", "yaum", "ye", "yen", "yem", "sake", "sakyau", "sakyo", "sakem",
];
/// Done with: after a verb of sending it says that it has left, not that nothing is left.
const DONE: &str = "sakyo sakyau sake saken sakem sakiyo";
/// What follows takes something back from what was said.
const BUT: &str = "tara but lekin magar kintu however unless";
/// Whatever is not named.
const OTHERS: &str = "aru baki others rest remaining";

fn keys(words: &str) -> HashSet<String> {
    words.split_whitespace().map(fold).collect()
}

/// The lists, by the sounds of their words.
struct Lists {
    able: HashSet<String>,
    takes: HashSet<String>,
    refuses: HashSet<String>,
    carriers: HashSet<String>,
    went: HashSet<String>,
    put: HashSet<String>,
    sent: HashSet<String>,
    done: HashSet<String>,
    but: HashSet<String>,
    others: HashSet<String>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let joined = |stems: &[&str], endings: &[&str]| -> HashSet<String> {
        let with = |stem: &&str| {
            endings
                .iter()
                .map(|end| fold(&format!("{stem}{end}")))
                .collect::<Vec<_>>()
        };
        stems.iter().flat_map(with).collect()
    };
    let mut takes = keys(TAKES);
    takes.extend(joined(&STEMS, &ENDINGS));
    Lists {
        able: keys(ABLE),
        takes,
        refuses: keys(REFUSES),
        carriers: keys(CARRIERS),
        went: keys(WENT),
        put: keys(PUT),
        sent: joined(&SENT_STEMS, &SENT_ENDINGS),
        done: keys(DONE),
        but: keys(BUT),
        others: keys(OTHERS),
    }
});

/// What the words of a wholesaler say beside their ideas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Phrases {
    /// He can, or will.
    pub takes: bool,
    /// He takes it not.
    pub refuses: bool,
    /// Something has left.
    pub left: bool,
    /// Something is taken back: "but", "only if".
    pub hedged: bool,
    /// It is asked, not said.
    pub asks: bool,
}

impl Phrases {
    /// Reads the words.
    pub fn read(reading: &Reading<'_>) -> Self {
        let lists = &*LISTS;
        let says = |words: &HashSet<String>| reading.tokens.iter().any(|t| words.contains(&t.key));
        let thing = says(&lists.carriers)
            || reading.says_any(&[Idea::Goods, Idea::OrderWord])
            || reading.noted.order_ref.is_some();
        let done = reading.tokens.windows(2).zip(reading.ideas.windows(2));
        let mut done = done.filter(|(pair, _)| is_done(&pair[1]));
        let sends = |(_, ideas): (&[Token], &[Ideas])| ideas[0].any(&[Idea::Send, Idea::Load]);
        let mark = reading.tokens.iter().any(|t| t.is("?"));
        Self {
            takes: says(&lists.able) && reading.says_any(&[Idea::Send, Idea::Do, Idea::Need])
                || says(&lists.able) && giving(reading)
                || says(&lists.takes)
                || reading.says(Idea::WillSend),
            refuses: says(&lists.refuses)
                || reading
                    .tokens
                    .iter()
                    .any(|t| REFUSES_AS_TYPED.contains(&t.text.as_str())),
            left: says(&lists.went) && thing
                || says(&lists.put) && says(&lists.carriers)
                || says(&lists.sent)
                || done.any(sends),
            hedged: says(&lists.but) || reading.says_any(&[Idea::If, Idea::Only]),
            asks: mark || reading.says_any(&[Idea::HowMuch, Idea::When, Idea::Where, Idea::How]),
        }
    }
}

/// "dina", to give.
fn giving(reading: &Reading<'_>) -> bool {
    let words = ["dina", "dinu", "give", "supply", "lina", "take", "दिन", "लिन"];
    reading.tokens.iter().any(|t| words.contains(&t.text.as_str()))
}

fn is_done(token: &Token) -> bool {
    token.kind == Kind::Word && LISTS.done.contains(&token.key)
}

/// Whether a word says "the others".
pub fn others(token: &Token) -> bool {
    LISTS.others.contains(&token.key)
}

/// Whether a word is one of these, which are no names of goods.
pub fn known(token: &Token) -> bool {
    let lists = &*LISTS;
    let all = [
        &lists.able,
        &lists.takes,
        &lists.refuses,
        &lists.carriers,
        &lists.went,
        &lists.put,
        &lists.sent,
        &lists.done,
        &lists.but,
        &lists.others,
    ];
    all.iter().any(|words| words.contains(&token.key)) || ["dina", "दिन"].contains(&token.text.as_str())
}
