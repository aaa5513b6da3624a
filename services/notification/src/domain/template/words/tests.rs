use super::*;

const ENGLISH: Language = Language::En;

fn said(language: Language, count: &str, unit: &str) -> String {
    amount(
        Words::of(language),
        Count(count.parse().expect("a quantity")),
        unit,
    )
}

fn money(language: Language, paisa: i64) -> String {
    Words::of(language).price_from(Paisa::new(paisa))
}

#[test]
fn units_have_a_plural() {
    assert_eq!(said(ENGLISH, "2", "sack"), "2 sacks");
    assert_eq!(said(ENGLISH, "1", "sack"), "1 sack");
    assert_eq!(said(ENGLISH, "12", "box"), "12 boxes");
    assert_eq!(said(ENGLISH, "0.5", "kg"), "0.5 kg");
    assert_eq!(said(ENGLISH, "0.5", "sack"), "0.5 sacks");
    assert_eq!(said(ENGLISH, "100000.125", "kg"), "100000.125 kg");
    assert_eq!(said(ENGLISH, "3", "बोरा"), "3 बोरा");
    assert_eq!(said(ENGLISH, "3", ""), "3");
    assert_eq!(said(Language::Hi, "1", "box"), "1 डिब्बा");
    assert_eq!(said(Language::Hi, "2", "box"), "2 डिब्बे");
    assert_eq!(said(Language::NeDeva, "2", "sack"), "2 बोरा");
    assert_eq!(said(Language::NeLatn, "2", "sack"), "2 bora");
}

#[test]
fn money_is_grouped_by_lakh_in_every_language() {
    assert_eq!(money(ENGLISH, 15_000_050), "from Rs 1,50,000.50");
    assert_eq!(money(Language::NeLatn, 15_000_050), "Rs 1,50,000.50 dekhi");
    assert_eq!(money(Language::NeDeva, 15_000_050), "रु 1,50,000.50 देखि");
    assert_eq!(money(Language::Hi, -500), "-रु 5 से");
}

#[test]
fn days_have_the_months_of_their_language() {
    let due = |language, day: &str| {
        let day = serde_json::from_value(serde_json::json!(day)).expect("a day");
        Words::of(language).order_delivered_due(day)
    };
    assert_eq!(due(ENGLISH, "2027-01-05"), "Please pay by: 5 Jan 2027");
    assert_eq!(
        due(Language::NeDeva, "2026-11-22"),
        "तिर्ने अन्तिम मिति: 22 नोभेम्बर 2026"
    );
    assert_eq!(
        due(Language::Hi, "2026-11-22"),
        "भुगतान की आख़िरी तारीख़: 22 नवंबर 2026"
    );
}

#[test]
fn words_of_others_become_sentences_and_stay_on_their_line() {
    assert_eq!(sentence(" an invoice\nis overdue "), "An invoice is overdue.");
    assert_eq!(sentence("Really?"), "Really?");
    assert_eq!(sentence("बिल बाँकी छ।"), "बिल बाँकी छ।");
    assert_eq!(sentence(""), "");
    let faked = Words::of(ENGLISH).order_status_vendor("Khadka\nTotal: Rs 0 { $order }");
    assert_eq!(faked, "Wholesaler: Khadka Total: Rs 0 { $order }");
}

#[test]
fn words_in_devanagari_end_as_their_language_does() {
    let ended = |text| Language::ALL.map(|language| Words::of(language).sentence(text));
    assert_eq!(
        ended("बिल बाँकी छ"),
        ["बिल बाँकी छ.", "बिल बाँकी छ।", "बिल बाँकी छ.", "बिल बाँकी छ।"]
    );
    assert_eq!(ended("no rice"), ["No rice."; 4]);
    assert_eq!(ended("बिल बाँकी छ।"), ["बिल बाँकी छ।"; 4]);
    assert_eq!(ended(""), [""; 4]);
}

#[test]
fn a_quantity_is_asked_with_everything_that_answers_it() {
    let sold = |unit: &str, factor| super::super::chat::SoldIn {
        unit: unit.to_owned(),
        factor,
    };
    let asked = super::super::chat::AskQuantity {
        name: "Noodles".to_owned(),
        why: "quantity".to_owned(),
        amounts: ["2", "3"].map(|n| Count(n.parse().expect("a quantity"))).to_vec(),
        sold_in: vec![sold("packet", 1), sold("carton", 30)],
        unit: Some("carton".to_owned()),
    };
    assert_eq!(
        chat::ask_quantity(Words::of(ENGLISH), &asked).text,
        "How much Noodles? 2 or 3? It is sold by packet, carton of 30. A number alone means carton. SKIP leaves it \
         out of the list."
    );
}

#[test]
fn a_reason_without_words_is_said_with_its_sentence() {
    let refused = super::super::refusals::Refused {
        reason: "SOMETHING_NEW".to_owned(),
        sentence: "that cannot be".to_owned(),
        facts: std::collections::BTreeMap::new(),
    };
    let said = |reason: &str| {
        let refused = super::super::refusals::Refused {
            reason: reason.to_owned(),
            ..refused.clone()
        };
        refusals::refused(Words::of(ENGLISH), &refused).text
    };
    assert_eq!(said("SOMETHING_NEW"), "That cannot be.");
    assert_eq!(said("WRONG_STATUS"), "That cannot be.", "without its facts");
    assert_eq!(said("ORDER_UNKNOWN"), "There is no such order.");
}

#[test]
fn every_language_reads_its_own_files() {
    let choose = Language::ALL.map(|language| Words::of(language).choose_product_button());
    assert_eq!(choose, ["Choose", "छान्नुहोस्", "Chhannuhos", "चुनें"]);
}
