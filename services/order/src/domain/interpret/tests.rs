use khaacho_text::{Measure, Size};

use super::*;

fn fact(sku: &str, base_unit: Unit, default_unit: Unit, pack: u32, grams: Option<i64>) -> Fact {
    let mut order_units = vec![(base_unit, 1)];
    if pack > 1 {
        order_units.push((default_unit, pack));
    }
    Fact {
        sku: sku.to_owned(),
        base_unit,
        default_unit,
        pack_quantity: pack,
        order_units,
        size: grams.map(|amount| Size {
            measure: Measure::Weight,
            amount,
        }),
        numbers: Vec::new(),
    }
}

/// A shop with noodles in cartons of 30, sugar in sacks of 50 kg and loose, and salt in sacks.
pub(super) fn mentions(text: &str) -> Mentions {
    let products = vec![
        fact("NOODLE", Unit::Packet, Unit::Carton, 30, Some(75)),
        fact("SUGAR-SACK", Unit::Sack, Unit::Sack, 1, Some(50_000)),
        fact("SUGAR-LOOSE", Unit::Kg, Unit::Kg, 1, None),
        fact("SALT", Unit::Sack, Unit::Sack, 1, Some(25_000)),
    ];
    let names: [(&str, &[u32]); 3] = [("mayos", &[0]), ("chini", &[1, 2]), ("nun", &[3])];
    let mut found = Vec::new();
    for (name, products) in names {
        for (start, _) in text.match_indices(name) {
            let end = start + name.len();
            found.push(Mention {
                start,
                end,
                how: How::Alias,
                score: 1000,
                products: products.to_vec(),
                cut: false,
            });
        }
    }
    found.sort_by_key(|m| m.start);
    Mentions {
        products,
        mentions: found,
    }
}

fn read(text: &str) -> Meaning {
    let mentions = mentions(text);
    interpret(&Message {
        text,
        party: Party::Retailer,
        awaiting: Awaiting::Unstated,
        mentions: &mentions,
    })
}

fn lines(text: &str) -> Vec<(String, i64, &'static str)> {
    let line = |l: Line| (l.sku, l.milli.unwrap_or(-1), l.unit.as_str());
    read(text).lines.into_iter().map(line).collect()
}

fn line(sku: &str, milli: i64, unit: &'static str) -> (String, i64, &'static str) {
    (sku.to_owned(), milli, unit)
}

#[test]
fn quantities_stand_before_or_behind_products() {
    let both = [line("NOODLE", 2_000, "carton"), line("SALT", 1_000, "sack")];
    for text in [
        "mayos 2 carton nun 1 bora",
        "2 carton mayos 1 bora nun",
        "mayos 2ctn, nun 1 bori pathaunu",
        "1) mayos 2 peti\n2) nun 1 bora",
    ] {
        assert_eq!(lines(text), both, "{text}");
    }
}

#[test]
fn the_last_version_counts_and_what_is_refused_does_not() {
    assert_eq!(
        lines("mayos 2 carton haina 3 carton"),
        [line("NOODLE", 3_000, "carton")]
    );
    assert_eq!(lines("mayos haina nun 2 bora"), [line("SALT", 2_000, "sack")]);
    let refused = read("mayos 2 carton, nun napathaunu");
    assert_eq!(refused.lines.len(), 1);
    assert_eq!(refused.exclude[0].skus, ["SALT"]);
}

#[test]
fn what_is_said_once_for_each_thing_counts_all_of_them() {
    let both = [line("NOODLE", 2_000, "carton"), line("SALT", 2_000, "sack")];
    assert_eq!(lines("mayos ra nun 2 2"), both);
    assert_eq!(lines("mayos, nun 2 each"), both);
    assert_eq!(lines("mayos, nun 2-2"), both);
    let sacks = read("2 bora each of nun ra chini");
    assert_eq!(sacks.lines.len(), 2, "{sacks:?}");
    assert_eq!(
        lines("mayos 1 carton, nun 2 2 bora")[0],
        line("NOODLE", 1_000, "carton")
    );
    // the second number counts what follows
    let apart = [line("SALT", 2_000, "sack"), line("NOODLE", 2_000, "carton")];
    assert_eq!(lines("nun 2 2 carton mayos"), apart);
}

#[test]
fn what_is_wanted_behind_a_refusal_is_kept() {
    let read = read("do not send mayos this time only nun 3 bora");
    assert_eq!((read.exclude.len(), read.lines.len()), (1, 1), "{read:?}");
    assert_eq!(read.lines[0].sku, "SALT");
}

#[test]
fn a_later_number_for_the_same_thing_corrects_it_or_is_asked_about() {
    assert_eq!(
        lines("mathi ko list ma nun 3 bora thiyo, 5 bora banaidinu"),
        [line("SALT", 5_000, "sack")]
    );
    assert_eq!(
        lines("nun 3 bora, maaf garnu 2 bora"),
        [line("SALT", 2_000, "sack")]
    );
    for text in ["nun 3 bora, 2 bora", "nun 2 bora 3 bora order gardinu"] {
        assert!(lines(text).is_empty(), "{text}");
    }
}

#[test]
fn what_was_ordered_before_gives_way_to_what_is_said_now() {
    for text in [
        "nun 2 bora vaneko thiye 1 bora matra garnu",
        "nun 4 bora lekheko thiyo, 1 bora garnu",
    ] {
        assert_eq!(lines(text), [line("SALT", 1_000, "sack")], "{text}");
    }
    assert_eq!(
        lines("nun 2 bora pathau, e haina mayos 2 carton"),
        [line("NOODLE", 2_000, "carton")]
    );
}

#[test]
fn numbers_that_limit_a_price_or_tell_a_time_count_nothing() {
    for text in [
        "mayos 700 bhanda badhi nahos, 2 carton",
        "480 parne mayos 2 carton",
        "mayos 2 carton, not more than 700",
        "mayos 2 carton aadha ghanta ma",
    ] {
        assert_eq!(lines(text), [line("NOODLE", 2_000, "carton")], "{text}");
    }
}

#[test]
fn a_unit_behind_a_size_counts_what_follows() {
    assert_eq!(lines("chini 50 kg bora 2"), [line("SUGAR-SACK", 2_000, "sack")]);
    assert_eq!(lines("mayos 75 gram packet 5"), [line("NOODLE", 5_000, "packet")]);
}

#[test]
fn a_size_before_a_dash_is_counted_behind_it() {
    assert_eq!(
        lines("1. mayos 75 g - 4 cartons\n2. nun - 2 bora"),
        [line("NOODLE", 4_000, "carton"), line("SALT", 2_000, "sack")]
    );
    assert_eq!(lines("half a carton of mayos"), [line("NOODLE", 500, "carton")]);
}

#[test]
fn a_new_order_like_the_last_one_is_no_change_and_a_correction_of_an_order_is() {
    let again = read("asti jastai sabai ra mayos 1 carton thap");
    assert_eq!(again.intent, Intent::Order, "{again:?}");
    assert!(again.also.contains(&Intent::Repeat));
    let corrected = read("bihana ko order ko nun 2 bora hoina 3 bora gardinu");
    assert_eq!(corrected.intent, Intent::Change, "{corrected:?}");
    let [only] = corrected.lines.as_slice() else {
        panic!("{corrected:?}")
    };
    assert_eq!((only.milli, only.op), (Some(3_000), Some(Op::Set)));
}

#[test]
fn kilograms_and_grams_are_one_weight() {
    assert_eq!(lines("chini 10 kg 400 gram"), [line("SUGAR-LOOSE", 10_400, "kg")]);
    assert_eq!(
        lines("chini 7 kg nun 1 bora"),
        [line("SUGAR-LOOSE", 7_000, "kg"), line("SALT", 1_000, "sack")]
    );
}

#[test]
fn a_counter_in_the_word_counts_pieces() {
    assert_eq!(lines("mayos duita"), [line("NOODLE", 2_000, "packet")]);
    assert_eq!(lines("mayos duita carton"), [line("NOODLE", 2_000, "carton")]);
}

#[test]
fn what_did_not_come_is_not_ordered() {
    let told = read("order ma vako 2 bora nun aayena ni");
    assert_eq!(
        (told.intent, told.lines.len()),
        (Intent::DeliveryIssue, 0),
        "{told:?}"
    );
    let asked = read("what will be the price if i take 20 cartons of mayos");
    assert_eq!(
        (asked.intent, asked.lines.len()),
        (Intent::PriceQuery, 0),
        "{asked:?}"
    );
}

#[test]
fn what_goods_are_for_is_not_wanted() {
    assert_eq!(lines("mayos ko lagi nun 2 bora"), [line("SALT", 2_000, "sack")]);
    // where nothing else is named it is what the sentence is about
    assert_eq!(
        lines("nun ko lagi 2 bora pathaunu"),
        [line("SALT", 2_000, "sack")]
    );
    let asked = read("nun ko lagi kati parcha");
    assert_eq!(
        (asked.intent, asked.about.len()),
        (Intent::PriceQuery, 1),
        "{asked:?}"
    );
}

#[test]
fn nothing_is_guessed() {
    for (text, reason) in [
        ("chini 50 kg", Reason::Product),
        ("nun adha bora", Reason::Fraction),
        ("nun 2-3 bora", Reason::Quantity),
        ("nun pathaunu", Reason::Quantity),
        ("nun 1 darjan", Reason::Unit),
        ("zebra 2 carton", Reason::UnknownProduct),
        ("mayos 1 carton (20 packet)", Reason::Product),
        ("2+1 carton mayos", Reason::Product),
        ("super mayos 2 carton", Reason::Product),
    ] {
        let got = read(text);
        assert!(got.lines.is_empty(), "{text} {:?}", got.lines);
        assert_eq!(got.asks.first().map(|a| a.reason), Some(reason), "{text}");
    }
    assert_eq!(lines("chini 7 kg"), [line("SUGAR-LOOSE", 7_000, "kg")]);
    assert_eq!(lines("mayos adha carton"), [line("NOODLE", 500, "carton")]);
}

#[test]
fn a_thumb_agrees_only_where_something_waits() {
    let with = |awaiting| {
        let none = Mentions::default();
        interpret(&Message {
            text: "👍",
            party: Party::Retailer,
            awaiting,
            mentions: &none,
        })
        .intent
    };
    assert_eq!(with(Awaiting::Confirmation), Intent::Confirm);
    assert_eq!(with(Awaiting::Nothing), Intent::Unknown);
}

#[test]
fn a_quantity_alone_is_told_from_everything_else() {
    let is = |text: &str| amount(text).map(|a| (a.milli, a.unit.map(Unit::as_str)));
    for (text, milli, unit) in [
        ("2", 2_000, None),
        ("2 bora", 2_000, Some("sack")),
        ("dui bora dinus", 2_000, Some("sack")),
        ("२ कार्टुन", 2_000, Some("carton")),
        ("dedh kg", 1_500, Some("kg")),
    ] {
        assert_eq!(is(text), Some((milli, unit)), "{text}");
    }
    for text in [
        "",
        "2-3",
        "2 bora chini",
        "0",
        "-2",
        "2?",
        "2 bora haina",
        "9841234567",
        "kati",
    ] {
        assert_eq!(is(text), None, "{text}");
    }
}

#[test]
fn an_answer_names_one_of_the_options() {
    let among = |phrase: &str, answer: &str, options: &[&str]| {
        let text = format!("{phrase} {answer}");
        let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
        named_among(&text, phrase.len() + 1, &mentions(&text), &options)
    };
    let sugar = ["SUGAR-SACK", "SUGAR-LOOSE"];
    assert_eq!(among("mithai", "nun", &["SALT", "NOODLE"]), ["SALT"]);
    assert_eq!(among("chini", "50 kg wala", &sugar), ["SUGAR-SACK"]);
    assert_eq!(among("chini", "khulla", &sugar), ["SUGAR-LOOSE"]);
    assert_eq!(among("chini", "chini", &sugar), Vec::<String>::new());
    assert_eq!(among("chini", "nun", &sugar), Vec::<String>::new());
}
