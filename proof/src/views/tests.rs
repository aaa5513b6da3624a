//! Views are written and read again as they were.

use chrono::{DateTime, TimeDelta};

use super::*;

fn tempdir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("kasauti-views-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a temporary directory");
    dir
}

#[test]
fn what_is_saved_is_loaded() {
    let dir = tempdir("saved");
    let views = Views {
        label: "at-7".to_owned(),
        taken_at: Some(DateTime::UNIX_EPOCH + TimeDelta::microseconds(123_456)),
        orders: vec![Order {
            order_id: "ord_1".to_owned(),
            total_paisa: i64::MAX,
            vendor_paisa: None,
            ..Order::default()
        }],
        ..Views::default()
    };
    views.save(&dir).unwrap();
    let read = load(&dir, "at-7").unwrap();
    assert_eq!((read.orders, read.taken_at), (views.orders, views.taken_at));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn null_is_no_text_and_further_columns_are_ignored() {
    let row = serde_json::json!({
        "hold_id": "hld_1", "order_id": null, "retailer": "acc_1", "amount_paisa": 5, "state": "PENDING",
        "reason": "a further column",
    });
    let hold: Hold = serde_json::from_value(row).unwrap();
    assert_eq!((hold.order_id.as_str(), hold.amount_paisa), ("", 5));
    let missing = serde_json::from_str::<Hold>(r#"{"hold_id":"hld_1"}"#);
    assert!(missing.is_err(), "a column that is missing is not an empty one");
}

#[test]
fn the_databases_times_are_read() {
    let row =
        r#"{"payment_id":"p","invoice_id":"i","amount_paisa":1,"at":"2026-11-22T09:59:48.123456+00:00"}"#;
    assert_eq!(serde_json::from_str::<Allocation>(row).unwrap().amount_paisa, 1);
    let at: DateTime<Utc> = serde_json::from_str(r#""2026-11-22T15:44:48.123456+05:45""#).unwrap();
    assert_eq!(at.to_rfc3339(), "2026-11-22T09:59:48.123456+00:00");
}

#[test]
fn snapshots_come_in_the_order_in_which_they_were_taken() {
    let dir = tempdir("labels");
    for label in ["final", "at-10", "at-9", "start", ".at-11.part"] {
        std::fs::create_dir_all(place(&dir, label)).unwrap();
    }
    assert_eq!(labels(&dir).unwrap(), ["start", "at-9", "at-10", "final"]);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_missing_view_is_an_error_that_names_it() {
    let dir = tempdir("missing");
    Views {
        label: "final".to_owned(),
        ..Views::default()
    }
    .save(&dir)
    .unwrap();
    std::fs::remove_file(place(&dir, "final").join("hold.jsonl")).unwrap();
    let error = load(&dir, "final").expect_err("a view is missing");
    assert!(format!("{error:#}").contains("hold.jsonl"), "{error:#}");
    std::fs::remove_dir_all(dir).unwrap();
}
