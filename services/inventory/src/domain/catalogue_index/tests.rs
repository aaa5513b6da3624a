use super::*;
use crate::domain::import;
use khaacho_money::Quantity;

fn index() -> CatalogueIndex {
    let products =
        import::products(include_str!("../../../fixtures/catalogue.csv")).expect("a clean catalogue");
    CatalogueIndex::build(7, products)
}

fn asked(index: &CatalogueIndex, text: &str, unit: &str, quantity: &str) -> Match {
    index.matches(&Phrase {
        text: text.to_owned(),
        unit: StatedUnit::of_word(unit),
        quantity: quantity.parse::<Quantity>().ok(),
    })
}

fn skus(candidates: &[Candidate]) -> Vec<&str> {
    candidates.iter().map(|c| c.product.sku.as_str()).collect()
}

/// Asserts which products each phrase means: `(phrase, unit, quantity, products)`.
fn assert_means(cases: &[(&str, &str, &str, &[&str])]) {
    let index = index();
    for (text, unit, quantity, expected) in cases {
        let found = asked(&index, text, unit, quantity);
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
    ]);
}

#[test]
fn a_bare_size_without_loose_goods_means_the_pack_of_that_size() {
    assert_means(&[
        ("tori tel", "litre", "5", &["OIL-MUST-5L"]),
        ("mas dal", "kg", "25", &["DAL-MAS-25KG"]),
    ]);
}

#[test]
fn nothing_is_guessed_and_near_products_are_suggested() {
    let index = index();
    let unknown = asked(&index, "vim", "", "");
    assert!(unknown.candidates.is_empty(), "{unknown:?}");
    let typo = asked(&index, "waiwia", "carton", "2");
    assert!(typo.candidates.is_empty(), "{typo:?}");
    assert!(
        skus(&typo.suggestions)
            .iter()
            .any(|sku| sku.starts_with("NOOD-WAIWAI")),
        "{typo:?}"
    );
    assert!(typo.suggestions.len() <= 5);
    for empty in ["", "   ", "!!", "\u{0}"] {
        let nothing = asked(&index, empty, "", "");
        assert!(
            nothing.candidates.is_empty() && nothing.suggestions.is_empty(),
            "{empty:?} {nothing:?}"
        );
    }
}

#[test]
fn the_decision_is_explained() {
    let index = index();
    let found = asked(&index, "deuti jeera masino xyz", "bora", "1");
    assert_eq!(
        found.because,
        "alias \"deuti jeera masino\", \"xyz\" not understood"
    );
    assert_eq!(found.candidates[0].score, 800);
    let by_unit = asked(&index, "jeera", "kg", "2");
    assert_eq!(by_unit.because, "alias \"jeera\", narrowed by unit kg");
    assert_eq!(
        asked(&index, "chini", "crate", "2").because,
        "alias \"chini\", not sold by crate"
    );
}

#[test]
fn a_search_finds_beginnings_of_words_and_keys() {
    let index = index();
    let found = |query: &str| -> Vec<String> {
        index
            .search(query, 5)
            .iter()
            .map(|product| product.sku.to_string())
            .collect()
    };
    assert_eq!(found("rice-jeera-25kg"), ["RICE-JEERA-25KG"]);
    assert!(
        found("jeera mas").contains(&"RICE-JEERA-25KG".to_owned()),
        "{:?}",
        found("jeera mas")
    );
    assert!(
        found("wai ch").iter().any(|sku| sku == "NOOD-WAIWAI-CHK-75G"),
        "{:?}",
        found("wai ch")
    );
    assert!(found("जिरा").contains(&"RICE-JEERA-25KG".to_owned()));
    assert_eq!(found("zzz"), Vec::<String>::new());
    assert_eq!(found(""), Vec::<String>::new());
    assert_eq!(index.search("a", 3).len(), 3);
}

#[test]
fn inactive_products_are_not_found() {
    let mut products =
        import::products(include_str!("../../../fixtures/catalogue.csv")).expect("a clean catalogue");
    products.retain(|p| p.sku.as_str() == "SUGAR-50KG");
    products[0].active = false;
    let index = CatalogueIndex::build(1, products);
    assert!(index.is_empty() && index.version() == 1);
    assert!(asked(&index, "chini", "", "").candidates.is_empty());
}

#[test]
fn every_unit_of_the_catalogue_is_one_of_the_readers_of_text() {
    for unit in khaacho_text::Unit::all() {
        let own = Unit::of_word(unit.as_str()).expect("the catalogue knows it too");
        assert_eq!((own.as_str(), text_unit(own)), (unit.as_str(), unit));
    }
}

#[test]
fn a_message_is_read_with_the_products_it_mentions() {
    let index = index();
    let text = "2 bora chini, 1 carton wai wai veg";
    let found = index.find(text);
    let named = |phrase: &str| {
        let at = text.find(phrase).expect("it stands there");
        let mention = found
            .mentions
            .iter()
            .find(|m| m.start == at && m.end == at + phrase.len());
        let products = mention.expect("a mention").products.iter();
        products
            .map(|p| found.products[*p as usize].sku.clone())
            .collect::<Vec<_>>()
    };
    assert!(named("chini").contains(&"SUGAR-50KG".to_owned()), "{found:?}");
    assert_eq!(named("wai wai veg"), ["NOOD-WAIWAI-VEG-75G"]);
}
