//! Steps of a vendor that only move an order on and tell the shop: packing, dispatching, the last leg.

use chrono::{DateTime, Utc};

use super::{Change, Order, Refusal, Status};

/// What one step does.
pub struct VendorStep {
    /// Where the order goes.
    pub to: Status,
    /// Note in the order's history.
    pub note: &'static str,
    /// Makes the key of the shop's message unique within the order.
    pub key: &'static str,
    /// Template of that message.
    pub template: &'static str,
}

impl VendorStep {
    /// The change, when the order's own vendor asks for it and read its present version.
    pub fn take(
        &self,
        seen: Option<Order>,
        own_vendor: Option<&str>,
        expected_version: i64,
        now: DateTime<Utc>,
    ) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        order.by_its_vendor(own_vendor)?;
        order.expect_version(expected_version)?;
        let mut change = order.moved(&[self.to], now, self.note)?;
        let notice = order.to_buyer(self.key, self.template, order.progress());
        change.notices.push(notice);
        Ok(change)
    }
}

/// Writes the command of a step: its order, who may take it, the version that the caller saw.
macro_rules! vendor_step {
    ($(#[doc = $doc:literal])+ $name:ident: $step:expr) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize)]
        pub struct $name {
            /// Id or number.
            pub order: String,
            /// Vendor that the caller is confined to.
            pub own_vendor: Option<String>,
            /// Version that the caller saw; 0 for any.
            pub expected_version: i64,
        }

        impl khaacho_durable::Command for $name {
            const NAME: &'static str = stringify!($name);
            type Snapshot = Option<crate::domain::Order>;
            type Decision = crate::domain::Change;
            type Refusal = crate::domain::Refusal;

            fn decide(
                &self,
                seen: Self::Snapshot,
                now: chrono::DateTime<chrono::Utc>,
            ) -> Result<Self::Decision, Self::Refusal> {
                $step.take(seen, self.own_vendor.as_deref(), self.expected_version, now)
            }
        }
    };
}
pub(super) use vendor_step;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    const STEP: VendorStep = VendorStep {
        to: Status::Packing,
        note: "being packed",
        key: "packing",
        template: "order_packing",
    };

    #[test]
    fn only_its_vendor_moves_an_order_from_where_it_waits_for_the_step() {
        let now = fixtures::now();
        let order = Order {
            status: Status::Accepted,
            vendor: Some(fixtures::vendor(1)),
            ..fixtures::order()
        };
        let change = STEP
            .take(Some(order.clone()), Some("ven_1"), 1, now)
            .expect("moved");
        assert_eq!((change.order.status, change.order.version), (Status::Packing, 2));
        assert_eq!(change.notices[0].template, "order_packing");

        assert_eq!(STEP.take(None, None, 0, now), Err(Refusal::OrderUnknown));
        assert!(STEP.take(Some(order.clone()), Some("ven_2"), 0, now).is_err());
        assert!(matches!(
            STEP.take(Some(order.clone()), None, 7, now),
            Err(Refusal::StaleVersion { .. })
        ));
        let early = Order {
            status: Status::SentToVendor,
            ..order
        };
        assert!(matches!(
            STEP.take(Some(early), None, 0, now),
            Err(Refusal::WrongStatus { .. })
        ));
    }
}
