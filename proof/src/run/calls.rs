//! Faults of calls between roles: they arrive twice, at once or much later, or not at all, or their answers get lost.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;

use crate::harness::{Plan, Role};
use crate::proxy::{CallFault, GrpcProxy};

use super::nemesis::Hand;
use super::schedule::Kind;

/// One call in so many is hit, at most.
const ONE_IN: u32 = 5;
/// The longest that a call is kept before it is made again, in milliseconds, after the fault is over.
const KEPT_MS: u64 = 20_000;

/// A proxy of its own for the calls of each service.
#[derive(Debug)]
pub(super) struct Calls {
    proxies: BTreeMap<Role, GrpcProxy>,
}

impl Calls {
    /// Starts them in front of the services of a mesh.
    ///
    /// # Errors
    /// When there are no ports.
    pub(super) fn to(plan: &Plan) -> anyhow::Result<Self> {
        let mut proxies = BTreeMap::new();
        for service in Role::SERVICES {
            proxies.insert(service, GrpcProxy::start(plan.grpc(service).parse()?)?);
        }
        Ok(Self { proxies })
    }

    /// Where a service is called.
    pub(super) fn address(&self, service: Role) -> String {
        let proxy = self.proxies.get(&service);
        proxy.map_or_else(String::new, |proxy| proxy.addr().to_string())
    }

    /// Mends all.
    pub(super) fn clear(&self) {
        for proxy in self.proxies.values() {
            proxy.every(None);
        }
    }
}

/// Something happens to some of the calls of a service.
pub(super) async fn spoil(hand: &Hand) -> anyhow::Result<()> {
    let mut random = hand.random();
    let services: Vec<(&Role, &GrpcProxy)> = hand.stage.calls.proxies.iter().collect();
    let Some((service, proxy)) = random.choice(services) else {
        return Ok(());
    };
    let fault = drawn(hand.fault.kind, &mut random);
    let one_in = random.u32(1..=ONE_IN);
    let what = format!("{fault:?}");
    hand.broken(json!({ "svc": service.name(), "what": what, "one_in": one_in, "ms": hand.fault.hold_ms }));
    let (_, before) = proxy.counts();
    proxy.every(Some((one_in, fault)));
    hand.hold().await;
    proxy.every(None);
    if fault == CallFault::Keep {
        tokio::time::sleep(Duration::from_millis(random.u64(0..=KEPT_MS))).await;
        proxy.send_kept().await;
    }
    let (_, after) = proxy.counts();
    hand.stage.mark(
        "calls_hit",
        json!({ "id": hand.fault.id, "svc": service.name(), "what": what, "calls": after - before }),
    );
    hand.mended(service.name());
    Ok(())
}

fn drawn(kind: Kind, random: &mut Rng) -> CallFault {
    let ms = Duration::from_millis;
    match (kind, random.u32(0..3)) {
        (Kind::CallTwice, 0) => CallFault::Twice,
        (Kind::CallTwice, 1) => CallFault::Again(ms(random.u64(20..=8000))),
        (Kind::CallTwice, _) => CallFault::Keep,
        (_, 0) => CallFault::LoseRequest,
        (_, 1) => CallFault::LoseReply,
        (_, _) => CallFault::Delay(ms(random.u64(20..=3000))),
    }
}
