use super::*;
use crate::domain::fixtures;

fn resolved(sku: &str, milli: i64, vat_bp: u32) -> Resolved {
    Resolved {
        sku: sku.into(),
        name: format!("name of {sku}"),
        quantity: "2".into(),
        unit: "sack".into(),
        quantity_milli: milli,
        vat_bp,
        problem: String::new(),
    }
}

fn at(price: i64, milli: i64, available_milli: i64) -> VendorLine {
    let amount = Paisa::new(price * milli / 1000);
    let problem = if available_milli < milli {
        "STOCK_SHORT"
    } else {
        ""
    };
    VendorLine {
        unit_price: Paisa::new(price),
        amount,
        available_milli,
        minimum_quantity: 1,
        problem: problem.into(),
    }
}

fn basket(n: u32, lines: Vec<VendorLine>) -> VendorBasket {
    VendorBasket {
        vendor: fixtures::vendor(n),
        complete: lines.iter().all(|l| l.problem.is_empty()),
        subtotal: Paisa::new(lines.iter().map(|l| l.amount.paisa()).sum()),
        lines,
        lead_time_days: 1,
    }
}

fn priced(market: &Market) -> Quote {
    price(
        "quo_1",
        fixtures::buyer(),
        vec![],
        market,
        &Stats::new(),
        fixtures::now(),
    )
    .expect("no overflow")
}

#[test]
fn vat_is_taken_half_up_on_the_sum_of_the_taxable_lines_only() {
    let market = Market {
        lines: vec![
            resolved("A", 1000, 1300),
            resolved("B", 1000, 1300),
            resolved("C", 1000, 0),
        ],
        vendors: vec![basket(
            1,
            vec![at(50, 1000, 9000), at(50, 1000, 9000), at(1000, 1000, 9000)],
        )],
    };
    let quote = priced(&market);
    // 13 % of 1.00, not twice 13 % of 0.50 rounded up.
    assert_eq!(
        (quote.subtotal.paisa(), quote.vat.paisa(), quote.total.paisa()),
        (1100, 13, 1113)
    );
}

#[test]
fn a_vendor_far_above_the_bound_price_is_no_choice() {
    let market = Market {
        lines: vec![resolved("A", 1000, 0)],
        vendors: vec![
            basket(1, vec![at(10_000, 1000, 9000)]),
            basket(2, vec![at(10_900, 1000, 9000)]),
            basket(3, vec![at(11_200, 1000, 9000)]),
        ],
    };
    let quote = priced(&market);
    let ids: Vec<_> = quote
        .choices
        .iter()
        .map(|c| c.vendor.vendor_id.as_str())
        .collect();
    assert_eq!(ids, ["ven_1", "ven_2"]);
    assert_eq!(quote.ranking.len(), 3, "the explanation keeps all");
}

#[test]
fn obstacles_name_what_would_cure_them() {
    let short = Market {
        lines: vec![resolved("A", 5000, 0)],
        vendors: vec![
            basket(1, vec![at(100, 5000, 2000)]),
            basket(2, vec![at(100, 5000, 3000)]),
        ],
    };
    let sentence = priced(&short).obstacle.expect("short").sentence();
    assert!(sentence.contains("at most 3"), "{sentence}");

    let split = Market {
        lines: vec![resolved("A", 1000, 0), resolved("B", 1000, 0)],
        vendors: vec![
            basket(1, vec![at(100, 1000, 2000), at(100, 1000, 0)]),
            basket(2, vec![at(100, 1000, 0), at(100, 1000, 2000)]),
        ],
    };
    assert!(matches!(
        priced(&split).obstacle,
        Some(Obstacle::NoSingleVendor { .. })
    ));

    let mut at_least_ten = at(100, 1000, 20_000);
    at_least_ten.minimum_quantity = 10;
    at_least_ten.problem = "BELOW_MINIMUM".into();
    let little = Market {
        lines: vec![resolved("A", 1000, 0)],
        vendors: vec![basket(1, vec![at(90, 1000, 0)]), basket(2, vec![at_least_ten])],
    };
    let sentence = priced(&little).obstacle.expect("below").sentence();
    assert_eq!(sentence, "name of A is only sold from 10 up by those who have it");

    let fine = Market {
        lines: vec![resolved("A", 1000, 0)],
        vendors: vec![basket(1, vec![at(700, 1000, 2000)])],
    };
    let poor = priced(&fine).with_credit(&CreditView {
        available_paisa: 500,
        blocked: None,
    });
    assert_eq!(
        poor.obstacle,
        Some(Obstacle::CreditShort {
            available_paisa: 500,
            short_paisa: 200
        })
    );
    let blocked = priced(&fine).with_credit(&CreditView {
        available_paisa: 9_999,
        blocked: Some("overdue".into()),
    });
    assert_eq!(blocked.obstacle.map(|o| o.reason()), Some("ORDERING_BLOCKED"));
}

#[test]
fn a_line_that_cannot_be_sold_so_is_said_first() {
    let mut line = resolved("A", 1000, 0);
    line.problem = "UNIT_NOT_SOLD".into();
    let market = Market {
        lines: vec![line],
        vendors: vec![],
    };
    assert!(matches!(
        priced(&market).obstacle,
        Some(Obstacle::BadLines { .. })
    ));
}
