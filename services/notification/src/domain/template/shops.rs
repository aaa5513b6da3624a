//! Variables of what is said to somebody who acts for several shops.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Template;
use super::values::{Reference, some_text};

/// Variables of `which_shop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhichShop {
    /// The question that its rows answer.
    pub question: Reference,
    /// The shops. Up to ten are also a list to tap on.
    pub shops: Vec<ShopChoice>,
    /// The words that are answered after it; absent or empty when none are.
    #[serde(default, deserialize_with = "some_text")]
    pub waits: Option<String>,
    /// Further words that are answered after those, in their order.
    #[serde(default)]
    pub also: Vec<String>,
    /// What was sent cannot be kept until then.
    #[serde(default)]
    pub resend: bool,
    /// Words that are not kept, because no more can be; absent or empty when there are none.
    #[serde(default, deserialize_with = "some_text")]
    pub full: Option<String>,
}

/// One shop to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopChoice {
    /// Number to answer with, from 1. A tap on the list answers with the same number.
    pub n: u32,
    /// Name.
    pub name: String,
    /// Municipality; may be empty.
    #[serde(default)]
    pub place: String,
}

/// Variables of `shop_chosen`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopChosen {
    /// Name of the shop.
    pub shop: String,
    /// A list of another shop waited and does no more.
    #[serde(default)]
    pub dropped: bool,
}

/// Variables of `other_shop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherShop {
    /// Name of the shop that the button belongs to.
    pub shop: String,
}

/// Variables of `for_shop`: another message, below the name of the shop that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForShop {
    /// Name of the shop.
    pub shop: String,
    /// The message.
    pub message: Box<Template>,
}

/// [`ForShop`] as JSON.
#[derive(Serialize, Deserialize)]
struct Named {
    shop: String,
    template: String,
    #[serde(default)]
    data: Value,
}

impl Serialize for ForShop {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let named = Named {
            shop: self.shop.clone(),
            template: self.message.name().to_owned(),
            data: self.message.data().map_err(S::Error::custom)?,
        };
        named.serialize(to)
    }
}

impl<'de> Deserialize<'de> for ForShop {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let named = Named::deserialize(from)?;
        if named.template == "for_shop" {
            return Err(D::Error::custom("expected a message that names no shop yet"));
        }
        let message = Template::decode(&named.template, &named.data).map_err(D::Error::custom)?;
        Ok(ForShop {
            shop: named.shop,
            message: Box::new(message),
        })
    }
}
