//! Orders: what they are made of and which moves their status may make. Pure.

pub mod accept_order;
pub mod answer;
pub mod ask_back;
pub mod assign_vendor;
pub mod assist;
pub mod attached;
pub mod basket;
pub mod cancel_order;
pub mod claim_conversation;
pub mod complete_order;
pub mod decline_order;
pub mod deliver_order;
pub mod dispatch_order;
pub mod echo;
pub mod expire_offer;
pub mod finish_message;
pub mod interpret;
pub mod language;
pub mod lessons;
pub mod number;
pub mod pack_order;
pub mod partial;
pub mod place_order;
pub mod problem;
pub mod quote;
pub mod quote_order;
pub mod receive_message;
pub mod refusal;
pub mod rehome_order;
pub mod release_conversation;
pub mod reply_to_conversation;
pub mod route;
pub mod route_order;
pub mod secure_order;
pub mod send_out_order;
pub mod settle_delivery;
pub mod settle_media;
pub mod status;
pub mod understand;
pub mod vendor_step;
pub mod vendor_update;
pub mod which_shop;

use chrono::{DateTime, Utc};
use khaacho_money::Paisa;
use khaacho_planted::{self as planted, Bug};
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;
pub use status::Status;

/// How to reach somebody: our number at a provider and his address there. Provider 0 means the default sender.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Provider by its number in the contracts.
    pub provider: i32,
    /// Our own sender; empty for the default.
    pub account: String,
    /// Address as the provider writes it; empty when only the phone is known.
    pub address: String,
    /// E.164 phone; empty when unknown.
    pub phone: String,
    /// Business-scoped id; empty when unknown.
    pub user_id: String,
}

impl Contact {
    /// Key under which the messages of one sender are handled, one at a time and in their order.
    pub fn sender_key(&self) -> String {
        let who = if self.address.is_empty() {
            &self.user_id
        } else {
            &self.address
        };
        format!("in:{}:{}:{who}", self.provider, self.account)
    }
}

/// The shop that buys, as it was when it ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Buyer {
    /// Account id.
    pub account_id: String,
    /// Shop's name.
    pub shop_name: String,
    /// Where messages go.
    pub contact: Contact,
    /// Language by its number in the contracts.
    pub language: i32,
    /// Municipality.
    pub municipality: String,
    /// Latitude in degrees; 0 with longitude 0 when unknown.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// Whoever is written to acts for several shops, so that what is told names the one that it is about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_of_several: bool,
}

/// A vendor, as it was when it was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vendor {
    /// Vendor id.
    pub vendor_id: String,
    /// Name.
    pub name: String,
    /// E.164 phone.
    pub phone: String,
    /// Language by its number in the contracts.
    pub language: i32,
    /// Municipality.
    pub municipality: String,
    /// Latitude in degrees.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
}

/// One priced line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Product.
    pub sku: String,
    /// Product name when it was priced.
    pub name: String,
    /// Quantity in `unit`, a decimal.
    pub quantity: String,
    /// Order unit.
    pub unit: String,
    /// Thousandths of the sale unit.
    pub quantity_milli: i64,
    /// Price of a sale unit without VAT.
    pub unit_price: Paisa,
    /// Amount without VAT.
    pub amount: Paisa,
    /// VAT rate in basis points.
    pub vat_bp: u32,
}

/// One line that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// Product.
    pub sku: String,
    /// Quantity in `unit`, a decimal.
    pub quantity: String,
    /// Order unit; empty for the default unit.
    pub unit: String,
    /// Phrases of the shop that it has answered with this product: what it calls it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
}

/// Lines of one order; more would not fit one lock batch.
pub const LINES_MAX: usize = 100;

/// An order as decisions see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Id, `ord_…`.
    pub order_id: String,
    /// Number for people.
    pub number: String,
    /// Status.
    pub status: Status,
    /// Grows with every change.
    pub version: i64,
    /// Buyer.
    pub buyer: Buyer,
    /// Vendor that is asked or has taken it; `None` while one is looked for.
    pub vendor: Option<Vendor>,
    /// Attempt of the reservation; while a vendor is looked for it still lies with the one before.
    pub reservation_attempt: Option<i32>,
    /// How many vendors were asked.
    pub offers: i32,
    /// Sum of the lines.
    pub subtotal: Paisa,
    /// VAT.
    pub vat: Paisa,
    /// Total.
    pub total: Paisa,
    /// What the vendor gets without VAT.
    pub vendor_paisa: Option<i64>,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// When it was delivered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Invoice number.
    pub invoice_number: Option<String>,
    /// Due date of the invoice.
    pub due_at: Option<DateTime<Utc>>,
    /// Until when the asked vendor may answer.
    pub vendor_deadline_at: Option<DateTime<Utc>>,
    /// Reason code of a refusal, cancellation or escalation.
    pub reason: Option<String>,
    /// Sentence that belongs to it.
    pub reason_text: Option<String>,
    /// Whether an operator has to act.
    pub needs_operator: bool,
    /// Lines; empty in lists.
    pub lines: Vec<Line>,
}

/// What a decision wants written about an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The order after the change.
    pub order: Order,
    /// Statuses it moved through, in order; may be empty.
    pub moves: Vec<Status>,
    /// Note of the moves.
    pub note: String,
    /// Messages to people.
    pub notices: Vec<Notice>,
}

/// A message to a person: template and data, rendered by the notification service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Key under which it is sent at most once.
    pub dedup_key: String,
    /// Recipient.
    pub to: Contact,
    /// Template name.
    pub template: String,
    /// Variables.
    pub data: serde_json::Value,
    /// Language by its number in the contracts.
    pub language: i32,
    /// Order it belongs to; empty for none.
    pub order_id: String,
}

impl Order {
    /// The change that moves it through `moves`. Refuses a move that is not an edge.
    pub fn moved(&self, moves: &[Status], now: DateTime<Utc>, note: &str) -> Result<Change, Refusal> {
        let mut order = self.clone();
        for next in moves {
            if !order.status.may_become(*next) && !planted::on(Bug::EdgeUnchecked) {
                return Err(Refusal::WrongStatus {
                    number: self.number.clone(),
                    now: self.status,
                    wanted: *next,
                });
            }
            order.status = *next;
        }
        order.version += 1;
        order.updated_at = now;
        Ok(Change {
            order,
            moves: moves.to_vec(),
            note: note.to_owned(),
            notices: Vec::new(),
        })
    }

    /// Refuses a stale reader; 0 means any version.
    pub fn expect_version(&self, version: i64) -> Result<(), Refusal> {
        if version == 0 || version == self.version {
            return Ok(());
        }
        Err(Refusal::StaleVersion {
            number: self.number.clone(),
            version: self.version,
        })
    }

    /// A notice to the buyer; `what` makes its key unique within the order. It names the shop where its reader acts for
    /// several.
    pub fn to_buyer(&self, what: &str, template: &str, data: serde_json::Value) -> Notice {
        let (template, data) = if self.buyer.one_of_several {
            let named =
                serde_json::json!({ "shop": self.buyer.shop_name, "template": template, "data": data });
            ("for_shop", named)
        } else {
            (template, data)
        };
        Notice {
            dedup_key: format!("{}:{what}", self.order_id),
            to: self.buyer.contact.clone(),
            template: template.to_owned(),
            data,
            language: self.buyer.language,
            order_id: self.order_id.clone(),
        }
    }

    /// A notice to an operator with this phone.
    pub fn to_operator(&self, phone: &str, what: &str, template: &str, data: serde_json::Value) -> Notice {
        Notice {
            dedup_key: format!("{}:{what}", self.order_id),
            to: Contact {
                phone: phone.to_owned(),
                ..Contact::default()
            },
            template: template.to_owned(),
            data,
            language: 0,
            order_id: self.order_id.clone(),
        }
    }

    /// A notice to a vendor.
    pub fn to_vendor(&self, vendor: &Vendor, what: &str, template: &str, data: serde_json::Value) -> Notice {
        Notice {
            dedup_key: format!("{}:{what}:{}", self.order_id, vendor.vendor_id),
            to: Contact {
                phone: vendor.phone.clone(),
                ..Contact::default()
            },
            template: template.to_owned(),
            data,
            language: vendor.language,
            order_id: self.order_id.clone(),
        }
    }
}

impl Order {
    /// Refuses a vendor that does not have the order; `None` is not confined to one.
    pub fn by_its_vendor(&self, own_vendor: Option<&str>) -> Result<(), Refusal> {
        let holder = self.vendor.as_ref().map(|v| v.vendor_id.as_str());
        if own_vendor.is_some() && own_vendor != holder {
            return Err(Refusal::OrderUnknown);
        }
        Ok(())
    }

    /// Whether this vendor is asked for it now or has taken it.
    pub fn is_with(&self, vendor_id: &str) -> bool {
        self.vendor.as_ref().is_some_and(|v| v.vendor_id == vendor_id)
    }

    /// Takes it away from its vendor: who declined, was silent or lost it neither lists nor reads it any more. The
    /// reservation stays until it is moved or given back; the assignments keep the history.
    pub fn leave_vendor(&mut self) {
        self.vendor = None;
        self.vendor_paisa = None;
        self.vendor_deadline_at = None;
    }

    /// Variables of a progress message.
    pub fn progress(&self) -> serde_json::Value {
        let vendor = self.vendor.as_ref().map(|v| v.name.clone());
        serde_json::json!({ "order_number": self.number, "vendor": vendor })
    }
}

#[cfg(test)]
pub mod fixtures;

#[cfg(test)]
mod tests;
