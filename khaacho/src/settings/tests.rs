use super::*;
use crate::roles::{ALL, SERVICES};

fn told(pairs: &[(&str, &str)], roles: &[Role], purpose: Purpose) -> Result<(), Vec<String>> {
    let strings = Strings::from_pairs(pairs.iter().copied());
    let (settings, read) = Settings::read(&strings, &roles.iter().copied().collect(), purpose);
    let shown = format!("{read:?} {:?}", settings.as_ref().err());
    assert!(!shown.contains("hunter2"), "a secret is shown: {shown}");
    settings.map(|_| ()).map_err(|error| {
        let names = error.mistakes().iter().map(|mistake| mistake.name.clone());
        names.collect()
    })
}

#[test]
fn every_mistake_is_told_at_once() {
    let wrong = [
        ("PORT", "many"),
        ("DB_POOL_MAX", "1000"),
        ("ENVIRONMENT", "moon"),
        ("DATABASE_URL", "bar:hunter2"),
        ("DATABASE_DIRECT_URL", "mysql://me:hunter2@host/x"),
        ("REDIS_URL", "foo:hunter2"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "xx"),
        ("LOG_LEVEL", "[[["),
        ("HOST", "not a host"),
        ("KHAACHO_MESH_SECRET", "hunter2"),
        ("KHAACHO_ORDER_ADDRESS", "order"),
        ("KHAACHO_CREDIT_ADDRESS", "not a host:80"),
        ("KHAACHO_INVENTORY_ADDRESS", ":50051"),
        ("KHAACHO_NOTIFICATION_ADDRESS", "http://notification:50051"),
        ("KHAACHO_ORDER_OPERATOR_PHONE", "abc"),
        ("SUPPORT_PHONE", "abc"),
        ("TWILIO_WHATSAPP_NUMBER", "abc"),
        ("TWILIO_API_URL", "foo"),
        ("WHATSAPP_API_URL", "foo"),
        ("PUBLIC_BASE_URL", "foo"),
        ("RENDER_EXTERNAL_URL", "foo"),
        (
            "CORS_ORIGINS",
            "https://shop.example,https://me:hunter2@shop.example",
        ),
    ];
    for purpose in [Purpose::Alone, Purpose::Serve, Purpose::Look] {
        let names = told(&wrong, &ALL, purpose).expect_err("all are wrong");
        for (name, _) in wrong {
            let times = names.iter().filter(|told| *told == name).count();
            assert_eq!(times, 1, "{name} in {names:?}");
        }
        assert_eq!(names.len(), wrong.len(), "{names:?}");
    }
}

#[test]
fn a_number_that_nobody_can_have_is_a_mistake() {
    let phone = |text| told(&[("KHAACHO_ORDER_OPERATOR_PHONE", text)], &ALL, Purpose::Alone);
    assert_eq!(phone("+9779841234567"), Ok(()));
    assert_eq!(
        phone("+9771234567"),
        Err(vec!["KHAACHO_ORDER_OPERATOR_PHONE".to_owned()])
    );
}

#[test]
fn the_defaults_are_valid() {
    let (settings, read) = Settings::read(
        &Strings::from_pairs::<String, String>([]),
        &ALL.into(),
        Purpose::Look,
    );
    assert!(settings.is_ok());
    assert!(read.iter().all(|s| !s.doc.is_empty()));
}

const NEEDED: [&str; 2] = ["DATABASE_URL", "KHAACHO_MESH_SECRET"];
/// With these nothing but what a mesh needs is missing in production.
const META: [(&str, &str); 3] = [
    ("ENVIRONMENT", "production"),
    ("WHATSAPP_PHONE_NUMBER_ID", "106"),
    ("WHATSAPP_ACCESS_TOKEN", "EAAG"),
];

#[test]
fn production_is_a_mesh_and_says_all_that_it_lacks() {
    let missing = Err(NEEDED.map(str::to_owned).to_vec());
    assert_eq!(told(&META, &ALL, Purpose::Look), missing);
    assert_eq!(told(&META, &ALL, Purpose::Serve), missing);
    assert_eq!(told(&META, &ALL, Purpose::Alone), Ok(()));
    let with_more = [&META[..], &[("PORT", "many")]].concat();
    let names = told(&with_more, &ALL, Purpose::Look).expect_err("three mistakes");
    assert_eq!(names, ["PORT", NEEDED[0], NEEDED[1]]);
    let complete = [
        ("DATABASE_URL", "postgres://khaacho:hunter2@db:5432/khaacho"),
        ("KHAACHO_MESH_SECRET", "hunter2-0123456789-0123456789-01"),
    ];
    assert_eq!(
        told(&[&META[..], &complete].concat(), &ALL, Purpose::Look),
        Ok(())
    );
}

#[test]
fn a_part_of_a_mesh_knows_where_the_services_are_that_it_calls() {
    let lacks = |roles: &[Role], purpose| match told(&[], roles, purpose) {
        Ok(()) => Vec::new(),
        Err(names) => names
            .into_iter()
            .filter(|name| name.ends_with("_ADDRESS"))
            .collect(),
    };
    let all = ADDRESSES.map(|(_, name)| name);
    assert_eq!(lacks(&[Role::Gateway], Purpose::Serve), all);
    assert_eq!(lacks(&[Role::Order], Purpose::Serve), all[1..]);
    assert_eq!(lacks(&[Role::Gateway, Role::Order], Purpose::Serve), all[1..]);
    assert_eq!(lacks(&SERVICES, Purpose::Work), all);
    assert!(lacks(&[Role::Credit], Purpose::Serve).is_empty());
    assert!(lacks(&ALL, Purpose::Serve).is_empty());
    assert_eq!(ADDRESSES.map(|(role, _)| role), SERVICES);
}
