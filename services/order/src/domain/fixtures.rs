//! An order and a quote for tests of decisions.

use chrono::{DateTime, Utc};
use khaacho_money::Paisa;

use super::quote::{Choice, Quote};
use super::{Buyer, Contact, Line, Order, Status, Vendor};

/// 22 November 2026, 11:45 in Kathmandu.
pub fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T06:00:00Z")
        .expect("valid")
        .to_utc()
}

/// A shop.
pub fn buyer() -> Buyer {
    Buyer {
        account_id: "acc_1".into(),
        shop_name: "Khadka Kirana Pasal".into(),
        contact: Contact {
            phone: "+9779751954903".into(),
            ..Contact::default()
        },
        language: 1,
        municipality: "Birendranagar".into(),
        latitude: 28.6033,
        longitude: 81.6115,
        one_of_several: false,
    }
}

/// A vendor by number.
pub fn vendor(n: u32) -> Vendor {
    Vendor {
        vendor_id: format!("ven_{n}"),
        name: format!("Vendor {n}"),
        phone: format!("+97797591539{n:02}"),
        language: 1,
        municipality: "Birendranagar".into(),
        latitude: 28.6012,
        longitude: 81.6178,
    }
}

/// Two sacks at Rs 2,150.
pub fn line() -> Line {
    Line {
        sku: "RICE-JEERA-25KG".into(),
        name: "Jeera Masino rice 25 kg".into(),
        quantity: "2".into(),
        unit: "sack".into(),
        quantity_milli: 2000,
        unit_price: Paisa::new(215_000),
        amount: Paisa::new(430_000),
        vat_bp: 0,
    }
}

/// A quote with two vendors.
pub fn quote() -> Quote {
    Quote {
        quote_id: "quo_1".into(),
        buyer: buyer(),
        asked: vec![],
        lines: vec![line()],
        subtotal: Paisa::new(430_000),
        vat: Paisa::ZERO,
        total: Paisa::new(430_000),
        credit_left_paisa: 1,
        choices: vec![
            Choice {
                vendor: vendor(1),
                vendor_paisa: 430_000,
            },
            Choice {
                vendor: vendor(2),
                vendor_paisa: 440_000,
            },
        ],
        ranking: vec![],
        obstacle: None,
        expires_at: now() + chrono::Duration::minutes(10),
    }
}

/// A placed order.
pub fn order() -> Order {
    Order {
        order_id: "ord_1".into(),
        number: "ORD2611000429".into(),
        status: Status::Placed,
        version: 1,
        buyer: buyer(),
        vendor: None,
        reservation_attempt: None,
        offers: 0,
        subtotal: Paisa::new(430_000),
        vat: Paisa::ZERO,
        total: Paisa::new(430_000),
        vendor_paisa: None,
        placed_at: now(),
        updated_at: now(),
        delivered_at: None,
        invoice_number: None,
        due_at: None,
        vendor_deadline_at: None,
        reason: None,
        reason_text: None,
        needs_operator: false,
        lines: vec![line()],
    }
}

/// The order while vendor 1 is asked.
pub fn offered() -> Order {
    Order {
        status: Status::SentToVendor,
        vendor: Some(vendor(1)),
        vendor_paisa: Some(430_000),
        reservation_attempt: Some(1),
        offers: 1,
        vendor_deadline_at: Some(now() + chrono::Duration::minutes(30)),
        ..order()
    }
}
