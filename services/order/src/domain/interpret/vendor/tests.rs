use super::super::tests::mentions;
use super::super::{Awaiting, Intent, Meaning, Message, Party, interpret};

fn read(text: &str) -> Meaning {
    let mentions = mentions(text);
    interpret(&Message {
        text,
        party: Party::Vendor,
        awaiting: Awaiting::Nothing,
        mentions: &mentions,
    })
}

/// What an update says of each product: its stock in thousandths, and its price.
fn stock(text: &str) -> Vec<(String, Option<i64>, Option<i64>)> {
    let got = read(text);
    assert_eq!(got.intent, Intent::StockUpdate, "{text}");
    let lines = got.lines.into_iter();
    lines.map(|l| (l.sku, l.milli, l.price_paisa)).collect()
}

fn words(meaning: &Meaning) -> Vec<&str> {
    meaning.said.iter().map(|said| said.words.as_str()).collect()
}

#[test]
fn sentences_that_take_refuse_or_dispatch_an_order_are_sure() {
    for (intent, texts) in [
        (
            Intent::Accept,
            [
                "hami pathauna sakchau",
                "pathauna sakchu",
                "हामी पठाउन सक्छौं",
                "linchu yo order",
                "ORD2611000429 pathaidinchhau",
                "we can send it",
                "will send tomorrow",
                "sabai cha",
            ],
        ),
        (
            Intent::Decline,
            [
                "stock chaina hola",
                "yo order linna",
                "hami sakdainau",
                "यो अर्डर लिन्न",
                "pathauna sakdina",
                "yo order lindainau",
                "not available today",
                "aaja pathaunna",
            ],
        ),
        (
            Intent::Dispatched,
            [
                "samaan gayo",
                "pathai sakyo",
                "gadi gayo",
                "सामान पठायौं",
                "गाडी गयो",
                "goods left",
                "truck has left",
                "ORD2611000429 pathayau",
            ],
        ),
    ] {
        for text in texts {
            let got = read(text);
            assert_eq!(got.intent, intent, "{text}");
            assert!(got.confidence >= 800, "{text}: {}", got.confidence);
        }
    }
}

#[test]
fn who_asks_or_takes_something_back_is_not_sure() {
    for text in [
        "accept garda kahile paisa aauncha?",
        "huncha tara bholi matra",
        "kati baje samma pathauna sakchau",
        "ok but cash chahiyo",
    ] {
        let got = read(text);
        assert!(
            got.confidence < 800,
            "{text}: {:?} {}",
            got.intent,
            got.confidence
        );
    }
    // A number of nothing is a part of whatever the order holds.
    for text in ["10 bora matra pathauna sakchu", "ok but only 5"] {
        let got = read(text);
        assert_eq!(got.intent, Intent::PartialAccept, "{text}");
        assert!(got.asks[0].nameless, "{text}");
    }
}

#[test]
fn the_rest_is_supplied_only_where_it_is_said() {
    for (text, rest) in [
        ("nun 2 bora matra cha, aru sabai pathauchu", true),
        ("sabai huncha tara nun chaina", true),
        ("ok tara nun 2 bora matra", true),
        ("nun bahek sabai pathauchu", true),
        ("nun stock out, aru sabai ok", true),
        ("nun 2 bora matra cha", false),
        ("nun 2 bora pathauchu", false),
        ("nun matra dina sakchu", false),
    ] {
        let got = read(text);
        assert_eq!((got.intent, got.rest), (Intent::PartialAccept, rest), "{text}");
    }
    let named = read("nun matra dina sakchu");
    assert_eq!(named.supplies[0].skus, ["SALT"]);
    assert!(named.unknown.is_empty(), "{:?}", named.unknown);
    let both = read("mayos ra nun dina sakdina");
    let none: Vec<&str> = both.exclude.iter().map(|named| named.skus[0].as_str()).collect();
    assert_eq!(none, ["NOODLE", "SALT"], "it is about both");
}

#[test]
fn a_plain_number_behind_a_count_is_a_price() {
    let price = |sku: &str, milli, paisa| (sku.to_owned(), Some(milli), paisa);
    assert_eq!(stock("nun 50 bora, 2150"), [price("SALT", 50_000, Some(215_000))]);
    assert_eq!(
        stock("nun 50 bora 2150 ra mayos 20 carton 490"),
        [
            price("SALT", 50_000, Some(215_000)),
            price("NOODLE", 20_000, Some(49_000))
        ]
    );
    assert_eq!(
        stock("nun 50 bora, mayos 20 carton 490"),
        [price("SALT", 50_000, None), price("NOODLE", 20_000, Some(49_000))]
    );
}

#[test]
fn no_number_is_dropped() {
    for text in [
        "nun 1 bora 4500",
        "nun 40 bora 4100 4200",
        "nun 40 bora 3",
        "nun 40 bora @ 4100 @ 4200",
        "nun 40 bora sakiyo",
        "nun 40 bora chaina",
    ] {
        let got = read(text);
        assert_eq!(got.intent, Intent::StockUpdate, "{text}");
        assert!(got.lines.is_empty(), "{text}: {:?}", got.lines);
        assert_eq!(words(&got), [text], "its words hold all of it");
        assert_eq!(got.asks.len(), 1, "{text}");
    }
    let spare = read("nun 40 bora @ 4100, 99");
    assert_eq!(spare.lines.len(), 1);
    assert_eq!(spare.unknown, ["99"], "named by itself");
    let apart = read("rate 4180, nun 40 bora ra mayos 20 carton");
    assert_eq!(apart.lines.len(), 2);
    assert_eq!(apart.unknown, ["4180"], "of which of the two?");
}

#[test]
fn a_price_told_for_a_unit_or_a_size_is_no_stock() {
    for text in ["mayos carton ko 720 bhayo", "mayos carton ko 720 pugyo aja dekhi"] {
        assert_eq!(stock(text), [("NOODLE".to_owned(), None, Some(72_000))], "{text}");
    }
    assert_eq!(
        stock("mayos carton ko 720, 90 carton cha godown ma"),
        [("NOODLE".to_owned(), Some(90_000), Some(72_000))]
    );
    assert_eq!(
        stock("nun 25kg is now Rs 450 per bag"),
        [("SALT".to_owned(), None, Some(45_000))]
    );
    assert_eq!(
        stock("nun bora 480 bata 470 ma jharyo"),
        [("SALT".to_owned(), None, Some(47_000))]
    );
    // so many, or so much?
    assert!(stock("mayos carton 780").is_empty());
    assert!(
        stock("mayos carton ko 720, nun 180")
            .iter()
            .all(|(sku, ..)| sku != "SALT")
    );
    // a price of one unit and a stock in another
    assert!(stock("mayos packet ko 24, 90 carton cha godam ma").is_empty());
}

#[test]
fn what_was_ordered_is_told_from_what_can_be_sent() {
    let part = read("20 bora magnu bhako nun 12 bora dina sakchu");
    assert_eq!(part.intent, Intent::PartialAccept, "{part:?}");
    let lines: Vec<_> = part.lines.iter().map(|l| (l.sku.as_str(), l.milli)).collect();
    assert_eq!(lines, [("SALT", Some(12_000))]);
}

#[test]
fn the_number_of_a_bill_or_a_driver_refuses_nothing() {
    for text in [
        "saman bus ma haldiye, bill no 442 cha",
        "goods left our godown, driver no 9751338204",
    ] {
        assert_eq!(read(text).intent, Intent::Dispatched, "{text}");
    }
}

#[test]
fn politeness_refuses_nothing() {
    assert_eq!(read("mero order kati cha bhannu na").intent, Intent::Unknown);
    assert_eq!(read("nah").intent, Intent::Decline);
}
