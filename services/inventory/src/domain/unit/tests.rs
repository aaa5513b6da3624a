use super::*;
use crate::domain::product::examples::product;

fn quantity(text: &str) -> Quantity {
    text.parse().expect("a quantity")
}

/// What `quantity` of the word is, as `quantity unit = sale units`, or the problem.
fn told(product: &Product, number: &str, word: &str) -> String {
    let unit = match word {
        "" => None,
        word => match Unit::of_word(word) {
            Some(unit) => Some(unit),
            None => return "no unit".to_owned(),
        },
    };
    match resolve(product, quantity(number), unit) {
        Ok(r) => format!("{} {} = {}", r.quantity, r.unit, r.sale),
        Err(problem) => format!("{problem:?}"),
    }
}

#[test]
fn words_of_people_mean_canonical_units() {
    for (unit, words) in [
        ("sack", "bora bori bhora katta bag sack बोरा बोरी BORA"),
        (
            "carton",
            "carton ctn cartoon katun petti peti case कार्टुन पेटी Cartons",
        ),
        ("crate", "crate kret tray क्रेट"),
        ("box", "box bakas बाकस boxes"),
        ("packet", "packet pkt pack poka pouch प्याकेट packets"),
        ("bottle", "bottle बोतल"),
        ("jar", "jar जार"),
        ("tin", "tin टिन"),
        ("strip", "patta lari strip"),
        ("bundle", "bundle बन्डल"),
        ("dozen", "darjan dozen दर्जन"),
        ("pair", "jodi जोडी pair"),
        ("kg", "kg kilo k.g. के.जी. किलो KG"),
        ("quintal", "quintal"),
        ("piece", "ota wota piece pcs वटा"),
        ("g", "gram gm g"),
        ("l", "litre liter l ltr"),
        ("pau", "pau"),
    ] {
        for word in words.split(' ') {
            assert_eq!(Unit::of_word(word).map(Unit::as_str), Some(unit), "{word}");
        }
    }
    for word in ["", "?", "bucket", "thaan", "5"] {
        assert_eq!(Unit::of_word(word), None, "{word}");
    }
}

#[test]
fn every_unit_has_one_canonical_word_that_means_it() {
    for (unit, words) in WORDS {
        assert_eq!(Unit::of_word(unit.as_str()), Some(unit));
        assert_eq!(serde_json::to_value(unit).expect("a word"), words[0]);
    }
}

#[test]
fn quantities_become_sale_units_by_the_rules_of_the_catalogue() {
    let wai = product(
        "WAI-75G",
        "Wai Wai veg 75 g, carton of 30",
        &[(Unit::Packet, 1), (Unit::Carton, 30)],
        30,
        "",
    );
    let cumin = product("CUMIN-KG", "Cumin, loose", &[(Unit::Kg, 1)], 1, "");
    let rice = product(
        "RICE-25KG",
        "Jeera rice 25 kg",
        &[(Unit::Sack, 1), (Unit::Quintal, 4)],
        1,
        "",
    );
    let oil = product(
        "OIL-5L",
        "Mustard oil 5 L jar, carton of 4",
        &[(Unit::Jar, 1), (Unit::Carton, 4)],
        4,
        "",
    );
    let small = product(
        "OIL-1L",
        "Mustard oil 1 L, carton of 10",
        &[(Unit::Packet, 1), (Unit::Carton, 10)],
        10,
        "",
    );
    let eggs = product(
        "EGG",
        "Eggs, crate of 30",
        &[(Unit::Piece, 1), (Unit::Crate, 30)],
        30,
        "",
    );
    let biscuit = product(
        "PARLE",
        "Parle-G 50 g",
        &[(Unit::Packet, 1), (Unit::Dozen, 12)],
        12,
        "",
    );
    for (product, number, word, expected) in [
        // default units (rule 4)
        (&wai, "3", "", "3 carton = 90"),
        (&cumin, "2", "", "2 kg = 2"),
        (&eggs, "1", "", "1 crate = 30"),
        // stated units
        (&wai, "10", "packet", "10 packet = 10"),
        (&wai, "2", "peti", "2 carton = 60"),
        (&rice, "1", "quintal", "1 quintal = 4"),
        // a counter is one each (packets here, pieces there)
        (&wai, "5", "wota", "5 packet = 5"),
        (&eggs, "7", "ota", "7 piece = 7"),
        (&cumin, "2", "pcs", "2 kg = 2"),
        // fractions (rule 8): whole in sale units, or loose
        (&wai, "0.5", "carton", "0.5 carton = 15"),
        (&wai, "2.5", "carton", "2.5 carton = 75"),
        (&wai, "0.5", "packet", "FractionNotSold"),
        (&wai, "0.01", "carton", "FractionNotSold"),
        (&rice, "0.5", "sack", "FractionNotSold"),
        (&rice, "0.5", "quintal", "0.5 quintal = 2"),
        (&cumin, "0.125", "kg", "0.125 kg = 0.125"),
        (&eggs, "0.5", "crate", "0.5 crate = 15"),
        // grams of loose goods are kilograms
        (&cumin, "500", "gram", "0.5 kg = 0.5"),
        (&cumin, "1.5", "gram", "FractionNotSold"),
        (&wai, "75", "gram", "UnitNotSold"),
        // dozen, pair and quintal only where listed (rule 9)
        (&biscuit, "1", "darjan", "1 dozen = 12"),
        (&wai, "1", "darjan", "UnitNotSold"),
        (&cumin, "1", "quintal", "UnitNotSold"),
        // a size of 5 kg or more names the pack (rule 7), a smaller one is no count
        (&oil, "5", "litre", "1 jar = 1"),
        (&oil, "10", "litre", "UnitNotSold"),
        (&oil, "5", "kg", "UnitNotSold"),
        (&rice, "25", "kg", "1 sack = 1"),
        (&rice, "50", "kg", "UnitNotSold"),
        (&small, "1", "litre", "UnitNotSold"),
        (&small, "1000", "ml", "UnitNotSold"),
        (&oil, "5000", "ml", "1 jar = 1"),
        // crate and carton differ; pau and nonsense are never sold
        (&wai, "1", "crate", "UnitNotSold"),
        (&cumin, "2", "pau", "UnitNotSold"),
        (&cumin, "2", "bucket", "no unit"),
    ] {
        assert_eq!(
            told(product, number, word),
            expected,
            "{} {number} {word}",
            product.sku
        );
    }
}
