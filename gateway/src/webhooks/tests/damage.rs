use super::*;

#[test]
fn no_damage_to_a_body_breaks_the_readers() {
    let forms = ["inbound_button_reply", "inbound_location", "status_failed_63016"];
    let forms = forms.map(|name| fixtures::bytes(&format!("twilio_payloads/{name}.txt")));
    let batches = [
        "batch_two_entries_messages_and_statuses",
        "order_catalog",
        "text_devanagari",
    ];
    let batches = batches.map(|name| fixtures::bytes(&format!("meta_payloads/{name}.json")));
    let bodies = [forms, batches].concat();
    for seed in 0..3000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut body = random.choice(&bodies).expect("there are some").clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..body.len());
            match random.u8(..4) {
                0 => body[at] = random.u8(..),
                1 => body.truncate(at.max(1)),
                2 => body.insert(at, *random.choice(br#"{}[]",:\\u%&=+0"#).expect("not empty")),
                _ => drop(body.remove(at)),
            }
            if body.is_empty() {
                body.push(b'{');
            }
        }
        // Each reader gets the other one's bodies too.
        let _ = twilio::parse(&body);
        assert!(
            meta::parse(&body).is_ok_and(|events| !events.is_empty())
                || scrub::json(&body).map_or(true, |json| !json.is_object()),
            "seed {seed}"
        );
        let verdicts = [
            call(&headers(&Value::Null, &[FORM]), &body),
            call(&meta_headers(&body), &body),
        ];
        assert_eq!(
            verdicts[0],
            Err(Rejection::Forbidden("bad_signature")),
            "seed {seed}"
        );
        assert!(verdicts[1].is_ok(), "seed {seed}");
    }
}
