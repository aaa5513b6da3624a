use super::*;

fn product(sku: &str, name: &str, aliases: &[&str]) -> Described {
    Described {
        sku: sku.to_owned(),
        name: name.to_owned(),
        name_ne: String::new(),
        brand: String::new(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        base_unit: Unit::Packet,
        default_unit: Unit::Carton,
        pack_quantity: 30,
        order_units: vec![(Unit::Packet, 1), (Unit::Carton, 30)],
    }
}

fn shop() -> Matcher {
    Matcher::build(vec![
        product(
            "WAI-CHK",
            "Wai Wai chicken 75 g, carton of 30",
            &["wai wai", "wai wai chicken", "वाइवाइ"],
        ),
        product(
            "WAI-VEG",
            "Wai Wai veg 75 g, carton of 30",
            &["wai wai", "wai wai veg", "वाइवाइ"],
        ),
        product(
            "SUN-1L",
            "Sunflower oil 1 L pouch, carton of 10",
            &["sunflower", "tel"],
        ),
        product(
            "COPY-120",
            "Exercise copy 120 pages, dozen pack",
            &["copy", "120 page copy"],
        ),
    ])
}

fn aliases(text: &str) -> Vec<(String, usize, u16)> {
    let found = shop().find(text);
    let alias = |m: &Mention| m.how != How::Word;
    let cut = |m: &Mention| (text[m.start..m.end].to_owned(), m.products.len(), m.score);
    found.mentions.iter().filter(|m| alias(m)).map(cut).collect()
}

#[test]
fn aliases_are_found_in_every_spelling() {
    for (text, phrase, products) in [
        ("5 carton wai wai pathau", "wai wai", 2),
        ("vaivai 2", "vaivai", 2),
        ("Wai-Wai 2", "Wai-Wai", 2),
        ("waiwai veg 2", "waiwai veg", 1),
        ("वाइ वाइ २", "वाइ वाइ", 2),
        ("sunflowr 2", "sunflowr", 1),
        ("sun flower 2", "sun flower", 1),
        // vowels left out in haste
        ("snflowr 2", "snflowr", 1),
        ("wai wai chkn 2", "wai wai chkn", 1),
        ("wai-veg x 3", "wai-veg", 1),
    ] {
        let found = aliases(text);
        assert!(
            found
                .iter()
                .any(|(p, n, s)| p == phrase && *n == products && *s >= ACCEPT),
            "{text} {found:?}"
        );
    }
    assert!(aliases("vim 2 carton").is_empty());
}

#[test]
fn words_and_counted_numbers_narrow() {
    let found = shop().find("copy 120 page chicken");
    let words: Vec<&Mention> = found.mentions.iter().filter(|m| m.how == How::Word).collect();
    assert!(words.iter().any(|m| m.end - m.start == "120 page".len()));
    assert!(
        words
            .iter()
            .any(|m| m.end - m.start == "chicken".len() && m.products.len() == 1)
    );
}

#[test]
fn search_takes_beginnings_and_slips() {
    let shop = shop();
    let skus = |query: &str| {
        shop.search(query, 5)
            .iter()
            .map(|p| p.sku.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(skus("wai ch"), ["WAI-CHK"]);
    assert_eq!(skus("sunflowr"), ["SUN-1L"]);
    assert_eq!(skus("wai-veg"), ["WAI-VEG"]);
    assert_eq!(skus("nothing"), Vec::<&str>::new());
    assert_eq!(skus(""), Vec::<&str>::new());
}

#[test]
fn any_text_is_read_without_a_panic() {
    let shop = shop();
    for text in [
        "",
        "-",
        "--_",
        "१२३४",
        "\u{0}\u{fffd}",
        "wai-",
        "-wai wai",
        "🙂wai wai🙂",
        "ा",
        "120 120 page page copy",
    ] {
        for mention in shop.find(text).mentions {
            assert!(text.get(mention.start..mention.end).is_some());
        }
    }
}

#[test]
fn a_key_is_found_without_hyphens_too() {
    let shop = Matcher::build(vec![
        product("K7F2A", "Goods K7F2A", &[]),
        product("K7F2B", "Goods K7F2B", &[]),
        product("SOAP", "Washing soap", &["sabun"]),
    ]);
    let keys = |text: &str| {
        let found = shop.find(text);
        let keys = found.mentions.iter().filter(|m| m.how == How::Key);
        keys.map(|m| found.products[m.products[0] as usize].sku.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("K7F2A x 2, k7f2b x 1"), ["K7F2A", "K7F2B"]);
    assert_eq!(keys("SOAP x 2"), ["SOAP"]);
    assert_eq!(keys("soap 2 K7F2"), Vec::<String>::new());
}
