//! Variables of chat replies.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::chat::Problem;
use super::values::{Count, Reference, some_text};

/// No variables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// Text as it is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainText {
    /// The whole text, lines kept; an empty one is refused.
    #[serde(deserialize_with = "not_blank")]
    pub text: String,
}

/// Variables of `welcome_unregistered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeUnregistered {
    /// Phone of the people who register shops; absent or empty when there is none.
    #[serde(default, deserialize_with = "some_text")]
    pub support_phone: Option<String>,
}

/// Variables of `account_blocked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountBlocked {
    /// Why, as a sentence without full stop.
    pub reason: String,
    /// Phone of the people who can lift it; absent or empty when there is none.
    #[serde(default, deserialize_with = "some_text")]
    pub support_phone: Option<String>,
}

/// Variables of `help`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// Phone for everything else; absent or empty when there is none.
    #[serde(default, deserialize_with = "some_text")]
    pub support_phone: Option<String>,
}

/// Variables of `greeting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// Name of the shop.
    pub shop: String,
}

/// Variables of `not_understood`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUnderstood {
    /// What is wrong; may be empty.
    #[serde(default)]
    pub problems: Vec<Problem>,
}

/// Variables of `unknown_product`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownProduct {
    /// The words that match nothing.
    pub phrase: String,
    /// Products that may be meant, best first; may be empty.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
}

/// A product that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Catalogue number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Lowest price of one sale unit among the vendors, in paisa; 0 when nobody offers it.
    pub price_paisa: Paisa,
}

/// Variables of `choose_product`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseProduct {
    /// The question that its rows answer; absent: whatever question is open.
    #[serde(default)]
    pub question: Option<Reference>,
    /// The words that match several products.
    pub phrase: String,
    /// There is too little of what the words name, and the products can stand in for it.
    #[serde(default)]
    pub instead: bool,
    /// The products. Up to ten are also a list to tap on.
    pub options: Vec<Choice>,
    /// How many more products fit and are not listed.
    #[serde(default)]
    pub more: u32,
}

/// One product to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Number to answer with, from 1. A tap on the list answers with the same number.
    pub n: u32,
    /// Catalogue number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Lowest price of one sale unit among the vendors, in paisa; 0 when nobody offers it.
    pub price_paisa: Paisa,
    /// How much of it is chosen with it, in `unit`; absent when that is not settled yet.
    #[serde(default)]
    pub quantity: Option<Count>,
    /// Unit of the quantity.
    #[serde(default)]
    pub unit: Option<String>,
}

/// Variables of `consent_noted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentNoted {
    /// Whether messages end; else they are wanted again.
    pub opted_out: bool,
}

/// Variables of `no_single_vendor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoSingleVendor {
    /// Names of the products that no single vendor has together.
    #[serde(default)]
    pub names: Vec<String>,
}

/// Variables of `not_found_order`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotFoundOrder {
    /// What was typed as a number.
    pub number: String,
}

fn not_blank<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    some_text(from)?.ok_or_else(|| serde::de::Error::custom("expected some text"))
}
