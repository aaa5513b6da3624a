use super::*;

fn number() -> String {
    crate::domain::number::order_number(42, crate::domain::fixtures::now())
}

#[test]
fn commands_of_shops() {
    use Command as C;
    let number = number();
    let some = Some;
    for (text, command) in [
        (" Confirm! ".to_owned(), C::Confirm),
        ("huncha".to_owned(), C::Confirm),
        ("cancel".to_owned(), C::Cancel(None, String::new())),
        (
            "cancel my order please".to_owned(),
            C::Cancel(None, String::new()),
        ),
        (
            format!("CANCEL {number} too late"),
            C::Cancel(Some(number.clone()), "too late".into()),
        ),
        (
            "cancel ORD2611000420".to_owned(),
            C::BadNumber("ORD2611000420".into()),
        ),
        (format!("status {number}"), C::Status(Some(number.clone()))),
        ("order status".to_owned(), C::Status(None)),
        ("orders".to_owned(), C::Status(None)),
        ("show my orders".to_owned(), C::Status(None)),
        (number.clone(), C::Status(Some(number.clone()))),
        ("BALANCE?".to_owned(), C::Balance),
        ("help".to_owned(), C::Help),
        ("namaste dai".to_owned(), C::Greeting),
        ("thank you very much".to_owned(), C::Thanks),
        (format!("complete {number}"), C::Complete(Some(number.clone()))),
        ("received".to_owned(), C::Complete(None)),
        ("change please".to_owned(), C::Change),
    ] {
        assert_eq!(shop(&text), some(command), "{text}");
    }
}

/// Whatever has another word may mean another thing, and is for the reader of sentences.
#[test]
fn commands_stand_alone() {
    for text in [
        "",
        "kasto cha",
        "order 2 bora chini",
        "orders 2 bora chini",
        "hello 2 bora chini",
        "hello chini pathau",
        "thank you 2 bora chini",
        "cancel 1 bora chini",
        "cancel 000427",
        "order 000427 kaha pugyo?",
        "received nothing",
        "paye chaina",
        "delivered?",
        "what is my balance",
        "balance sheet",
        "2",
        "yes but 3 sacks",
        "yes but tomorrow",
        "ok wait",
        "ok?",
        "confirm what",
        "yes or no",
        "ok you",
        "confirm 2 bora chini",
        "no sugar",
        "no you",
        "no 1",
    ] {
        assert_eq!(shop(text), None, "{text}");
    }
    assert!(begins_with_cancel("Cancel 1 bora chini") && !begins_with_cancel("chini cancel"));
}

#[test]
fn politeness_changes_nothing() {
    use Command as C;
    for text in [
        "yes please",
        "Confirm, please",
        "ok confirm",
        "ok hajur",
        "yes, thank you very much",
        "huncha dai",
    ] {
        assert_eq!(shop(text), Some(C::Confirm), "{text}");
    }
    for text in ["ok thanks", "okay, thank you"] {
        assert_eq!(shop(text), Some(C::Thanks), "{text} may close the talk");
    }
    for text in ["no thanks", "no thank you", "cancel please"] {
        assert_eq!(shop(text), Some(C::Cancel(None, String::new())), "{text}");
    }
}

#[test]
fn commands_of_vendors() {
    use VendorIntent as V;
    let number = number();
    assert_eq!(
        vendor(&format!("ACCEPT {number}")),
        V::Do(VendorVerb::Accept, Some(number.clone()))
    );
    assert_eq!(vendor("accept"), V::Do(VendorVerb::Accept, None));
    let declined = V::Do(VendorVerb::Decline("no stock today".into()), Some(number.clone()));
    assert_eq!(
        vendor(&format!("decline {} no stock today", number.to_lowercase())),
        declined
    );
    assert_eq!(
        vendor(&format!("dispatched {number}")),
        V::Do(VendorVerb::Dispatch, Some(number))
    );
    assert_eq!(vendor("orders"), V::Orders);
    assert_eq!(vendor("accept 1234567"), V::BadNumber("1234567".into()));
    for text in [
        "deliver tomorrow",
        "out of stock",
        "no problem",
        "ok but tomorrow",
        "sent you a photo",
    ] {
        assert_eq!(vendor(text), V::Unclear, "{text}");
    }
    let declined = V::Do(VendorVerb::Decline("no stock".into()), None);
    assert_eq!(vendor("decline no stock"), declined);
}

#[test]
fn taps_name_what_they_belong_to() {
    let (quote, asked) = (QuoteId::derive(&["q"]), InboundId::derive(&["i"]));
    let read = |text: String| tap(&text).map(|tap| (tap.about, tap.button));
    let about = |button| Some((quote.to_string(), button));
    assert_eq!(read(format!("CONFIRM {quote}")), about(Button::Confirm));
    assert_eq!(read(format!("change {quote}")), about(Button::Change));
    assert_eq!(read(format!("CANCEL {quote}")), about(Button::Cancel));
    assert_eq!(
        read(format!("OPTION {asked} 2")),
        Some((asked.to_string(), Button::Option(2)))
    );
    for text in [
        "CONFIRM".to_owned(),
        "2".to_owned(),
        "CONFIRM quo_1".to_owned(),
        format!("CONFIRM {asked}"),
        format!("STATUS {quote}"),
        format!("OPTION {quote} 2"),
        format!("OPTION {asked} two"),
        "CANCEL ORD2611000427".to_owned(),
    ] {
        assert_eq!(tap(&text), None, "{text}");
    }
}

#[test]
fn options_in_words() {
    for (text, n) in [
        ("#1", 1),
        ("1.", 1),
        ("option 1", 1),
        ("2 please", 2),
        ("number 3", 3),
        ("first one", 1),
        ("the second", 2),
        ("3rd one please", 3),
        ("option २", 2),
    ] {
        assert_eq!(option(text), Some(n), "{text}");
    }
    for text in ["option 21", "2 one", "first sugar", "one more"] {
        assert_eq!(option(text), None, "{text}");
    }
    assert!(skips("SKIP") && skips("skip please") && !skips("skip the sugar") && !skips(""));
    assert!(counts("2 bora") && counts("dui bora") && !counts("deuti wala"));
}
