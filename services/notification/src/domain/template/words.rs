//! Messages in words, in every language. The words are in `locales/<language>/*.ftl`; `build.rs` makes a function of
//! [`Words`] out of each of them, and here they become messages. The match has no wildcard, so a message without words
//! does not compile.

mod asked;
mod chat;
mod languages;
mod orders;
mod quotes;
mod recall;
mod refusals;
mod replies;
mod shops;
mod updates;
mod vendors;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use khaacho_money::Paisa;

use super::quotes::Line;
use super::values::{Count, Day, clean, spoken};
use super::{Body, Language, Template};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The words of every language, in the order of [`Language::ALL`].
static WORDS: LazyLock<[Words; Language::ALL.len()]> = LazyLock::new(|| Language::ALL.map(Words::read));

/// The words of one language.
pub(super) struct Words(FluentBundle<FluentResource>);

impl Words {
    /// The words of this language.
    pub(super) fn of(language: Language) -> &'static Words {
        &WORDS[language as usize]
    }

    fn read(language: Language) -> Words {
        let (tag, files) = match language {
            Language::En => ("en", EN),
            Language::NeDeva => ("ne", NE),
            Language::NeLatn => ("ne-Latn", NE_LATN),
            Language::Hi => ("hi", HI),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().expect("a language tag")]);
        // Invisible marks around an order number would be copied with it and come back to us.
        bundle.set_use_isolating(false);
        for file in files {
            let file = FluentResource::try_new((*file).to_owned()).expect("build.rs found no junk in it");
            bundle.add_resource(file).expect("build.rs found no name twice");
        }
        Words(bundle)
    }

    fn say<const N: usize>(&self, key: &str, arguments: [(&str, FluentValue<'_>); N]) -> String {
        let message = self
            .0
            .get_message(key)
            .expect("build.rs found it in every language");
        let pattern = message.value().expect("build.rs found that it has words");
        let arguments: FluentArgs<'_> = arguments.into_iter().collect();
        let mut errors = Vec::new();
        let said = self.0.format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(
            errors.is_empty(),
            "build.rs checked what `{key}` uses: {errors:?}"
        );
        said.into_owned()
    }

    /// Somebody's words as one sentence, with the full stop of this language when they are written in its letters.
    fn sentence(&self, text: &str) -> String {
        let said = sentence(text);
        let stop = self.full_stop();
        match said.strip_suffix('.') {
            Some(bare) if stop != "." && bare.ends_with(is_devanagari) && !clean(text).ends_with('.') => {
                format!("{bare}{stop}")
            }
            _ => said,
        }
    }

    fn text(&self, text: &str) -> FluentValue<'static> {
        clean(text).into()
    }

    fn number(&self, number: u32) -> FluentValue<'static> {
        number.into()
    }

    fn count(&self, count: Count) -> FluentValue<'static> {
        // A number, because plurals are chosen by it.
        let text = count.to_string();
        text.parse().map_or_else(|_| text.into(), FluentValue::Number)
    }

    fn money(&self, amount: Paisa) -> FluentValue<'static> {
        amount.to_string().replacen("Rs", &self.rupees(), 1).into()
    }

    fn day(&self, day: Day) -> FluentValue<'static> {
        let part = |format| day.date().format(format).to_string();
        self.date(&part("%-d"), &part("%b").to_lowercase(), &part("%Y"))
            .into()
    }
}

pub(super) fn body(say: &Words, template: &Template) -> Body {
    match template {
        Template::PlainText(data) => Body::text(data.text.trim()),
        Template::WelcomeUnregistered(data) => replies::welcome_unregistered(say, data),
        Template::AccountBlocked(data) => replies::account_blocked(say, data),
        Template::Help(data) => replies::help(say, data),
        Template::Greeting(data) => Body::text(say.greeting(&data.shop)),
        Template::Thanks(_) => Body::text(say.thanks()),
        Template::NotUnderstood(data) => replies::not_understood(say, data),
        Template::UnknownProduct(data) => replies::unknown_product(say, data),
        Template::ChooseProduct(data) => replies::choose_product(say, data),
        Template::Recalled(data) => recall::recalled(say, data),
        Template::Forgotten(data) => recall::forgotten(say, data),
        Template::PricesChanged(data) => recall::prices_changed(say, data),
        Template::Quote(data) => quotes::quote(say, data),
        Template::QuoteCreditShort(data) => quotes::quote_credit_short(say, data),
        Template::QuoteStockShort(data) => quotes::quote_stock_short(say, data),
        Template::NoSingleVendor(data) => quotes::no_single_vendor(say, data),
        Template::QuoteExpired(_) => Body::text(say.quote_expired()),
        Template::QuoteCancelled(_) => Body::text(say.quote_cancelled()),
        Template::OrderPlaced(data) => orders::order_placed(say, data),
        Template::OrderRefused(data) => orders::order_refused(say, data),
        Template::OrderStatus(data) => orders::order_status(say, data),
        Template::OrdersList(data) => orders::orders_list(say, data),
        Template::Balance(data) => orders::balance(say, data),
        Template::VendorOffer(data) => vendors::vendor_offer(say, data),
        Template::VendorOfferWon(data) => vendors::vendor_offer_won(say, data),
        Template::VendorOfferLost(data) => vendors::vendor_offer_lost(say, data),
        Template::VendorOrderYours(data) => vendors::vendor_order_yours(say, data),
        Template::VendorOfferDeclined(data) => {
            Body::text(say.vendor_offer_declined(data.order_number.as_str()))
        }
        Template::VendorOrderCancelled(data) => vendors::vendor_order_cancelled(say, data),
        Template::VendorAssigned(data) => orders::vendor_assigned(say, data),
        Template::OrderPacking(data) => orders::order_packing(say, data),
        Template::OrderDispatched(data) => orders::order_dispatched(say, data),
        Template::OrderOutForDelivery(data) => orders::order_out_for_delivery(say, data),
        Template::OrderDelayed(data) => Body::text(say.order_delayed(data.order_number.as_str())),
        Template::OrderDelivered(data) => orders::order_delivered(say, data),
        Template::OrderCompleted(data) => Body::text(say.order_completed(data.order_number.as_str())),
        Template::OrderCancelled(data) => orders::order_cancelled(say, data),
        Template::OrderEscalatedOperator(data) => orders::order_escalated_operator(say, data),
        Template::PaymentReceived(data) => orders::payment_received(say, data),
        Template::NothingToConfirm(_) => Body::text(say.nothing_to_confirm()),
        Template::NotFoundOrder(data) => replies::not_found_order(say, data),
        Template::VendorNotYours(data) => Body::text(say.vendor_not_yours(data.order_number.as_str())),
        Template::VendorNote(data) => Body::text(data.text.trim()),
        Template::VendorHelp(_) => Text::of(say.vendor_help()).line(say.vendor_help_update()).body(),
        Template::ConsentNoted(data) => Body::text(if data.opted_out {
            say.consent_out()
        } else {
            say.consent_in()
        }),
        Template::VendorUpdate(data) => updates::vendor_update(say, data),
        Template::VendorUpdateDone(data) => updates::vendor_update_done(say, data),
        Template::VendorUpdateDropped(_) => Body::text(say.vendor_update_dropped()),
        Template::VendorUpdateNone(_) => Body::text(say.vendor_update_none()),
        Template::VendorOrders(data) => vendors::vendor_orders(say, data),
        Template::BasketWaits(_) => Body::text(say.basket_waits()),
        Template::ListEmpty(_) => Body::text(say.list_empty()),
        Template::ListAgain(_) => Body::text(say.list_again()),
        Template::NothingToCancel(_) => Body::text(say.nothing_to_cancel()),
        Template::NothingToRepeat(_) => Body::text(say.nothing_to_repeat()),
        Template::OrderRepeated(data) => Body::text(say.order_repeated(data.order_number.as_str())),
        Template::WhichOrder(_) => Body::text(say.which_order()),
        Template::NotChanged(data) => chat::not_changed(say, data),
        Template::WordsUnknown(data) => chat::words_unknown(say, data),
        Template::WordThatDoes(data) => chat::word_that_does(say, data),
        Template::AnswerUnclear(_) => Body::text(say.answer_unclear()),
        Template::AskName(data) => chat::ask_name(say, data),
        Template::AskQuantity(data) => chat::ask_quantity(say, data),
        Template::Prices(data) => chat::prices(say, data),
        Template::Statement(data) => chat::statement(say, data),
        Template::ForPerson(data) | Template::VendorForPerson(data) => chat::for_person(say, data),
        Template::MediaUnread(data) => chat::media_unread(say, data),
        Template::BasketPlaced(data) => chat::basket_placed(say, data),
        Template::ButtonOutdated(data) => chat::button_outdated(say, data),
        Template::Refused(data) => refusals::refused(say, data),
        Template::VendorRefused(data) => refusals::vendor_refused(say, data),
        Template::VendorOrderStep(data) => vendors::vendor_order_step(say, data),
        Template::VendorNoOrder(_) => Body::text(say.vendor_no_order()),
        Template::VendorWhichOrder(_) => Body::text(say.vendor_which_order()),
        Template::VendorAskBack(data) => asked::vendor_ask_back(say, data),
        Template::VendorAskWhich(data) => asked::vendor_ask_which(say, data),
        Template::VendorPartial(data) => asked::vendor_partial(say, data),
        Template::VendorPartialWhich(data) => asked::vendor_partial_which(say, data),
        Template::VendorPackList(data) => vendors::vendor_pack_list(say, data),
        Template::LanguageHeard(data) => languages::language_heard(say, *data),
        Template::LanguageSet(data) => languages::language_set(say, *data),
        Template::WhichLanguage(_) => languages::which_language(say),
        Template::WhichShop(data) => shops::which_shop(say, data),
        Template::ShopChosen(data) => shops::shop_chosen(say, data),
        Template::OtherShop(data) => Body::text(say.other_shop(&data.shop)),
        Template::ForShop(data) => shops::for_shop(say, data),
        Template::TryAgainLater(_) => Body::text(say.try_again_later()),
    }
}

/// Lines of a message.
struct Text(Vec<String>);

impl Text {
    fn of(line: String) -> Self {
        Text(vec![line])
    }

    fn line(self, line: String) -> Self {
        self.lines([line])
    }

    /// The same with more lines; of an `Option`, with one or none.
    fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.0.extend(lines);
        self
    }

    /// The same with an empty line.
    fn gap(self) -> Self {
        self.line(String::new())
    }

    fn body(self) -> Body {
        Body::text(self.0.join("\n"))
    }
}

/// Lines with prices, one a row.
fn priced(say: &Words, lines: &[Line]) -> Vec<String> {
    let row = |line: &Line| {
        let amount = amount(say, line.quantity, &line.unit);
        say.line_priced(
            line.n,
            &line.name,
            &amount,
            line.unit_price_paisa,
            line.amount_paisa,
        )
    };
    lines.iter().map(row).collect()
}

/// Lines without prices, one a row.
fn unpriced(say: &Words, lines: &[Line]) -> Vec<String> {
    let row = |line: &Line| say.line(line.n, &line.name, &amount(say, line.quantity, &line.unit));
    lines.iter().map(row).collect()
}

/// `2 sacks`, `1 sack`, `0.5 kg`, `2` without a unit.
fn amount(say: &Words, count: Count, unit: &str) -> String {
    match clean(unit).as_str() {
        "" => count.to_string(),
        unit => say.amount(count, unit),
    }
}

/// A name of an enum as messages choose by it, `sent_to_vendor`, and in plain words, `sent to vendor`.
fn choice(name: &str, prefix: &str) -> (String, String) {
    let words = spoken(name, prefix);
    (words.replace(' ', "_"), words)
}

/// Somebody's words as one sentence: capital first, a mark at the end. Empty stays empty. [`Words::sentence`] chooses
/// the mark by the language.
fn sentence(text: &str) -> String {
    let text = clean(text);
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return text };
    let end = if text.ends_with(['.', '!', '?', '।', ':']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// A letter, a vowel sign or a digit of Nepali and Hindi.
fn is_devanagari(letter: char) -> bool {
    ('\u{900}'..='\u{97f}').contains(&letter)
}

#[cfg(test)]
mod tests;
