use super::*;

#[test]
fn intents_of_shops() {
    use ShopIntent as I;
    let number = crate::domain::number::order_number(42, crate::domain::fixtures::now());
    assert_eq!(shop(" Confirm! "), I::Confirm);
    assert_eq!(shop("huncha"), I::Confirm);
    assert_eq!(shop("cancel"), I::Cancel(None, String::new()));
    assert_eq!(
        shop(&format!("CANCEL {number} too late")),
        I::Cancel(Some(number.clone()), "too late".into())
    );
    assert_eq!(shop("cancel ORD2611000420"), I::BadNumber("ORD2611000420".into()));
    assert_eq!(shop(&format!("status {number}")), I::Status(Some(number.clone())));
    assert_eq!(shop("order status"), I::Status(None));
    assert_eq!(shop(&number), I::Status(Some(number.clone())));
    assert_eq!(shop("BALANCE?"), I::Balance);
    assert_eq!(shop("help"), I::Help);
    assert_eq!(shop("namaste dai"), I::Greeting);
    assert_eq!(shop("thank you"), I::Thanks);
    assert_eq!(shop("2"), I::Option(2));
    assert_eq!(shop(&format!("complete {number}")), I::Complete(Some(number)));
    assert_eq!(shop("skip"), I::Skip);
    for text in [
        "order 2 bora chini",
        "hello 2 bora chini",
        "namaste chini pathau",
        "baki 2 bora chini pathau",
        "kasto cha",
        "",
    ] {
        assert_eq!(shop(text), I::Sentence, "{text}");
    }
}

#[test]
fn intents_of_vendors() {
    use VendorIntent as V;
    let number = crate::domain::number::order_number(42, crate::domain::fixtures::now());
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
}

#[test]
fn loose_words_move_nothing() {
    use VendorIntent as V;
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
    for text in ["received nothing", "paye chaina", "delivered?"] {
        assert_eq!(shop(text), ShopIntent::Sentence, "{text}");
    }
    assert_eq!(shop("cancel 1 bora chini"), ShopIntent::Sentence);
    assert_eq!(
        shop("cancel my order please"),
        ShopIntent::Cancel(None, String::new())
    );
}

#[test]
fn taps_name_what_they_belong_to() {
    let (quote, asked) = (QuoteId::derive(&["q"]), InboundId::derive(&["i"]));
    let read = |text: String| tap(&text).map(|tap| (tap.about, tap.intent));
    let about = |intent| Some((quote.to_string(), intent));
    assert_eq!(read(format!("CONFIRM {quote}")), about(ShopIntent::Confirm));
    assert_eq!(read(format!("change {quote}")), about(ShopIntent::Change));
    let dropped = ShopIntent::Cancel(None, String::new());
    assert_eq!(read(format!("CANCEL {quote}")), about(dropped));
    assert_eq!(
        read(format!("OPTION {asked} 2")),
        Some((asked.to_string(), ShopIntent::Option(2)))
    );
    // of a vendor's update
    assert_eq!(
        read(format!("CONFIRM {asked}")),
        Some((asked.to_string(), ShopIntent::Confirm))
    );
    for text in [
        "CONFIRM".to_owned(),
        "2".to_owned(),
        "CONFIRM quo_1".to_owned(),
        format!("CHANGE {asked}"),
        format!("STATUS {quote}"),
        format!("OPTION {quote} 2"),
        format!("OPTION {asked} two"),
        "CANCEL ORD2611000429".to_owned(),
    ] {
        assert_eq!(tap(&text), None, "{text}");
    }
}

#[test]
fn politeness_confirms_and_any_other_word_does_not() {
    use ShopIntent as I;
    for text in [
        "yes please",
        "Confirm, please",
        "ok confirm",
        "ok hajur",
        "yes, thank you very much",
        "huncha dai",
    ] {
        assert_eq!(shop(text), I::Confirm, "{text}");
    }
    for text in ["ok thanks", "okay, thank you"] {
        assert_eq!(shop(text), I::Thanks, "{text} may close the talk");
    }
    for text in [
        "yes but 3 sacks",
        "yes but tomorrow",
        "ok wait",
        "ok?",
        "confirm what",
        "yes or no",
        "ok you",
        "confirm 2 bora chini",
    ] {
        assert!(!matches!(shop(text), I::Confirm | I::Cancel(..)), "{text}");
    }
    for text in ["no thanks", "no thank you", "cancel please"] {
        assert_eq!(shop(text), I::Cancel(None, String::new()), "{text}");
    }
    for text in ["no sugar", "no you", "no 1"] {
        assert!(!matches!(shop(text), I::Cancel(..)), "{text}");
    }
}

#[test]
fn plain_questions_and_greetings() {
    use ShopIntent as I;
    let number = crate::domain::number::order_number(42, crate::domain::fixtures::now());
    for text in [
        "what is my balance",
        "How much credit do I have left?",
        "whats my balance please",
        "how much do i owe",
    ] {
        assert_eq!(shop(text), I::Balance, "{text}");
    }
    for text in [
        "where is my order",
        "When will my order come?",
        "show my orders",
        "what is the status of my order",
        "my orders",
        "orders please",
    ] {
        assert_eq!(shop(text), I::Status(None), "{text}");
    }
    for text in [
        format!("where is my order {number}?"),
        format!("when will {number} come"),
    ] {
        assert_eq!(shop(&text), I::Status(Some(number.clone())), "{text}");
    }
    assert_eq!(
        shop("where is ORD2611000420"),
        I::BadNumber("ORD2611000420".into())
    );
    assert_eq!(shop("how do i order"), I::Help);
    for text in ["good morning", "Good evening sir!"] {
        assert_eq!(shop(text), I::Greeting, "{text}");
    }
    for text in ["what is the weather", "where is my sugar", "when do you open"] {
        assert_eq!(shop(text), I::Sentence, "{text}");
    }
    for text in [
        "good morning 2 bora chini",
        "my order is 2 bora chini",
        "orders of the last 5 days",
        "orders 2 bora jeera masino",
    ] {
        assert_eq!(shop(text), I::Sentence, "{text}");
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
        ("option २", 2),
    ] {
        assert_eq!(shop(text), ShopIntent::Option(n), "{text}");
    }
    for (text, n) in [("first one", 1), ("the second", 2), ("3rd one please", 3)] {
        assert_eq!(shop(text), ShopIntent::Ordinal(n), "{text}");
    }
    for text in ["option 21", "2 one", "first sugar", "one more"] {
        assert!(!matches!(shop(text), ShopIntent::Option(_)), "{text}");
    }
}

#[test]
fn a_word_with_an_order_number_acts_only_when_nothing_else_is_said() {
    let order = crate::domain::number::order_number(42, crate::domain::fixtures::now());
    let number = || Some(order.clone());
    let done = |text: &str| shop(&text.replace('#', &order));
    assert_eq!(done("received #"), ShopIntent::Complete(number()));
    assert_eq!(done("received # thank you"), ShopIntent::Complete(number()));
    assert_eq!(done("received # but 2 are broken"), ShopIntent::Sentence);
    assert_eq!(done("delivered #?"), ShopIntent::Sentence);
    assert_eq!(
        done("cancel # too late"),
        ShopIntent::Cancel(number(), "too late".into())
    );
    assert_eq!(
        done("cancel # call 9841234567"),
        ShopIntent::Cancel(number(), "call 9841234567".into())
    );
    for text in ["cancel # nagarnus", "cancel # ?", "can I cancel #?", "cancel # #"] {
        assert_eq!(done(text), ShopIntent::Sentence, "{text}");
    }
    let vendor = |text: &str| vendor(&text.replace('#', &order));
    assert_eq!(
        vendor("accept # please"),
        VendorIntent::Do(VendorVerb::Accept, number())
    );
    assert_eq!(
        vendor("decline # no stock"),
        VendorIntent::Do(VendorVerb::Decline("no stock".into()), number())
    );
    for text in [
        "accept # but only 5 bora",
        "accept #?",
        "dispatch # tomorrow",
        "delivered # not yet",
        "decline # #",
    ] {
        assert_eq!(vendor(text), VendorIntent::Unclear, "{text}");
    }
}
