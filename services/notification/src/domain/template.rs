//! Every message that Khaacho sends, as a type: its name on the wire, its variables, its words in each
//! language, and how long it is worth delivering.
//!
//! Other services name a template and give its variables as JSON ([`Template::decode`]); an example of each
//! is in `fixtures/templates/data/<name>.json`, and what it becomes in
//! `fixtures/templates/<language>/<name>.txt`. A new message is one line in the table below, its variables,
//! an arm in `words.rs`, its words in `locales/<language>`, and its example files: the compiler asks for the
//! arm, the build script for words in every language, a test for the files.

mod asked;
mod chat;
mod language;
mod languages;
mod orders;
mod quotes;
mod recall;
mod refusals;
mod replies;
mod shops;
mod updates;
mod values;
mod vendors;
mod words;

use std::time::Duration;

use serde::Deserialize;

use super::message::Body;

pub use asked::{
    Can, Meant, OrderWord, PartialLine, PartialOrder, Place, VendorAskBack, VendorAskWhich, VendorPartial,
    VendorPartialWhich, WhichOrder,
};
pub use chat::{
    AskName, AskQuantity, BasketPlaced, ButtonOutdated, Flaw, ForPerson, MediaUnread, NotChanged, Priced,
    Prices, Problem, SoldIn, Statement, StatementEntry, WordThatDoes, WordsUnknown,
};
pub use language::Language;
pub use languages::Spoken;
pub use orders::{
    Balance, OrderDelivered, OrderEnded, OrderEscalated, OrderOnly, OrderPlaced, OrderProgress, OrderRefused,
    OrderStatus, OrderSummary, OrdersList, PaymentReceived, VendorAssigned,
};
pub use quotes::{Line, Quote, QuoteCreditShort, QuoteStockShort};
pub use recall::{Forgotten, PriceChange, PricesChanged, Recalled, RecalledItem};
pub use refusals::Refused;
pub use replies::{
    AccountBlocked, Choice, ChooseProduct, ConsentNoted, Greeting, Help, NoSingleVendor, NotFoundOrder,
    NotUnderstood, Nothing, PlainText, Suggestion, UnknownProduct, WelcomeUnregistered,
};
pub use shops::{ForShop, OtherShop, ShopChoice, ShopChosen, WhichShop};
pub use updates::{NotUpdated, Twice, UpdatedItem, VendorUpdate, VendorUpdateDone};
pub use values::{Count, Day, OrderNumber, Reference};
pub use vendors::{
    OfferLine, PackLine, VendorOffer, VendorOfferLost, VendorOfferWon, VendorOrder, VendorOrderCancelled,
    VendorOrderStep, VendorOrderYours, VendorOrders, VendorPackList,
};

/// Largest JSON of one template's variables, in bytes. An order of 100 lines with long names takes about 20
/// kB.
pub const DATA_BYTES_MAX: usize = 64 * 1024;
/// How long a message is worth delivering unless its variables say otherwise.
pub const DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a name and its JSON are not a message.
#[derive(Debug)]
pub enum Error {
    /// No template has this name.
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// The variables do not fit the template; the text names the field.
    Data {
        /// The template.
        name: &'static str,
        /// What does not fit.
        problem: String,
    },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Unknown { name } => write!(f, "there is no template `{name}`"),
            Error::Data { name, problem } => {
                write!(f, "variables of template `{name}` do not fit: {problem}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Builds the enum, its names and its JSON form from one table.
macro_rules! templates {
    ($($(#[doc = $doc:literal])+ $variant:ident($data:ty) = $name:literal;)+) => {
        /// One message with its variables.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Template {
            $($(#[doc = $doc])+ $variant($data),)+
        }

        impl Template {
            /// Every name, in the order of the table.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// An example of each template's variables, as JSON, by name.
            pub const EXAMPLES: &'static [(&'static str, &'static str)] = &[$((
                $name,
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/templates/data/", $name, ".json")),
            )),+];

            /// Name on the wire and in the database.
            pub fn name(&self) -> &'static str {
                match self { $(Template::$variant(_) => $name,)+ }
            }

            /// The message with this name and these variables (`null` counts as `{}`).
            pub fn decode(name: &str, data: &serde_json::Value) -> Result<Template, Error> {
                let none = serde_json::Value::Object(serde_json::Map::new());
                let data = if data.is_null() { &none } else { data };
                match name {
                    $($name => <$data>::deserialize(data).map(Template::$variant)
                        .map_err(|problem| Error::Data { name: $name, problem: problem.to_string() }),)+
                    _ => Err(Error::Unknown { name: name.to_owned() }),
                }
            }

            /// The variables as JSON, as [`Template::decode`] reads them.
            pub fn data(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Template::$variant(data) => serde_json::to_value(data),)+ }
            }
        }
    };
}

templates! {
    /// Words of an operator.
    PlainText(PlainText) = "plain_text";
    /// A phone that belongs to nobody wrote to us.
    WelcomeUnregistered(WelcomeUnregistered) = "welcome_unregistered";
    /// The account may not order.
    AccountBlocked(AccountBlocked) = "account_blocked";
    /// What a shop can write.
    Help(Help) = "help";
    /// Answer to a greeting.
    Greeting(Greeting) = "greeting";
    /// Answer to thanks.
    Thanks(Nothing) = "thanks";
    /// The order could not be read.
    NotUnderstood(NotUnderstood) = "not_understood";
    /// A product phrase matches nothing.
    UnknownProduct(UnknownProduct) = "unknown_product";
    /// A product phrase matches several products.
    ChooseProduct(ChooseProduct) = "choose_product";
    /// Phrases that the shop has explained before.
    Recalled(Recalled) = "recalled";
    /// The shop took back what it means by a phrase.
    Forgotten(Forgotten) = "forgotten";
    /// Prices that are others than those that the shop knows.
    PricesChanged(PricesChanged) = "prices_changed";
    /// The priced basket, to be confirmed.
    Quote(Quote) = "quote";
    /// The basket does not fit the credit that is left.
    QuoteCreditShort(QuoteCreditShort) = "quote_credit_short";
    /// There is not enough of a product.
    QuoteStockShort(QuoteStockShort) = "quote_stock_short";
    /// No vendor has all products.
    NoSingleVendor(NoSingleVendor) = "no_single_vendor";
    /// The quote was confirmed too late.
    QuoteExpired(Nothing) = "quote_expired";
    /// The quote was dropped by the shop.
    QuoteCancelled(Nothing) = "quote_cancelled";
    /// The order stands: credit is held and stock reserved.
    OrderPlaced(OrderPlaced) = "order_placed";
    /// The order could not be placed.
    OrderRefused(OrderRefused) = "order_refused";
    /// Answer to a question about one order.
    OrderStatus(OrderStatus) = "order_status";
    /// Answer to a question about orders.
    OrdersList(OrdersList) = "orders_list";
    /// Answer to a question about credit.
    Balance(Balance) = "balance";
    /// A vendor is asked to take an order.
    VendorOffer(VendorOffer) = "vendor_offer";
    /// The vendor's ACCEPT was in time.
    VendorOfferWon(VendorOfferWon) = "vendor_offer_won";
    /// The vendor's answer came too late.
    VendorOfferLost(VendorOfferLost) = "vendor_offer_lost";
    /// Answer to a vendor who answers for an order that it has taken.
    VendorOrderYours(VendorOrderYours) = "vendor_order_yours";
    /// Answer to a vendor's DECLINE.
    VendorOfferDeclined(OrderOnly) = "vendor_offer_declined";
    /// An order that the vendor had accepted was cancelled.
    VendorOrderCancelled(VendorOrderCancelled) = "vendor_order_cancelled";
    /// The shop learns who delivers.
    VendorAssigned(VendorAssigned) = "vendor_assigned";
    /// The order is being packed.
    OrderPacking(OrderProgress) = "order_packing";
    /// The order left the vendor.
    OrderDispatched(OrderProgress) = "order_dispatched";
    /// The order is on its last leg.
    OrderOutForDelivery(OrderProgress) = "order_out_for_delivery";
    /// The order takes longer: no vendor has taken it yet and a person looks for one.
    OrderDelayed(OrderOnly) = "order_delayed";
    /// The order was handed over and is owed now.
    OrderDelivered(OrderDelivered) = "order_delivered";
    /// The shop confirmed the delivery.
    OrderCompleted(OrderOnly) = "order_completed";
    /// The order was cancelled.
    OrderCancelled(OrderEnded) = "order_cancelled";
    /// An operator has to act on an order.
    OrderEscalatedOperator(OrderEscalated) = "order_escalated_operator";
    /// A payment was recorded.
    PaymentReceived(PaymentReceived) = "payment_received";
    /// CONFIRM without anything to confirm.
    NothingToConfirm(Nothing) = "nothing_to_confirm";
    /// No order of this party has that number.
    NotFoundOrder(NotFoundOrder) = "not_found_order";
    /// The vendor answered for an order of another vendor.
    VendorNotYours(OrderOnly) = "vendor_not_yours";
    /// Words to a vendor, of messages that older versions have stored: all that vendors are told has a template.
    VendorNote(PlainText) = "vendor_note";
    /// What a vendor can write.
    VendorHelp(Nothing) = "vendor_help";
    /// Answer to a vendor's question about orders.
    VendorOrders(VendorOrders) = "vendor_orders";
    /// The basket waits for its confirmation, said after another answer.
    BasketWaits(Nothing) = "basket_waits";
    /// Every thing of the list was left out.
    ListEmpty(Nothing) = "list_empty";
    /// CHANGE: the whole list is to be sent again.
    ListAgain(Nothing) = "list_again";
    /// CANCEL without anything that waits.
    NothingToCancel(Nothing) = "nothing_to_cancel";
    /// The last order is wanted again, and there is none.
    NothingToRepeat(Nothing) = "nothing_to_repeat";
    /// The last order again; its quote follows.
    OrderRepeated(OrderOnly) = "order_repeated";
    /// COMPLETE without a number, and several orders or none may be meant.
    WhichOrder(Nothing) = "which_order";
    /// The basket stays as it was.
    NotChanged(NotChanged) = "not_changed";
    /// Words of a list that mean nothing to us.
    WordsUnknown(WordsUnknown) = "words_unknown";
    /// A sentence asks for what only a word does.
    WordThatDoes(WordThatDoes) = "word_that_does";
    /// The second answer that nobody understands; the question follows.
    AnswerUnclear(Nothing) = "answer_unclear";
    /// A thing of the list is unknown.
    AskName(AskName) = "ask_name";
    /// It is not clear how much of a product is meant.
    AskQuantity(AskQuantity) = "ask_quantity";
    /// Answer to a question about prices or stock.
    Prices(Prices) = "prices";
    /// The entries of an account.
    Statement(Statement) = "statement";
    /// A person will look at what a shop wrote.
    ForPerson(ForPerson) = "for_person";
    /// A picture or a voice, which nobody reads yet.
    MediaUnread(MediaUnread) = "media_unread";
    /// A button of a basket that is an order by now.
    BasketPlaced(BasketPlaced) = "basket_placed";
    /// A button of what waits no more.
    ButtonOutdated(ButtonOutdated) = "button_outdated";
    /// What a shop asked for was refused.
    Refused(Refused) = "refused";
    /// What a vendor asked for was refused.
    VendorRefused(Refused) = "vendor_refused";
    /// A step that a vendor reported is written down.
    VendorOrderStep(VendorOrderStep) = "vendor_order_step";
    /// A word without a number, and no order waits for it.
    VendorNoOrder(Nothing) = "vendor_no_order";
    /// A word without a number, and several orders wait for it.
    VendorWhichOrder(Nothing) = "vendor_which_order";
    /// A vendor's sentence about an order is asked back, with the words that do it.
    VendorAskBack(VendorAskBack) = "vendor_ask_back";
    /// A vendor's sentence may be about several orders.
    VendorAskWhich(VendorAskWhich) = "vendor_ask_which";
    /// What a vendor can supply of an order, as it was understood.
    VendorPartial(VendorPartial) = "vendor_partial";
    /// A vendor can supply a part of one of several orders.
    VendorPartialWhich(VendorPartialWhich) = "vendor_partial_which";
    /// A person will look at what a vendor wrote.
    VendorForPerson(ForPerson) = "vendor_for_person";
    /// An operator has given an order to the vendor.
    VendorPackList(VendorPackList) = "vendor_pack_list";
    /// What a vendor's update would change.
    VendorUpdate(VendorUpdate) = "vendor_update";
    /// A vendor's update is in force.
    VendorUpdateDone(VendorUpdateDone) = "vendor_update_done";
    /// A vendor dropped his update.
    VendorUpdateDropped(Nothing) = "vendor_update_dropped";
    /// A vendor confirms or drops an update where none waits.
    VendorUpdateNone(Nothing) = "vendor_update_none";
    /// Somebody wants no more messages, or wants them again.
    ConsentNoted(ConsentNoted) = "consent_noted";
    /// The language that somebody is answered in, as his messages show it.
    LanguageHeard(Spoken) = "language_heard";
    /// The language that somebody has chosen.
    LanguageSet(Spoken) = "language_set";
    /// Which languages there are.
    WhichLanguage(Nothing) = "which_language";
    /// Which of several shops something is for.
    WhichShop(WhichShop) = "which_shop";
    /// The shop that is acted for from now on.
    ShopChosen(ShopChosen) = "shop_chosen";
    /// A button of another of the sender's shops.
    OtherShop(OtherShop) = "other_shop";
    /// Another message, below the name of the shop that it is about.
    ForShop(ForShop) = "for_shop";
    /// Something of ours does not work right now.
    TryAgainLater(Nothing) = "try_again_later";
}

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Their language.
    pub language: Language,
    /// The words.
    pub body: Body,
}

/// What happens to a message that has not arrived by its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtDeadline {
    /// It failed, and that is all: a reply that nobody needs any more.
    Fail,
    /// An operator is told, because the recipient has to know.
    Escalate,
}

impl Template {
    /// The message in a language: text with buttons or a list, within the limits of every provider except the
    /// length of the text, which [`Body::parts`] deals with.
    pub fn render(&self, language: Language) -> Rendered {
        let body = words::body(words::Words::of(language), self);
        Rendered { language, body }
    }

    /// Total time to deliver, from the moment it was stored. A quote and an offer are worth nothing after
    /// they expire.
    pub fn deadline(&self) -> Duration {
        let minutes = match self {
            Template::VendorOffer(offer) => offer.deadline_minutes,
            Template::VendorAskBack(VendorAskBack {
                minutes_left: Some(minutes),
                ..
            })
            | Template::VendorPartial(VendorPartial {
                minutes_left: Some(minutes),
                ..
            }) => *minutes,
            Template::Quote(quote) => quote.expires_in_minutes,
            Template::ForShop(named) => return named.message.deadline(),
            _ => return DEADLINE,
        };
        Duration::from_secs(60 * u64::from(minutes.max(1))).min(DEADLINE)
    }

    /// What happens at the deadline: news about orders and money must reach somebody, chat replies need not.
    pub fn at_deadline(&self) -> AtDeadline {
        match self {
            Template::OrderPlaced(_)
            | Template::OrderRefused(_)
            | Template::OrderDelivered(_)
            | Template::OrderCancelled(_)
            | Template::OrderDelayed(_)
            | Template::OrderEscalatedOperator(_)
            | Template::PaymentReceived(_)
            | Template::VendorAssigned(_)
            | Template::VendorOfferWon(_)
            | Template::VendorOrderCancelled(_) => AtDeadline::Escalate,
            Template::ForShop(named) => named.message.at_deadline(),
            _ => AtDeadline::Fail,
        }
    }
}

#[cfg(test)]
mod tests;
