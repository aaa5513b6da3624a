use super::*;
use std::time::Duration;

fn strings() -> Strings {
    Strings::from_pairs([
        ("PORT", " 8080 "),
        ("DB_POOL_MAX", "900"),
        ("ENABLE_BACKGROUND_JOBS", "Yes"),
        ("LOG_LEVEL", "loud"),
        ("JWT_SECRET", "hunter2"),
        ("REDIS_URL", "  "),
        ("CORS_ORIGINS", "https://a.example, ,https://b.example"),
    ])
}

#[test]
fn values_are_read_and_defaults_fill_in() {
    let strings = strings();
    let mut r = Reader::new(&strings);
    assert_eq!(r.number("PORT", 3000_u16, 1..=65535, "port"), 8080);
    assert!(r.flag("ENABLE_BACKGROUND_JOBS", false, "jobs"));
    assert!(r.flag("MISSING", true, "flag"));
    assert_eq!(
        r.optional("REDIS_URL", "redis"),
        None,
        "an empty value counts as absent"
    );
    assert_eq!(r.text("NODE_ENV", "development", "environment"), "development");
    assert_eq!(
        r.list("CORS_ORIGINS", form::ORIGIN, "origins"),
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(
        r.seconds("SHUTDOWN_SECONDS", 25, 1..=300, "drain"),
        Duration::from_secs(25)
    );
    assert_eq!(r.choice("MODE", "a", &["a", "b"], "mode"), "a");
    assert_eq!(
        r.secret("JWT_SECRET", "key").map(|s| s.expose().to_owned()),
        Some("hunter2".to_owned())
    );
    assert_eq!(r.finish(), Ok(()));
}

#[test]
fn every_mistake_is_listed_at_once() {
    let strings = strings();
    let mut r = Reader::new(&strings);
    assert_eq!(
        r.number("DB_POOL_MAX", 8, 1..=64, "pool"),
        8,
        "the default stands in"
    );
    assert_eq!(r.choice("LOG_LEVEL", "info", &["info", "debug"], "level"), "info");
    r.required("DATABASE_URL", "the address of the database");
    r.secret("JWT_SECRET", "key");
    r.reject("JWT_SECRET", "only 7 characters", "at least 32 characters");
    let error = r.finish().unwrap_err();
    assert_eq!(
        error.to_string(),
        "4 settings are wrong\
         \n  DB_POOL_MAX: \"900\" is not possible, expected a number from 1 to 64\
         \n  LOG_LEVEL: \"loud\" is not possible, expected one of info, debug\
         \n  DATABASE_URL: not set, expected the address of the database\
         \n  JWT_SECRET: only 7 characters, expected at least 32 characters"
    );
    assert!(!format!("{error}{error:?}").contains("hunter2"));
    assert_eq!(r.finish(), Ok(()));
}

#[test]
fn secrets_are_never_printed() {
    let strings = strings();
    let mut r = Reader::new(&strings);
    let secret = r.required_secret("JWT_SECRET", "key");
    r.text("JWT_SECRET", "", "read again, carelessly");
    let all = format!("{secret} {secret:?} {:?} {strings:?} {r:?}", r.settings());
    assert!(!all.contains("hunter2"), "{all}");
    assert!(all.contains("[REDACTED]"));
}

#[test]
fn what_was_read_is_known_with_its_documentation() {
    let strings = strings();
    let mut r = Reader::new(&strings);
    r.number("PORT", 3000_u16, 1..=65535, "port of the HTTP listener");
    r.number("DB_POOL_MAX", 8, 1..=64, "connections per service pool");
    r.number("PORT", 1_u16, 1..=65535, "asked again");
    r.secret("STRIPE_KEY", "none");
    let settings = r.settings();
    let rows: Vec<_> = settings
        .iter()
        .map(|s| (s.name, &*s.default, &*s.value_for_display, s.secret, s.given))
        .collect();
    assert_eq!(
        rows,
        [
            ("PORT", "3000", "8080", false, true),
            ("DB_POOL_MAX", "8", "8", false, false),
            ("STRIPE_KEY", "", "", true, false),
        ]
    );
    assert_eq!(settings[0].doc, "port of the HTTP listener");
}

#[test]
fn the_environment_of_the_process_is_a_snapshot() {
    let strings = Strings::from_env();
    assert!(strings.get("PATH").is_some());
    assert_eq!(strings.with("PATH", "/bin").get("PATH"), Some("/bin"));
}

#[test]
fn a_text_of_another_form_is_a_mistake_and_is_not_shown() {
    let strings = Strings::from_pairs([
        ("API_URL", "hunter2"),
        ("BASE_URL", "https://me:hunter2@host/x"),
        ("DATABASE_URL", "hunter2"),
        ("PHONE", "abc"),
        ("HOST", " ::1 "),
        ("ORIGINS", "https://me:hunter2@host, https://host"),
    ]);
    let mut r = Reader::new(&strings);
    let default = "https://api.example";
    assert_eq!(r.shaped("API_URL", default, form::HTTP_URL, "api"), default);
    let base = r.optional_shaped("BASE_URL", form::HTTP_URL, "base");
    assert_eq!(base.as_deref(), Some("https://me:hunter2@host/x"));
    assert_eq!(r.secret_shaped("DATABASE_URL", form::HTTP_URL, "database"), None);
    assert_eq!(r.optional_shaped("PHONE", form::PHONE, "phone"), None);
    assert_eq!(r.shaped("HOST", "0.0.0.0", form::HOST, "host"), "::1");
    assert_eq!(r.optional_shaped("ABSENT", form::PHONE, "absent"), None);
    assert_eq!(r.list("ORIGINS", form::ORIGIN, "origins"), ["https://host"]);
    for name in ["API_URL", "BASE_URL", "ABSENT"] {
        r.demand(name, "not set", "a value");
    }
    let error = r.finish().unwrap_err();
    let names: Vec<&str> = error.mistakes().iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["API_URL", "DATABASE_URL", "PHONE", "ORIGINS", "ABSENT"]);
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let shown = format!("{:?}", r.settings());
    assert!(
        shown.contains("https://[REDACTED]@host/x") && !shown.contains("hunter2"),
        "{shown}"
    );
}
