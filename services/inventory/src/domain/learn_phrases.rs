//! Remembers what a shop calls its products, and phrases that nobody could match.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::{AccountId, AliasId};
use serde::{Deserialize, Serialize};

use super::alias::{self, ALL_SHOPS, id_of};
use super::refusal::Refusal;
use super::sku::Sku;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct LearnPhrases {
    /// The shop.
    pub account_id: AccountId,
    /// Phrases of a basket that became an order.
    pub learned: Vec<Learned>,
    /// Phrases that meant nothing.
    pub unmatched: Vec<Unmatched>,
    /// The message that it was: it teaches the same thing once.
    pub cause: String,
    /// Shops that have to mean the same before it holds for all.
    pub promote_after: u32,
}

/// What a phrase meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Learned {
    /// As typed.
    pub phrase: String,
    /// What phrases are compared by; not empty.
    pub key: String,
    /// Product.
    pub sku: Sku,
}

/// What nobody could match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// As typed.
    pub phrase: String,
    /// What phrases are compared by; not empty.
    pub key: String,
    /// What it may have cost, in paisa without VAT.
    pub lost_paisa: i64,
}

/// What is known of a learned phrase, each in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The product exists and is active.
    pub product_known: bool,
    /// This message has taught it before.
    pub taught: bool,
    /// Product that the phrase means for the shop now.
    pub own: Option<Sku>,
    /// Other shops for which it means this product.
    pub shops: u32,
    /// Most other shops for which it means one other product.
    pub rivals: u32,
    /// The alias of all shops for this product is there, or was and is revoked.
    pub promoted: bool,
    /// Product that the phrase means for all shops now.
    pub all: Option<Sku>,
}

/// What is written of a learned phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Which of the learned phrases.
    pub at: usize,
    /// The shop's alias.
    pub id: AliasId,
    /// The shop means the same already.
    pub again: bool,
    /// The shop's alias that it takes the place of.
    pub replaces: Option<AliasId>,
    /// The alias of all shops that comes into being, and how many shops mean it.
    pub promotes: Option<(AliasId, u32)>,
}

/// What a message has taught.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taught {
    /// Phrases of the shop.
    pub learned: u32,
    /// Those of them that hold for all shops from now on.
    pub promoted: u32,
}

impl Command for LearnPhrases {
    const NAME: &'static str = "LearnPhrases";
    type Snapshot = Vec<Seen>;
    type Decision = Vec<Lesson>;
    type Refusal = Refusal;

    fn decide(&self, seen: Vec<Seen>, _now: DateTime<Utc>) -> Result<Vec<Lesson>, Refusal> {
        let account = self.account_id.to_string();
        let lessons = self.learned.iter().zip(seen).enumerate();
        let lesson = |(at, (learned, seen)): (usize, (&Learned, Seen))| {
            // A product may be withdrawn between answer and confirmation; what was taught is taught once.
            if !seen.product_known || seen.taught {
                return None;
            }
            let shops = seen.shops + 1;
            let free = !seen.promoted && seen.all.is_none();
            let promotes = free && alias::promotes(shops, seen.rivals, self.promote_after);
            let again = seen.own.as_ref() == Some(&learned.sku);
            let before = seen.own.filter(|sku| *sku != learned.sku);
            Some(Lesson {
                at,
                again,
                id: id_of(&account, &learned.key, &learned.sku),
                replaces: before.map(|sku| id_of(&account, &learned.key, &sku)),
                promotes: promotes.then(|| (id_of(ALL_SHOPS, &learned.key, &learned.sku), shops)),
            })
        };
        Ok(lessons.filter_map(lesson).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> LearnPhrases {
        LearnPhrases {
            account_id: AccountId::derive(&["shop"]),
            learned: vec![Learned {
                phrase: "rato tel".to_owned(),
                key: "rato tel".to_owned(),
                sku: "OIL-1L".parse().expect("a sku"),
            }],
            unmatched: Vec::new(),
            cause: "inb_1".to_owned(),
            promote_after: 3,
        }
    }

    fn lesson(seen: Seen) -> Option<Lesson> {
        let lessons = command().decide(vec![seen], DateTime::UNIX_EPOCH);
        lessons.expect("never refused").pop()
    }

    fn known() -> Seen {
        Seen {
            product_known: true,
            ..Seen::default()
        }
    }

    #[test]
    fn an_answer_is_learned_once_and_only_of_products_that_are_there() {
        assert!(lesson(known()).is_some_and(|l| l.promotes.is_none() && l.replaces.is_none()));
        assert_eq!(lesson(Seen::default()), None);
        assert_eq!(
            lesson(Seen {
                taught: true,
                ..known()
            }),
            None
        );
    }

    #[test]
    fn another_answer_takes_the_place_of_the_one_before() {
        let other: Sku = "OIL-5L".parse().expect("a sku");
        let seen = Seen {
            own: Some(other.clone()),
            ..known()
        };
        let account = command().account_id.to_string();
        assert_eq!(
            lesson(seen).and_then(|l| l.replaces),
            Some(id_of(&account, "rato tel", &other))
        );
        let same = Seen {
            own: Some("OIL-1L".parse().expect("a sku")),
            ..known()
        };
        assert!(lesson(same).is_some_and(|l| l.again && l.replaces.is_none()));
    }

    #[test]
    fn the_third_shop_promotes_it_unless_it_was_revoked_or_others_mean_something_else() {
        let third = Seen { shops: 2, ..known() };
        let promoted = |seen: Seen| lesson(seen).and_then(|l| l.promotes).map(|(_, shops)| shops);
        assert_eq!(promoted(third.clone()), Some(3));
        assert_eq!(promoted(Seen { shops: 1, ..known() }), None);
        assert_eq!(
            promoted(Seen {
                rivals: 2,
                ..third.clone()
            }),
            None
        );
        assert_eq!(
            promoted(Seen {
                promoted: true,
                ..third.clone()
            }),
            None
        );
        let all = Some("OIL-5L".parse().expect("a sku"));
        assert_eq!(promoted(Seen { all, ..third }), None, "an operator has decided");
    }
}
