use super::*;
use serde_json::Value;

#[test]
fn numbers_are_read_as_libphonenumber_reads_them() {
    let vectors: Value = serde_json::from_str(include_str!("../fixtures/np_phones.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 38);
    let mut wrong = Vec::new();
    for case in cases {
        let input = case["input"].as_str().unwrap();
        let got = Phone::parse(input).map(|phone| phone.to_string());
        let expected = case["e164"].as_str().filter(|_| case["valid"] == true);
        if got.as_deref().ok() != expected {
            wrong.push((input, got, expected));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_number_has_at_most_fifteen_digits() {
    assert_eq!(Phone::parse("+49083600764697179"), Err(Error::NotValid));
    assert!(Phone::parse("+4915112345678").is_ok());
}

/// The library reads these, and not what it writes of them.
#[test]
fn a_number_is_read_as_itself_again() {
    for text in ["+8000000299444", "+39000299444", "+3900012345678"] {
        assert_eq!(Phone::parse(text), Err(Error::NotValid), "{text}");
    }
    for text in ["+80012345678", "+4915112345678", "9841234567"] {
        let phone = Phone::parse(text).unwrap();
        assert_eq!(Phone::parse(phone.as_str()).as_ref(), Ok(&phone), "{text}");
    }
}

#[test]
fn people_write_more_ways_than_that() {
    let expected = Phone::parse("+9779841234567").unwrap();
    for text in [
        "  whatsapp:+977 9841234567 ",
        "WhatsApp:9841234567",
        "००९७७९८४१२३४५६७",
        "०९८४१२३४५६७",
        "00977-984-1234567",
        "+977 (0) 9841234567",
    ] {
        assert_eq!(Phone::parse(text).as_ref(), Ok(&expected), "{text}");
    }
    for text in [
        "whatsapp:",
        "+",
        "00",
        "9841234567; drop table",
        "९".repeat(500).as_str(),
        "+97798412३४५६७८९०१२",
    ] {
        assert!(Phone::parse(text).is_err(), "{text}");
    }
}

#[test]
fn reading_its_own_text_changes_nothing() {
    for text in ["9841234567", "01-4412345", "16600112345", "+919841234567"] {
        let phone = Phone::parse(text).unwrap();
        assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
        let json = serde_json::to_string(&phone).unwrap();
        assert_eq!(json, format!("\"{phone}\""));
        assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone);
    }
}

#[test]
fn logs_see_masks() {
    let phone = Phone::parse("9841234567").unwrap();
    assert_eq!(phone.masked(), "+97798****567");
    assert_eq!(format!("{phone:?}"), "+97798****567");
    assert_eq!(mask("whatsapp:+9779841234567"), "+97798****567");
    assert_eq!(mask("9841234567"), "****");
    assert_eq!(mask("चामल"), "****");
    assert_eq!(mask(""), "****");
}
