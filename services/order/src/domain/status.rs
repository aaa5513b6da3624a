//! The status machine.

use serde::{Deserialize, Serialize};

/// Where an order stands. The one machine; the database holds the same edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Confirmed; credit and stock are being secured.
    Placed,
    /// Credit held and stock reserved; a vendor is being chosen.
    Pending,
    /// A vendor has been chosen.
    Routed,
    /// The vendor has been asked.
    SentToVendor,
    /// The vendor accepted.
    Accepted,
    /// Being packed.
    Packing,
    /// Left the vendor.
    Dispatched,
    /// On its last leg.
    OutForDelivery,
    /// Handed over.
    Delivered,
    /// Receipt confirmed. Final.
    Completed,
    /// Cancelled before delivery. Final.
    Cancelled,
    /// Credit or stock could not be secured. Final.
    Refused,
}

use Status::{
    Accepted, Cancelled, Completed, Delivered, Dispatched, OutForDelivery, Packing, Pending, Placed, Refused,
    Routed, SentToVendor,
};

/// All statuses.
pub const ALL: [Status; 12] = [
    Placed,
    Pending,
    Routed,
    SentToVendor,
    Accepted,
    Packing,
    Dispatched,
    OutForDelivery,
    Delivered,
    Completed,
    Cancelled,
    Refused,
];

impl Status {
    /// Statuses that may follow.
    pub fn next(self) -> &'static [Status] {
        match self {
            Placed => &[Pending, Refused, Cancelled],
            Pending => &[Routed, Cancelled],
            Routed => &[SentToVendor, Pending, Cancelled],
            SentToVendor => &[Accepted, Pending, Routed, Cancelled],
            Accepted => &[Packing, Cancelled],
            Packing => &[Dispatched, Cancelled],
            Dispatched => &[OutForDelivery, Cancelled],
            OutForDelivery => &[Delivered, Cancelled],
            Delivered => &[Completed],
            Completed | Cancelled | Refused => &[],
        }
    }

    /// Whether `next` may follow.
    pub fn may_become(self, next: Status) -> bool {
        self.next().contains(&next)
    }

    /// Whether nothing can follow.
    pub fn is_final(self) -> bool {
        self.next().is_empty()
    }

    /// Name in rows and messages, such as `OUT_FOR_DELIVERY`.
    pub fn name(self) -> &'static str {
        match self {
            Placed => "PLACED",
            Pending => "PENDING",
            Routed => "ROUTED",
            SentToVendor => "SENT_TO_VENDOR",
            Accepted => "ACCEPTED",
            Packing => "PACKING",
            Dispatched => "DISPATCHED",
            OutForDelivery => "OUT_FOR_DELIVERY",
            Delivered => "DELIVERED",
            Completed => "COMPLETED",
            Cancelled => "CANCELLED",
            Refused => "REFUSED",
        }
    }

    /// The status with this name.
    pub fn parse(name: &str) -> Option<Status> {
        ALL.into_iter().find(|s| s.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_holds_the_same_edges() {
        let sql = include_str!("../../migrations/0001_orders.sql");
        for from in ALL {
            for to in ALL {
                let listed = sql.contains(&format!("('{}', '{}')", from.name(), to.name()));
                assert_eq!(listed, from.may_become(to), "{} to {}", from.name(), to.name());
            }
        }
    }

    #[test]
    fn every_order_can_end_and_final_means_final() {
        for status in ALL {
            let mut seen = vec![status];
            let mut ends = status.is_final();
            let mut at = 0;
            while at < seen.len() {
                for next in seen[at].next() {
                    ends |= next.is_final();
                    if !seen.contains(next) {
                        seen.push(*next);
                    }
                }
                at += 1;
            }
            assert!(ends, "{} leads nowhere", status.name());
            assert_eq!(Status::parse(status.name()), Some(status));
        }
    }

    #[test]
    fn nothing_is_cancelled_after_delivery() {
        assert!(!Delivered.may_become(Cancelled) && !Completed.may_become(Cancelled));
    }
}
