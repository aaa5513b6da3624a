use super::*;

#[test]
fn text_goes_out_and_comes_back() {
    let id = OrderId::generate();
    let text = id.to_string();
    assert_eq!(text.len(), 4 + 32);
    assert!(text.starts_with("ord_"));
    assert_eq!(text.parse::<OrderId>(), Ok(id));
    assert_eq!(OrderId::from(id.uuid()), id);
    assert_eq!(format!("{id:?}"), text);
}

#[test]
fn json_is_the_text() {
    let id = VendorId::derive(&["x"]);
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, format!("\"{id}\""));
    assert_eq!(serde_json::from_str::<VendorId>(&json).unwrap(), id);
    // from a tree too, where the string is owned
    assert_eq!(
        serde_json::from_value::<VendorId>(serde_json::json!(id)).unwrap(),
        id
    );
    assert!(serde_json::from_str::<OrderId>(&json).is_err());
}

#[test]
fn only_the_canonical_spelling_is_an_id() {
    let good = format!("ord_{}", "0a".repeat(16));
    assert!(good.parse::<OrderId>().is_ok());
    for bad in [
        String::new(),
        "ord_".to_owned(),
        good.to_uppercase(),
        format!("ord_{}", "0A".repeat(16)),
        good.replace("ord_", "hld_"),
        format!("{good}0"),
        good[..good.len() - 1].to_owned(),
        format!(" {good}"),
        "ord_0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a".to_owned(),
        format!("ord_{}", "zz".repeat(16)),
    ] {
        let error = bad.parse::<OrderId>().unwrap_err();
        assert_eq!(error.expected(), "ord_", "{bad}");
    }
}

#[test]
fn derived_ids_are_the_same_for_the_same_parts_only() {
    assert_eq!(HoldId::derive(&["ord_1", "a"]), HoldId::derive(&["ord_1", "a"]));
    let all = [
        HoldId::derive(&[]),
        HoldId::derive(&[""]),
        HoldId::derive(&["", ""]),
        HoldId::derive(&["ab", "c"]),
        HoldId::derive(&["a", "bc"]),
        HoldId::derive(&["abc"]),
        HoldId::derive(&["a\0bc"]),
        HoldId::derive(&["a", "b", "c"]),
    ];
    let unique: std::collections::BTreeSet<_> = all.into_iter().collect();
    assert_eq!(unique.len(), all.len());
    assert_ne!(
        HoldId::derive(&["a"]).uuid(),
        ReservationId::derive(&["a"]).uuid()
    );
}

#[test]
fn derived_ids_never_change_between_releases() {
    // rows of old releases hold these: a change here would let a retry act twice
    let id = OrderId::derive(&["twilio", "SM0123"]);
    assert_eq!(id.uuid().get_version_num(), 5);
    assert_eq!(id.to_string(), "ord_c317224eb2745367822db9d1e7894280");
}

#[test]
fn generated_ids_sort_by_age() {
    let ids: Vec<_> = (0..100).map(|_| JobId::generate()).collect();
    assert!(ids.is_sorted());
    assert_eq!(ids[0].uuid().get_version_num(), 7);
}
