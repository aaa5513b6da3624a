use super::*;
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../fixtures/npr_format.json")).unwrap()
}

#[test]
fn amounts_are_written_as_in_nepal() {
    let vectors = vectors();
    let cases = vectors["format"].as_array().unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let amount = Paisa::new(case["paisa"].as_i64().unwrap());
        assert_eq!(amount.latin(), case["latin"].as_str().unwrap());
        assert_eq!(amount.to_string(), case["no_decimals_if_whole"].as_str().unwrap());
        assert_eq!(amount.devanagari(), case["devanagari"].as_str().unwrap());
    }
    assert_eq!(Paisa::new(i64::MIN).latin(), "-Rs 92,23,37,20,36,85,47,758.08");
}

#[test]
fn vat_is_rounded_half_up_to_the_paisa() {
    let vectors = vectors();
    for case in vectors["vat_exclusive"].as_array().unwrap() {
        let taxable = Paisa::new(case["taxable_paisa"].as_i64().unwrap());
        let vat = taxable.share_bp(1300).unwrap();
        assert_eq!(
            vat.paisa(),
            case["vat_paisa_half_up"].as_i64().unwrap(),
            "{taxable}"
        );
        assert_eq!(
            taxable.checked_add(vat).unwrap().paisa(),
            case["total_paisa"].as_i64().unwrap()
        );
    }
}

#[test]
fn a_reversal_is_the_exact_negative() {
    for paisa in 0..2000 {
        let (plus, minus) = (Paisa::new(paisa), Paisa::new(-paisa));
        assert_eq!(
            plus.share_bp(1300).unwrap(),
            minus.share_bp(1300).unwrap().checked_neg().unwrap()
        );
        let half = Quantity::from_milli(500);
        assert_eq!(
            plus.times(half).unwrap(),
            minus.times(half).unwrap().checked_neg().unwrap()
        );
    }
}

#[test]
fn price_times_quantity() {
    let price = Paisa::new(52_501);
    assert_eq!(price.times(Quantity::from_units(2)), Ok(Paisa::new(105_002)));
    assert_eq!(price.times("0.5".parse().unwrap()), Ok(Paisa::new(26_251)));
    assert_eq!(price.times(Quantity::ZERO), Ok(Paisa::ZERO));
    assert_eq!(Paisa::new(1).times(Quantity::from_milli(499)), Ok(Paisa::ZERO));
}

#[test]
fn nothing_wraps() {
    let (max, one) = (Paisa::new(i64::MAX), Paisa::new(1));
    assert_eq!(max.checked_add(one), Err(Overflow));
    assert_eq!(Paisa::new(i64::MIN).checked_sub(one), Err(Overflow));
    assert_eq!(Paisa::new(i64::MIN).checked_neg(), Err(Overflow));
    assert_eq!(max.times(Quantity::from_units(2)), Err(Overflow));
    assert_eq!(max.times(Quantity::from_units(1)), Ok(max));
    assert_eq!(max.share_bp(20_000), Err(Overflow));
    assert_eq!(Paisa::sum([max, one]), Err(Overflow));
    assert_eq!(Paisa::sum([max, one, Paisa::new(-1)]), Ok(max));
    assert_eq!(Paisa::sum([]), Ok(Paisa::ZERO));
    assert_eq!(Quantity::from_units(i64::MAX).times(2), Err(Overflow));
    assert_eq!(
        Quantity::from_units(i64::MAX).checked_add(Quantity::from_milli(1)),
        Err(Overflow)
    );
}

#[test]
fn quantities_read_what_they_write() {
    for (text, milli) in [
        ("0", 0),
        ("2", 2000),
        ("0.5", 500),
        ("0.125", 125),
        ("-1.25", -1250),
        ("100", 100_000),
    ] {
        let quantity: Quantity = text.parse().unwrap();
        assert_eq!(quantity.milli(), milli);
        assert_eq!(quantity.to_string(), text);
    }
    assert_eq!("2.50".parse(), Ok(Quantity::from_milli(2500)));
    for bad in [
        "",
        "-",
        ".5",
        "1.",
        "1.2345",
        "1,5",
        "+1",
        " 1",
        "1e3",
        "२",
        "--1",
        "1.-5",
        "99999999999999999999",
    ] {
        assert_eq!(bad.parse::<Quantity>(), Err(NotAQuantity), "{bad}");
    }
    assert!(Quantity::from_units(3).is_whole() && !Quantity::from_milli(1).is_whole());
}

#[test]
fn json_is_a_plain_integer() {
    assert_eq!(
        serde_json::to_string(&(Paisa::new(52_500), Quantity::from_milli(500))).unwrap(),
        "[52500,500]"
    );
    assert_eq!(serde_json::from_str::<Paisa>("-1").unwrap(), Paisa::new(-1));
    assert!(serde_json::from_str::<Paisa>("1.5").is_err());
}
