//! What a sentence of a wholesaler may mean for one of his orders. It moves nothing by itself: it is asked back, with the
//! word that does.

use super::Status;
use super::interpret::{Intent, Meaning};

/// From this confidence on a sentence is asked back.
const SURE: u16 = 800;
/// Orders of one question; a list message holds no more rows.
pub const ORDERS_MAX: usize = 10;

/// What a sentence seems to say of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// He takes it.
    Accept,
    /// He does not take it.
    Decline,
    /// It has left.
    Dispatched,
}

impl Meant {
    /// What the sentence says; `None` when it says something else, or may.
    pub fn of(meaning: &Meaning) -> Option<Self> {
        if meaning.confidence < SURE {
            return None;
        }
        match meaning.intent {
            Intent::Accept => Some(Self::Accept),
            Intent::Decline => Some(Self::Decline),
            Intent::Dispatched => Some(Self::Dispatched),
            _ => None,
        }
    }

    /// Name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Dispatched => "dispatched",
        }
    }

    /// Where an order stands that it can be about, the likeliest first. Who says that goods have left may have forgotten to
    /// say that he takes or packs them.
    pub fn places(self) -> &'static [Status] {
        match self {
            Self::Accept | Self::Decline => &[Status::SentToVendor],
            Self::Dispatched => &[
                Status::Packing,
                Status::Accepted,
                Status::Dispatched,
                Status::SentToVendor,
            ],
        }
    }

    /// The word that does the next step of an order there; `None` when none of them does.
    pub fn word(self, status: Status) -> Option<&'static str> {
        match (self, status) {
            (Self::Decline, Status::SentToVendor) => Some("decline"),
            (Self::Accept | Self::Dispatched, Status::SentToVendor) => Some("accept"),
            (Self::Dispatched, Status::Accepted) => Some("packing"),
            (Self::Dispatched, Status::Packing) => Some("dispatched"),
            (Self::Dispatched, Status::Dispatched) => Some("out"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::ALL;

    #[test]
    fn every_place_that_is_asked_about_has_a_word_and_no_other_has() {
        for meant in [Meant::Accept, Meant::Decline, Meant::Dispatched] {
            for status in ALL {
                let asked = meant.places().contains(&status);
                assert_eq!(meant.word(status).is_some(), asked, "{meant:?} {status:?}");
            }
        }
    }

    #[test]
    fn what_is_not_sure_is_not_asked_back() {
        let read = |intent, confidence| {
            let meaning = Meaning {
                intent,
                confidence,
                ..Meaning::default()
            };
            Meant::of(&meaning)
        };
        assert_eq!(read(Intent::Accept, 800), Some(Meant::Accept));
        assert_eq!(read(Intent::Decline, 900), Some(Meant::Decline));
        assert_eq!(read(Intent::Accept, 799), None);
        assert_eq!(read(Intent::StockUpdate, 900), None);
    }
}
