use super::*;
use crate::domain::import;

fn matcher() -> Matcher {
    let mut products =
        import::products(include_str!("../../../../fixtures/catalogue.csv")).expect("a clean catalogue");
    products.sort_by(|a, b| a.sku.cmp(&b.sku));
    Matcher::build(products.iter().map(Described::from).collect())
}

fn asked<'a>(matcher: &'a Matcher, text: &str, unit: &str, quantity: &str) -> Match<'a> {
    matcher.matches(&Phrase {
        text: text.to_owned(),
        unit: StatedUnit::of_word(unit),
        milli: quantity
            .parse::<khaacho_money::Quantity>()
            .ok()
            .map(|q| q.milli()),
    })
}

fn skus<'a>(candidates: &[Candidate<'a>]) -> Vec<&'a str> {
    candidates.iter().map(|c| c.product.sku.as_str()).collect()
}

/// Asserts which products each phrase means: `(phrase, unit, quantity, products)`.
fn assert_means(cases: &[(&str, &str, &str, &[&str])]) {
    let matcher = matcher();
    for (text, unit, quantity, expected) in cases {
        let found = asked(&matcher, text, unit, quantity);
        assert_eq!(
            skus(&found.candidates),
            *expected,
            "{quantity} {unit} {text}: {}",
            found.because
        );
    }
}

#[test]
fn a_key_is_found_in_any_case_with_hyphens_or_spaces() {
    assert_means(&[
        ("RICE-JEERA-25KG", "", "", &["RICE-JEERA-25KG"]),
        ("rice-jeera-25kg", "", "2", &["RICE-JEERA-25KG"]),
        ("rice jeera 25kg", "", "", &["RICE-JEERA-25KG"]),
        ("please rice-jeera-25kg", "", "", &["RICE-JEERA-25KG"]),
    ]);
}

#[test]
fn other_words_narrow_the_longest_alias() {
    assert_means(&[
        ("jeera masino", "", "", &["RICE-JEERA-25KG", "RICE-JEERA-30KG"]),
        ("Jeera Masino 25 kg", "", "", &["RICE-JEERA-25KG"]),
        ("जिरा मसिनो २५ के.जी.", "", "", &["RICE-JEERA-25KG"]),
        ("deuti jeera masino wala", "", "", &["RICE-JEERA-30KG"]),
        ("chamal jeera bheri gold", "", "", &["RICE-JEERA-25KG"]),
        ("tori tel 1 litre", "petti", "2", &["OIL-MUST-1L"]),
        ("pens", "box", "2", &["PEN-BALL-BLACK", "PEN-BALL-BLUE"]),
    ]);
}

#[test]
fn the_stated_unit_narrows() {
    assert_means(&[
        ("jeera", "kg", "2", &["SPICE-JEERA-KG"]),
        ("jeera", "bora", "2", &["RICE-JEERA-25KG", "RICE-JEERA-30KG"]),
        ("coke", "crate", "1", &["DRINK-COKE-250ML"]),
        ("chini", "bora", "1", &["SUGAR-50KG"]),
    ]);
}

#[test]
fn a_bare_weight_means_loose_goods_and_whole_sacks_are_a_question() {
    assert_means(&[
        ("chini", "kg", "10", &["SUGAR-KG"]),
        ("chini", "gram", "500", &["SUGAR-KG"]),
        ("chini", "kg", "50", &["SUGAR-50KG", "SUGAR-KG"]),
        ("chini", "kg", "100", &["SUGAR-50KG", "SUGAR-KG"]),
        ("tori tel", "litre", "5", &["OIL-MUST-5L"]),
        ("mas dal", "kg", "25", &["DAL-MAS-25KG"]),
    ]);
}

#[test]
fn slips_of_the_finger_are_read_and_nothing_is_guessed() {
    let matcher = matcher();
    let slip = asked(&matcher, "waiwia", "carton", "2");
    assert!(
        slip.candidates.len() > 1
            && skus(&slip.candidates)
                .iter()
                .all(|sku| sku.starts_with("NOOD-WAIWAI")),
        "{slip:?}"
    );
    let unknown = asked(&matcher, "vim", "", "");
    assert!(unknown.candidates.is_empty(), "{unknown:?}");
    let begun = asked(&matcher, "basm", "", "");
    assert!(begun.candidates.is_empty(), "{begun:?}");
    assert!(
        skus(&begun.suggestions).iter().any(|sku| sku.contains("BASMATI")) && begun.suggestions.len() <= 5,
        "{begun:?}"
    );
    for empty in ["", "   ", "!!", "\u{0}"] {
        let nothing = asked(&matcher, empty, "", "");
        assert!(
            nothing.candidates.is_empty() && nothing.suggestions.is_empty(),
            "{empty:?} {nothing:?}"
        );
    }
}

#[test]
fn the_decision_is_explained() {
    let matcher = matcher();
    let found = asked(&matcher, "deuti jeera masino xyz", "bora", "1");
    assert_eq!(
        found.because,
        "alias \"deuti jeera masino\", \"xyz\" not understood"
    );
    assert_eq!(found.candidates[0].score, 800);
    let by_unit = asked(&matcher, "jeera", "kg", "2");
    assert_eq!(by_unit.because, "alias \"jeera\", narrowed by unit kg");
    assert_eq!(
        asked(&matcher, "chini", "crate", "2").because,
        "alias \"chini\", not sold by crate"
    );
}

#[test]
fn a_search_finds_beginnings_of_words_and_keys() {
    let matcher = matcher();
    let found = |query: &str| -> Vec<&str> {
        matcher
            .search(query, 5)
            .iter()
            .map(|product| product.sku.as_str())
            .collect()
    };
    assert_eq!(found("rice-jeera-25kg"), ["RICE-JEERA-25KG"]);
    assert!(
        found("jeera mas").contains(&"RICE-JEERA-25KG"),
        "{:?}",
        found("jeera mas")
    );
    assert!(
        found("wai ch").contains(&"NOOD-WAIWAI-CHK-75G"),
        "{:?}",
        found("wai ch")
    );
    assert!(found("जिरा").contains(&"RICE-JEERA-25KG"));
    let of_keys = found("nood-wai");
    assert!(
        of_keys.len() > 1 && of_keys.iter().all(|sku| sku.starts_with("NOOD-WAI")),
        "{of_keys:?}"
    );
    assert_eq!(found("zzz"), Vec::<&str>::new());
    assert_eq!(found(""), Vec::<&str>::new());
    assert_eq!(matcher.search("a", 3).len(), 3);
}

#[test]
fn inactive_products_are_not_known() {
    let mut products =
        import::products(include_str!("../../../../fixtures/catalogue.csv")).expect("a clean catalogue");
    products.retain(|p| p.sku.as_str() == "SUGAR-50KG");
    assert_eq!(
        Described::from(&products[0]).default_unit,
        products[0].default_unit()
    );
    products[0].active = false;
    let active = products.iter().filter(|p| p.active).map(Described::from);
    assert!(Matcher::build(active.collect()).is_empty());
}

#[test]
fn an_answer_has_a_limit() {
    let matcher = matcher();
    let found = matcher.find("chini, nun, chamal, tel, dal");
    let (all, mentions) = (found.products.len(), found.mentions.len());
    let few = found.clone().bounded(10);
    assert!(all > 10 && few.products.len() <= 10 && !few.mentions.is_empty());
    assert!(few.mentions.len() < mentions || few.mentions.iter().any(|m| m.cut));
    let inside =
        |m: &Mention| !m.products.is_empty() && m.products.iter().all(|p| (*p as usize) < few.products.len());
    assert!(few.mentions.iter().all(inside));
    for mention in few.mentions.iter().filter(|m| !m.cut) {
        let same = found
            .mentions
            .iter()
            .find(|m| (m.start, m.end, m.how) == (mention.start, mention.end, mention.how));
        let names = |m: &Mention, of: &super::super::Found| -> Vec<String> {
            m.products
                .iter()
                .map(|p| of.products[*p as usize].sku.clone())
                .collect()
        };
        assert_eq!(names(mention, &few), names(same.expect("it was there"), &found));
    }
    assert_eq!(found.clone().bounded(all), found);
}
