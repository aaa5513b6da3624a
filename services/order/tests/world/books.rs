//! The books of the peers: credit, stock and messages, as the contracts promise them.

use std::collections::BTreeMap;

use khaacho_ids::{AccountId, VendorId};
use khaacho_proto::common::v1::Language;
use khaacho_proto::credit::v1 as credit;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::notification::v1 as notes;

/// Products: key, name, VAT in basis points. All are sold by the sack.
pub(crate) const PRODUCTS: [(&str, &str, u32); 3] = [
    ("RICE", "Jeera rice", 0),
    ("RICE-M", "Mansuli rice", 0),
    ("SUGAR", "Sugar", 1300),
];

/// A hold of the credit service.
pub(crate) struct Hold {
    pub(crate) account_id: String,
    pub(crate) amount: i64,
    pub(crate) state: credit::HoldState,
}

/// A reservation of the inventory service.
#[derive(Clone)]
pub(crate) struct Reservation {
    pub(crate) vendor_id: String,
    pub(crate) lines: Vec<inventory::ReservedLine>,
    pub(crate) state: inventory::ReservationState,
}

/// Everything that the peers remember.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) accounts: Vec<credit::Account>,
    /// By order.
    pub(crate) holds: BTreeMap<String, Hold>,
    /// Postings, by order.
    pub(crate) postings: BTreeMap<String, credit::PostHoldRequest>,
    pub(crate) vendors: Vec<inventory::Vendor>,
    /// Price of a sack, by vendor and product.
    pub(crate) prices: BTreeMap<(String, String), i64>,
    /// Thousandths on hand, by vendor and product.
    pub(crate) stock: BTreeMap<(String, String), i64>,
    /// By order and attempt.
    pub(crate) reservations: BTreeMap<(String, u32), Reservation>,
    /// Version of the catalogue.
    pub(crate) catalogue: i64,
    /// What shops call products, by account and phrase.
    pub(crate) aliases: BTreeMap<(String, String), String>,
    /// Who wants no messages (`true`), or wants them again, as it was said.
    pub(crate) consents: Vec<(String, bool)>,
    /// Languages that were set, by request: account or vendor, and language.
    pub(crate) languages: BTreeMap<String, (String, Language)>,
    /// Requests that set prices and stock.
    pub(crate) updates: Vec<String>,
    /// Phrases that nobody could match.
    pub(crate) unmatched: Vec<inventory::UnmatchedPhrase>,
    /// Media that were stored or refused, by their id.
    pub(crate) media: BTreeMap<String, notes::FetchMediaRequest>,
    /// Messages in the order of their arrival; a repeated key is dropped.
    pub(crate) notices: Vec<notes::Notice>,
}

/// The account with this number.
pub(crate) fn account_id(n: usize) -> String {
    AccountId::derive(&["test", &n.to_string()]).to_string()
}

/// The vendor with this number.
pub(crate) fn vendor_id(n: usize) -> String {
    VendorId::derive(&["test", &n.to_string()]).to_string()
}

/// Phone of the shop with this number.
pub(crate) fn shop_phone(n: usize) -> String {
    format!("+97798412345{n:02}")
}

/// Phone of the vendor with this number.
pub(crate) fn vendor_phone(n: usize) -> String {
    format!("+97797591539{n:02}")
}

impl Books {
    /// Two shops with Rs 1,00,000 each that read English, and four vendors with 100 sacks of everything, each Rs 10 dearer than the one
    /// before.
    pub(crate) fn open() -> Self {
        let mut books = Self::default();
        for n in 1..=2 {
            books.accounts.push(credit::Account {
                account_id: account_id(n),
                code: format!("R{n:05}"),
                shop_name: format!("Shop {n}"),
                phones: vec![shop_phone(n)],
                state: credit::AccountState::Active.into(),
                language: Language::En.into(),
                balance: Some(credit::Balance {
                    limit_paisa: 10_000_000,
                    ..Default::default()
                }),
                ..Default::default()
            });
        }
        for n in 1..=4 {
            let (vendor, price) = (
                vendor_id(n),
                100_000 + 1_000 * i64::try_from(n - 1).expect("small"),
            );
            for (sku, _, _) in PRODUCTS {
                books.prices.insert((vendor.clone(), sku.to_owned()), price);
                books.stock.insert((vendor.clone(), sku.to_owned()), 100_000);
            }
            books.vendors.push(inventory::Vendor {
                vendor_id: vendor,
                code: format!("V{n:02}"),
                name: format!("Vendor {n}"),
                phone: vendor_phone(n),
                active: true,
                language: Language::En.into(),
                ..Default::default()
            });
        }
        books
    }

    /// Nobody has set the language of any account or vendor.
    pub(crate) fn no_languages(&mut self) {
        self.accounts.iter_mut().for_each(|account| account.language = 0);
        self.vendors.iter_mut().for_each(|vendor| vendor.language = 0);
    }

    /// Notes a request that sets a language; `false` for one that was made before.
    pub(crate) fn sets_language(&mut self, request_id: String, whose: &str, language: Language) -> bool {
        let set = (whose.to_owned(), language);
        match self.languages.get(&request_id) {
            Some(known) => {
                assert_eq!(*known, set, "a request is repeated with the same content");
                false
            }
            None => self.languages.insert(request_id, set).is_none(),
        }
    }

    /// Sets the sacks that a vendor has of a product.
    pub(crate) fn stock_of(&mut self, vendor: usize, sku: &str, sacks: i64) {
        self.stock
            .insert((vendor_id(vendor), sku.to_owned()), sacks * 1000);
    }

    /// Thousandths of a product that a vendor has and has not promised.
    pub(crate) fn available(&self, vendor_id: &str, sku: &str) -> i64 {
        let on_hand = self
            .stock
            .get(&(vendor_id.to_owned(), sku.to_owned()))
            .copied()
            .unwrap_or(0);
        let pending = self
            .reservations
            .values()
            .filter(|r| r.is_pending() && r.vendor_id == vendor_id);
        let lines = pending.flat_map(|r| &r.lines).filter(|l| l.sku == sku);
        on_hand - lines.map(|l| l.quantity_milli).sum::<i64>()
    }

    /// What an account may still order, in paisa.
    pub(crate) fn credit_left(&self, account_id: &str) -> i64 {
        let account = self
            .accounts
            .iter()
            .find(|a| a.account_id == account_id)
            .expect("an account");
        let limit = account.balance.as_ref().map_or(0, |b| b.limit_paisa);
        let taken = self.holds.values().filter(|h| h.account_id == account_id);
        limit
            - taken
                .filter(|h| h.state != credit::HoldState::Released)
                .map(|h| h.amount)
                .sum::<i64>()
    }

    /// Numbers of the reservations of an order that still hold stock.
    pub(crate) fn pending_attempts(&self, order_id: &str) -> Vec<u32> {
        let own = self
            .reservations
            .iter()
            .filter(|((order, _), r)| order == order_id && r.is_pending());
        own.map(|((_, attempt), _)| *attempt).collect()
    }

    /// State of a reservation; `None` when nobody ever spoke of it.
    pub(crate) fn reservation(&self, order_id: &str, attempt: u32) -> Option<inventory::ReservationState> {
        self.reservations
            .get(&(order_id.to_owned(), attempt))
            .map(|r| r.state)
    }

    /// Templates that a phone was sent, in order.
    pub(crate) fn told(&self, phone: &str) -> Vec<&str> {
        let to = |n: &&notes::Notice| n.recipient.as_ref().is_some_and(|r| r.phone == phone);
        self.notices
            .iter()
            .filter(to)
            .map(|n| n.template.as_str())
            .collect()
    }
}

impl Reservation {
    pub(crate) fn is_pending(&self) -> bool {
        self.state == inventory::ReservationState::Pending
    }
}
