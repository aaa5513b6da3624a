use khaacho_money::Paisa;

use super::*;
use crate::domain::fixtures;
use crate::domain::quote::{Resolved, VendorLine};

fn market(prices: &[i64]) -> Market {
    let line = Resolved {
        sku: "A".into(),
        name: "A".into(),
        quantity: "1".into(),
        unit: "sack".into(),
        quantity_milli: 1000,
        vat_bp: 0,
        problem: String::new(),
    };
    let basket = |(n, price): (usize, &i64)| VendorBasket {
        vendor: fixtures::vendor(u32::try_from(n).expect("small") + 1),
        lines: vec![VendorLine {
            unit_price: Paisa::new(*price),
            amount: Paisa::new(*price),
            available_milli: 5000,
            minimum_quantity: 1,
            problem: String::new(),
        }],
        complete: true,
        subtotal: Paisa::new(*price),
        lead_time_days: 0,
    };
    Market {
        lines: vec![line],
        vendors: prices.iter().enumerate().map(basket).collect(),
    }
}

#[test]
fn the_weights_sum_to_a_hundred_and_every_score_is_explained() {
    assert_eq!(AVAILABILITY + PRICE + PROXIMITY + WORKLOAD + RELIABILITY, 100);
    let ranked = rank(&market(&[1000, 1050]), &Stats::new(), &fixtures::buyer());
    for candidate in &ranked {
        let weights: u32 = candidate.components.iter().map(|c| c.weight).sum();
        assert_eq!(weights, 100);
        assert!(candidate.score <= 1000 && candidate.components.iter().all(|c| !c.because.is_empty()));
    }
}

#[test]
fn with_equal_records_the_cheaper_vendor_comes_first() {
    let ranked = rank(&market(&[1050, 1000]), &Stats::new(), &fixtures::buyer());
    assert_eq!(ranked[0].vendor_paisa, 1000);
}

#[test]
fn a_newcomer_can_win_and_a_vendor_that_never_accepts_falls_behind() {
    let mut stats = Stats::new();
    stats.insert(
        "ven_1".into(),
        VendorRecord {
            active: 0,
            offered: 20,
            accepted: 0,
        },
    );
    let ranked = rank(&market(&[1000, 1000]), &stats, &fixtures::buyer());
    assert_eq!(ranked[0].vendor.vendor_id, "ven_2");
}

#[test]
fn a_vendor_with_too_many_orders_is_not_eligible() {
    let mut stats = Stats::new();
    stats.insert(
        "ven_1".into(),
        VendorRecord {
            active: ACTIVE_ORDERS_MAX,
            offered: 0,
            accepted: 0,
        },
    );
    let ranked = rank(&market(&[1000]), &stats, &fixtures::buyer());
    assert_eq!(
        (ranked[0].score, ranked[0].failed.as_slice()),
        (0, &["TOO_MANY_ORDERS".to_owned()][..])
    );
}

#[test]
fn equal_vendors_are_always_ranked_the_same_way() {
    let ranked = rank(&market(&[1000, 1000, 1000]), &Stats::new(), &fixtures::buyer());
    let ids: Vec<_> = ranked.iter().map(|c| c.vendor.vendor_id.as_str()).collect();
    assert_eq!(ids, ["ven_1", "ven_2", "ven_3"]);
}

#[test]
fn distances_in_surkhet_are_about_right() {
    let km = distance_km((28.6033, 81.6115), (28.5821, 81.6355));
    assert!((3.0..4.0).contains(&km), "{km}");
}
