//! What a shop wants, from the ideas of its words. The order of the tests is the order of urgency.

mod signals;

use super::ideas::{Idea, Ideas};
use super::{Awaiting, Intent};

pub use signals::Signals;

/// An intent with what else the message wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub intent: Intent,
    pub confidence: u16,
    pub also: Vec<Intent>,
}

/// Whether the words tell of goods that were short, wrong or damaged, or of bad quality.
pub fn faulty(ideas: Ideas) -> bool {
    ideas.any(&[
        Idea::Broken,
        Idea::Missing,
        Idea::Wrong,
        Idea::Spoiled,
        Idea::Return,
        Idea::Bad,
        Idea::Dear,
    ])
}

type Test = fn(&Signals<'_>) -> bool;

/// Most urgent first.
const TESTS: &[(Intent, Test, u16)] = &[
    (Intent::Stop, stop, 950),
    (Intent::Start, start, 950),
    (Intent::Human, human, 900),
    (Intent::Cancel, cancel, 950),
    (Intent::Change, change, 900),
    (Intent::Order, order, 950),
    (Intent::DeliveryIssue, delivery_issue, 900),
    (Intent::Complaint, complaint, 900),
    (Intent::Payment, payment, 900),
    (Intent::Status, status, 900),
    (Intent::Statement, statement, 900),
    (Intent::Balance, balance, 900),
    (Intent::PriceQuery, price, 900),
    (Intent::StockQuery, stock, 850),
    (Intent::DeliveryOk, delivery_ok, 900),
    (Intent::Repeat, repeat, 900),
    (Intent::Help, help, 900),
    (Intent::Confirm, confirm, 850),
    (Intent::Thanks, thanks, 900),
    (Intent::Greeting, greeting, 900),
];

/// What else is reported beside the first intent.
const BESIDE: &[Intent] = &[
    Intent::DeliveryIssue,
    Intent::Complaint,
    Intent::Payment,
    Intent::Status,
    Intent::Statement,
    Intent::Balance,
    Intent::PriceQuery,
    Intent::StockQuery,
    Intent::DeliveryOk,
    Intent::Repeat,
    Intent::Human,
];

/// What the shop wants.
pub fn shop(signals: &Signals<'_>) -> Found {
    let mut hits = TESTS.iter().filter(|(_, test, _)| test(signals));
    let Some((intent, _, confidence)) = hits.next() else {
        return Found {
            intent: Intent::Unknown,
            confidence: 300,
            also: Vec::new(),
        };
    };
    let mut also: Vec<Intent> = hits
        .map(|(intent, ..)| *intent)
        .filter(|i| BESIDE.contains(i) && signals.beside(*intent, *i))
        .collect();
    if signals.thanks_of_its_own() && *intent != Intent::Thanks {
        also.push(Intent::Thanks);
    }
    Found {
        intent: *intent,
        confidence: *confidence,
        also,
    }
}

fn stop(s: &Signals<'_>) -> bool {
    let off = s.any(&[
        Idea::Stop,
        Idea::NotAfter,
        Idea::NotBefore,
        Idea::Nahi,
        Idea::Cancel,
    ]);
    s.has(Idea::MessageWord) && off && !s.ordering() && !s.any(&[Idea::Start, Idea::OrderWord])
        || s.has(Idea::Stop) && s.content <= 2 && !s.items && !s.has(Idea::OrderWord)
}

fn start(s: &Signals<'_>) -> bool {
    let anew = s.has(Idea::MessageWord)
        && s.has(Idea::Again)
        && s.any(&[Idea::Send, Idea::Do])
        && !s.any(&[Idea::NotAfter, Idea::NotBefore, Idea::Nahi, Idea::Stop]);
    anew && !s.items
        || s.has(Idea::Start)
            && !s.items
            && (s.unknown == 0 || s.has(Idea::MessageWord))
            && !s.any(&[Idea::OrderWord, Idea::Goods, Idea::Spoiled, Idea::Bad])
}

fn human(s: &Signals<'_>) -> bool {
    let person = s.has(Idea::Person);
    let talks = s.any(&[Idea::Call, Idea::Talk]);
    let other =
        s.items || s.unknown > 2 || s.any(&[Idea::MessageWord, Idea::Paid, Idea::Thanks, Idea::Channel]);
    if other || s.has(Idea::Hello) && !talks {
        return false;
    }
    let wanted = person && (talks || s.content <= 2 || s.has(Idea::Need));
    wanted || talks && !s.any(&[Idea::Arrived, Idea::Price])
}

fn cancel(s: &Signals<'_>) -> bool {
    let not = s.any(&[Idea::NotAfter, Idea::NotBefore])
        && (s.any(&[Idea::OrderWord, Idea::Goods, Idea::Send, Idea::NotAfter]));
    let called_off = s.has(Idea::NotBefore) && s.has(Idea::OrderWord) && s.any(&[Idea::Send, Idea::Need])
        || s.has(Idea::NotAfter)
            && !s.any(&[Idea::MessageWord])
            && s.any(&[Idea::OrderWord, Idea::Goods, Idea::Yes, Idea::Filler, Idea::Need])
        || s.has(Idea::NotAfter) && s.content <= 2
        || s.has(Idea::NotBefore)
            && s.any(&[Idea::Need, Idea::Send])
            && s.content <= 4
            && s.unknown == 0
            && !s.any(&[
                Idea::MessageWord,
                Idea::Price,
                Idea::Money,
                Idea::PayWord,
                Idea::Call,
                Idea::Talk,
                Idea::Coming,
                Idea::Arrived,
            ]);
    !s.items && (s.has(Idea::Cancel) || not && called_off && !faulty(s.all) && !s.has(Idea::SoldOut))
}

fn change(s: &Signals<'_>) -> bool {
    let touches = s.wants || s.excludes;
    let refers = s.any(&[Idea::Remove, Idea::Add, Idea::Instead]) || s.has(Idea::Set) && !s.faulty_only();
    let existing = s.has(Idea::Existing)
        && s.any(&[
            Idea::Add,
            Idea::Remove,
            Idea::Set,
            Idea::Send,
            Idea::Need,
            Idea::MakeIt,
            Idea::NotAfter,
            Idea::Do,
            Idea::Instead,
            Idea::Cancel,
        ]);
    // "the order's potatoes: not 2 sacks but 3"; "as last time, and 1 carton more" is a new one
    let existing = existing || s.corrects_order();
    let refers = refers && !(s.has(Idea::Same) && s.has(Idea::Previous) && !existing);
    let named = s.order_ref && s.any(&[Idea::Add, Idea::Remove, Idea::Set, Idea::Send, Idea::MakeIt]);
    let off = s.has(Idea::Cancel) && s.wants && !s.counted;
    let counts = !s.items
        && s.bare > 0
        && s.units
        && s.any(&[Idea::Instead, Idea::MakeIt, Idea::Set])
        && !s.has(Idea::Paid);
    s.postpones()
        || counts
        || s.wants && (refers || existing || named || s.replaced || off)
        || touches && s.has(Idea::Existing) && s.excludes && !s.counted
        || s.excludes && s.order_ref && !s.counted
}

fn order(s: &Signals<'_>) -> bool {
    s.ordering() || s.excludes && !s.faulty_only() && s.any(&[Idea::Send, Idea::Rest, Idea::All])
}

fn delivery_issue(s: &Signals<'_>) -> bool {
    let cheaper = s.any(&[Idea::Price, Idea::Discount])
        && s.has(Idea::Missing)
        && !s.any(&[Idea::Broken, Idea::Arrived]);
    let goods = s.items
        || s.order_ref
        || s.any(&[Idea::Goods, Idea::OrderWord, Idea::Arrived, Idea::Coming])
        || s.units;
    let wrong = s.has(Idea::Wrong)
        && !s.any(&[
            Idea::BillWord,
            Idea::Price,
            Idea::BalanceWord,
            Idea::StatementWord,
        ]);
    let fault = s.has(Idea::Broken)
        || s.has(Idea::Missing) && !cheaper && !s.any(&[Idea::BalanceWord, Idea::StatementWord])
        || wrong;
    let arrived_bad = s.has(Idea::Spoiled)
        && s.says(&[
            "aayo",
            "ayo",
            "aayeko",
            "ayeko",
            "aaya",
            "aako",
            "आयो",
            "आएको",
            "delivered",
            "received",
            "aaya",
            "mila",
        ])
        && !s.insects();
    let reported =
        s.says(&["issue", "problem", "samasya", "समस्या"]) && (s.order_ref || s.items || s.has(Idea::Goods));
    let swapped = s.says(&[
        "mageko",
        "magako",
        "magaeko",
        "mangaya",
        "mangayeko",
        "मगाएको",
        "मागेको",
        "ordered",
    ]) && s.has(Idea::Arrived)
        && s.items
        && !s.question;
    let told = s.issues
        && s.items
        && !s.any(&[Idea::Spoiled, Idea::Bad, Idea::Dear, Idea::Return, Idea::Wrong])
        && !fault;
    told || swapped || fault && goods && !s.has(Idea::Cannot) || arrived_bad || reported
}

fn complaint(s: &Signals<'_>) -> bool {
    let dear = s.has(Idea::Price)
        && s.has(Idea::Much)
        && !s.question
        && !s.any(&[Idea::HowMuch, Idea::What, Idea::Ask])
        && !s.counted;
    let bill = dear
        || s.has(Idea::BillWord)
            && (s.any(&[Idea::Wrong, Idea::Dear, Idea::Missing])
                || !s.goods() && s.any(&[Idea::Much, Idea::Big])
                || s.content >= 4
                    && !s.goods()
                    && !s.question
                    && !s.any(&[
                        Idea::Ask,
                        Idea::What,
                        Idea::When,
                        Idea::CanYou,
                        Idea::Send,
                        Idea::Need,
                        Idea::Month,
                        Idea::Paid,
                        Idea::HowMuch,
                        Idea::PayWord,
                    ]))
        || s.any(&[Idea::Price, Idea::BalanceWord, Idea::StatementWord]) && s.any(&[Idea::Wrong]);
    let slow = s.has(Idea::Late) && s.any(&[Idea::Service, Idea::Bad])
        || s.has(Idea::Late)
            && s.says(&[
                "sadhai",
                "sadhain",
                "always",
                "hamesha",
                "सधैं",
                "सधै",
                "dherai",
                "bahut",
                "too",
                "everytime",
                "hardin",
                "jahile",
                "kati",
            ])
            && !s.any(&[Idea::Where, Idea::When]);
    let returns =
        s.has(Idea::Return) && s.any(&[Idea::Goods, Idea::Do, Idea::Send]) || s.has(Idea::Return) && s.items;
    s.any(&[Idea::Spoiled, Idea::Bad, Idea::Dear]) || bill || slow || returns
}

fn payment(s: &Signals<'_>) -> bool {
    let money = s.amount.is_some() || s.any(&[Idea::PayWord, Idea::Channel, Idea::Money]);
    let paid = s.has(Idea::Paid) && (money || s.content <= 2 && s.says_paid()) && !s.has(Idea::When);
    let plain = s.has(Idea::Channel) && s.amount.is_some()
        || s.has(Idea::PayWord) && s.amount.is_some() && !s.any(&[Idea::HowMuch, Idea::Price]);
    let promise = s.promises() && (!s.ordering() || s.any(&[Idea::PayWord, Idea::BalanceWord]));
    // "4000 tireko, aba kati baki": paid, and asks what is left
    let asks = s.has(Idea::HowMuch) && !(paid && s.amount.is_some());
    !asks && (paid || plain || promise) && !s.asks_how()
}

fn status(s: &Signals<'_>) -> bool {
    let thing = s.any(&[
        Idea::Goods,
        Idea::OrderWord,
        Idea::Arrived,
        Idea::Coming,
        Idea::Load,
    ]) || s.order_ref
        || s.says(&["driver", "gadi", "truck", "vehicle"]);
    let asks = s.any(&[Idea::Where, Idea::When]) || s.question;
    let waits =
        s.has(Idea::Coming) && (s.any(&[Idea::Late, Idea::Goods, Idea::OrderWord, Idea::When]) || s.question);
    let arrives = s.has(Idea::Arrived) && s.question && s.any(&[Idea::Goods, Idea::OrderWord]);
    let about = s.question
        && s.any(&[Idea::Goods, Idea::OrderWord])
        && !s.items
        && s.unknown <= 1
        && !s.any(&[
            Idea::Price,
            Idea::HowMuch,
            Idea::StockWord,
            Idea::How,
            Idea::What,
            Idea::CanYou,
            Idea::Ask,
            Idea::BalanceWord,
            Idea::Talk,
            Idea::PayWord,
            Idea::Discount,
        ]);
    let leaves = about || s.has(Idea::Load) && s.question;
    let number =
        s.order_ref && !s.has(Idea::Same) && !s.any(&[Idea::Arrived, Idea::Cancel]) && !s.any(&[Idea::Paid]);
    !s.ordered_only()
        && (s.any(&[Idea::Status, Idea::Track]) && (thing || s.content <= 3)
            || leaves
            || asks && thing && s.any(&[Idea::Where, Idea::When])
            || waits
            || arrives
            || number
            || s.has(Idea::OrderWord)
                && s.question
                && !s.wants
                && !s.any(&[Idea::How, Idea::What, Idea::CanYou]))
        && !(s.has(Idea::PayWord) && s.has(Idea::When))
}

fn statement(s: &Signals<'_>) -> bool {
    let wants = s.any(&[
        Idea::Month,
        Idea::Send,
        Idea::List,
        Idea::Previous,
        Idea::Need,
        Idea::All,
    ]) || s.content <= 2 && !s.has(Idea::HowMuch);
    let named = s.says(&["statement", "ledger", "passbook", "स्टेटमेन्ट", "statment"]);
    let bill = s.has(Idea::BillWord)
        && s.any(&[Idea::Send, Idea::Need, Idea::Month])
        && !s.any(&[Idea::Wrong, Idea::Dear]);
    (s.has(Idea::StatementWord) && (wants && !s.has(Idea::HowMuch) || named) || bill) && !s.ordered_only()
}

fn balance(s: &Signals<'_>) -> bool {
    let asks = s.any(&[Idea::HowMuch, Idea::What, Idea::Mine, Idea::Is, Idea::Month])
        || s.question
        || s.content <= 3;
    let due = s.has(Idea::BalanceWord) && asks;
    let account = s.has(Idea::StatementWord) && s.has(Idea::HowMuch);
    let pay = s.has(Idea::HowMuch)
        && s.says(&[
            "tirnu",
            "tirna",
            "tirnuparne",
            "तिर्नु",
            "तिर्न",
            "pay",
            "dena",
            "owe",
        ])
        && !s.items;
    (due || account || pay) && !s.has(Idea::Rest) && !s.ordered_only() && !s.on_credit()
}

fn price(s: &Signals<'_>) -> bool {
    let list = s.has(Idea::Price)
        && (s.any(&[Idea::List, Idea::Send, Idea::HowMuch, Idea::What]) || s.content <= 3 || s.question);
    s.asks_price
        || !s.items && list && !s.any(&[Idea::Same, Idea::Yes])
        || !s.items
            && s.has(Idea::Discount)
            && (s.question || s.any(&[Idea::HowMuch, Idea::Is, Idea::What, Idea::Ask]))
}

fn stock(s: &Signals<'_>) -> bool {
    let foreign = !s.items && s.has(Idea::Ask) && s.unknown > 0;
    let general = !s.items
        && s.has(Idea::StockWord)
        && (s.question || s.any(&[Idea::Ask, Idea::Is, Idea::What, Idea::HowMuch]))
        && !s.any(&[Idea::Price]);
    let bare = !s.items
        && s.unknown > 0
        && s.unknown <= 3
        && s.question
        && s.has(Idea::Is)
        && s.content <= s.unknown + 2
        && s.ends_in_is();
    let all = !s.items && s.has(Idea::What) && s.has(Idea::Ask) && s.has(Idea::Goods);
    s.asks_stock || foreign || general || bare || all
}

fn delivery_ok(s: &Signals<'_>) -> bool {
    let fine = s.any(&[Idea::Good, Idea::All, Idea::Goods, Idea::OrderWord]) || s.content <= 2 || s.order_ref;
    s.has(Idea::Arrived)
        && fine
        && !s.question
        && !faulty(s.all)
        && !s.any(&[Idea::Coming, Idea::MessageWord])
        && s.unknown <= 2
}

fn repeat(s: &Signals<'_>) -> bool {
    let refers = s.has(Idea::Same) && s.order_ref
        || s.has(Idea::Same)
            && s.any(&[
                Idea::Previous,
                Idea::Send,
                Idea::OrderWord,
                Idea::Goods,
                Idea::Need,
                Idea::Again,
            ])
        || s.has(Idea::Again)
            && s.any(&[
                Idea::Send,
                Idea::OrderWord,
                Idea::Goods,
                Idea::Previous,
                Idea::Need,
                Idea::Same,
            ])
        || s.has(Idea::Again) && s.content <= 2
        || s.has(Idea::Previous)
            && s.any(&[Idea::OrderWord, Idea::Goods])
            && s.any(&[Idea::Send, Idea::Need]);
    let usual = s.has(Idea::OrderWord) && s.says(&["usual", "hamesha", "sadhai", "regular", "सधैं"]);
    let explicit = !s.wants || s.has(Idea::Same) && s.has(Idea::Previous);
    (refers || usual)
        && explicit
        && !s.any(&[
            Idea::Price,
            Idea::Start,
            Idea::PayWord,
            Idea::MessageWord,
            Idea::Missing,
            Idea::Late,
        ])
}

fn help(s: &Signals<'_>) -> bool {
    let how = s.has(Idea::How) && s.any(&[Idea::OrderWord, Idea::Do, Idea::Send, Idea::CanYou, Idea::Need]);
    let how = how || s.has(Idea::How) && s.content <= 4;
    let what = s.has(Idea::What) && (s.has(Idea::CanYou) || s.any(&[Idea::Do]) && s.has(Idea::Ask));
    !s.items && (s.has(Idea::Help) || how || what) && s.unknown <= 3 || s.question_mark_alone()
}

fn confirm(s: &Signals<'_>) -> bool {
    if s.thumb_alone() {
        return s.awaiting != Awaiting::Nothing;
    }
    let courteous = s.any(&[Idea::Thanks, Idea::Hello]) && !s.agrees();
    if courteous {
        return false;
    }
    let sends = s.any(&[Idea::Send, Idea::Do]) && s.content <= 3 && !s.has(Idea::NotAfter);
    !s.items
        && (s.unknown == 0 || s.unknown == 1 && s.agrees())
        && !s.question
        && (s.has(Idea::Yes) && s.content <= 8
            || s.has(Idea::Weak) && s.content == 0 && !s.any(&[Idea::Thanks, Idea::Hello])
            || sends && s.awaiting == Awaiting::Confirmation)
        && !s.any(&[Idea::NotAfter, Idea::Cancel, Idea::Talk, Idea::Start])
        && s.bare == 0
}

fn thanks(s: &Signals<'_>) -> bool {
    s.has(Idea::Thanks) && !s.items && s.unknown <= 3
}

fn greeting(s: &Signals<'_>) -> bool {
    !s.items && (s.has(Idea::Hello) && s.unknown == 0 || s.hello_first() && s.unknown <= 2)
}
