//! How far a message came. States only move forward, whatever the order in which a provider reports them.

use serde::{Deserialize, Serialize};

/// State of one outbound message, in rank order.
///
/// `Failed` ranks above `Sent`: a late `sent` never clears a failure. `Delivered` and `Read` rank above
/// `Failed` and `Escalated`: they are proof of arrival, and a provider that reports them after a failure has
/// corrected itself (the failure stays in the history). So the final state is the greatest one ever reported,
/// and the order of reports cannot matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Stored, not yet tried.
    Queued,
    /// A request to the provider is under way, its outcome is not known, or the next try is waited for.
    Sending,
    /// The provider has it.
    Sent,
    /// It will not arrive; code and text say why. Terminal unless proof of arrival follows.
    Failed,
    /// It did not arrive in time and an operator was told. Terminal unless proof of arrival follows.
    Escalated,
    /// It is on the recipient's device.
    Delivered,
    /// The recipient opened it.
    Read,
}

impl State {
    /// Every state, in rank order.
    pub const ALL: [State; 7] = [
        State::Queued,
        State::Sending,
        State::Sent,
        State::Failed,
        State::Escalated,
        State::Delivered,
        State::Read,
    ];

    /// Name as stored and shown: `QUEUED`, `SENDING`, ….
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "QUEUED",
            State::Sending => "SENDING",
            State::Sent => "SENT",
            State::Failed => "FAILED",
            State::Escalated => "ESCALATED",
            State::Delivered => "DELIVERED",
            State::Read => "READ",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// What a status word of Twilio or Meta means for us, or `None` for a word that says nothing about
    /// delivery (kept in the history all the same). What a provider still holds back (`queued`) is `Sending`
    /// here.
    pub fn of_provider_status(word: &str) -> Option<State> {
        match word {
            "accepted" | "scheduled" | "queued" | "sending" => Some(State::Sending),
            "sent" => Some(State::Sent),
            "delivered" | "partially_delivered" => Some(State::Delivered),
            "read" | "played" => Some(State::Read),
            "failed" | "undelivered" | "canceled" => Some(State::Failed),
            _ => None,
        }
    }

    /// Whether the message needs nothing more from us: it arrived, failed for good or was handed to an
    /// operator.
    pub fn is_settled(self) -> bool {
        self >= State::Failed
    }
}

/// The state after `update` is reported on top of `current`; `None` when nothing changes.
pub fn merge(current: State, update: State) -> Option<State> {
    (update > current).then_some(update)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(updates: &[State]) -> State {
        updates.iter().fold(State::Queued, |current, &update| {
            merge(current, update).unwrap_or(current)
        })
    }

    #[test]
    fn a_late_sent_never_clears_a_failure() {
        assert_eq!(merge(State::Failed, State::Sent), None);
        assert_eq!(merge(State::Delivered, State::Failed), None);
        assert_eq!(merge(State::Read, State::Delivered), None);
        assert_eq!(merge(State::Sent, State::Sent), None);
    }

    #[test]
    fn proof_of_arrival_outranks_a_failure() {
        assert_eq!(
            after(&[State::Sent, State::Failed, State::Delivered]),
            State::Delivered
        );
        assert_eq!(after(&[State::Escalated, State::Read]), State::Read);
    }

    #[test]
    fn names_and_provider_words_are_understood() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
            assert_eq!(serde_json::to_value(state).expect("a plain enum"), state.as_str());
        }
        assert_eq!(State::of_provider_status("undelivered"), Some(State::Failed));
        assert_eq!(State::of_provider_status("queued"), Some(State::Sending));
        assert_eq!(State::of_provider_status("deleted"), None);
    }

    fn reports() -> impl Strategy<Value = Vec<State>> {
        prop::collection::vec(prop::sample::select(State::ALL.to_vec()), 0..12)
    }

    proptest! {
        #[test]
        fn the_order_of_reports_does_not_matter(
            (updates, shuffled) in reports()
                .prop_flat_map(|updates| (Just(updates.clone()), Just(updates).prop_shuffle()))
        ) {
            prop_assert_eq!(after(&updates), after(&shuffled));
        }

        #[test]
        fn a_state_never_moves_backwards(updates in reports()) {
            let mut current = State::Queued;
            for update in updates {
                if let Some(next) = merge(current, update) {
                    prop_assert!(next > current);
                    current = next;
                }
            }
        }
    }
}
