//! Faults of the providers.

use serde_json::json;

use crate::fakes::Manners;

use super::nemesis::Hand;
use super::schedule::Kind;

/// Lets the providers misbehave for a while.
pub(super) async fn misbehave(hand: &Hand) {
    let usual = hand.stage.scenario.manners.clone();
    hand.broken(json!({ "svc": "provider", "ms": hand.fault.hold_ms }));
    hand.stage.fakes.behave(bad(hand.fault.kind, &usual));
    hand.hold().await;
    hand.stage.fakes.behave(usual);
    hand.mended("provider");
}

fn bad(kind: Kind, usual: &Manners) -> Manners {
    let usual = usual.clone();
    match kind {
        Kind::ProviderBroken => Manners { broken: 800, ..usual },
        Kind::ProviderBusy => Manners {
            too_many: 800,
            ..usual
        },
        Kind::ProviderStall => Manners {
            stalled: 300,
            ..usual
        },
        Kind::ProviderLost => Manners {
            cut_after: 300,
            ..usual
        },
        // A redirect makes the mesh stop the sender for minutes, as a wrong address would: not in a run that has to
        // come to rest sooner.
        Kind::ProviderOdd => Manners {
            giant: 100,
            junk: 60,
            never: 30,
            ..usual
        },
        _ => Manners {
            cut_before: 1000,
            ..usual
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_worse_than_usual() {
        let usual = Manners::usual();
        for kind in [
            Kind::ProviderDown,
            Kind::ProviderBroken,
            Kind::ProviderBusy,
            Kind::ProviderStall,
            Kind::ProviderLost,
            Kind::ProviderOdd,
        ] {
            assert_ne!(bad(kind, &usual), usual, "{kind:?}");
        }
    }
}
