//! The edges between processes: each goes through a proxy of its own, whose weather the nemesis makes.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use fastrand::Rng;

use crate::harness::{Plan, Role};
use crate::proxy::{Direction, TcpProxy, Weather};

use super::schedule::Kind;

/// What is at the far end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Far {
    /// PostgreSQL.
    Database,
    /// Redis.
    Cache,
    /// Another role.
    Service(Role),
    /// Meta and Twilio.
    Provider,
}

/// An edge.
#[derive(Debug)]
pub(super) struct Edge {
    /// `gateway>credit`, `worker>postgres`.
    pub(super) name: String,
    pub(super) near: Role,
    pub(super) far: Far,
    proxy: TcpProxy,
}

/// All edges of a mesh. Dropping them cuts it to pieces.
#[derive(Debug, Default)]
pub(super) struct Edges {
    all: Vec<Edge>,
}

/// Roles that send messages to people.
const SENDERS: [Role; 2] = [Role::Notification, Role::Worker];

impl Edges {
    /// Puts a proxy into every edge of a mesh that is not started yet: from each role to the database, to Redis where
    /// there is one, to the services, and from those that send messages to the providers.
    ///
    /// # Errors
    /// When there are no ports, or an address is none.
    pub(super) fn between(
        plan: &mut Plan,
        database: &dyn Fn(Role) -> String,
        service: &dyn Fn(Role) -> String,
        redis: Option<&str>,
        provider: &str,
    ) -> anyhow::Result<Self> {
        let mut edges = Self::default();
        for near in plan.mode.roles() {
            let near = *near;
            let through = edges.add(near, Far::Database, &database(near))?;
            let url = plan
                .direct_url()
                .replace(&address_in(plan.direct_url())?, &through);
            plan.database_url(near, &url);
            if let Some(redis) = redis {
                let through = edges.add(near, Far::Cache, redis)?;
                plan.env(near, "REDIS_URL", &format!("redis://{through}"));
            }
            for peer in Role::SERVICES.into_iter().filter(|peer| *peer != near) {
                let through = edges.add(near, Far::Service(peer), &service(peer))?;
                plan.peer(near, peer, &through);
            }
            if SENDERS.contains(&near) {
                let through = edges.add(near, Far::Provider, provider)?;
                plan.env(near, "TWILIO_API_URL", &format!("http://{through}"));
                plan.env(near, "WHATSAPP_API_URL", &format!("http://{through}/v26.0"));
            }
        }
        Ok(edges)
    }

    fn add(&mut self, near: Role, far: Far, address: &str) -> anyhow::Result<String> {
        let upstream: SocketAddr = address
            .parse()
            .with_context(|| format!("{address} is no address"))?;
        let proxy = TcpProxy::start(upstream)?;
        let through = proxy.addr().to_string();
        self.all.push(Edge {
            name: name(near, far),
            near,
            far,
            proxy,
        });
        Ok(through)
    }

    /// Draws an edge for a fault. Those that carry most are drawn most.
    pub(super) fn draw(&self, kind: Kind, random: &mut Rng) -> Option<&Edge> {
        let weight = |edge: &Edge| weight(edge, kind);
        let mut drawn = random.u32(0..self.all.iter().map(weight).sum::<u32>().max(1));
        self.all.iter().find(|edge| {
            let mine = drawn < weight(edge);
            drawn = drawn.saturating_sub(weight(edge));
            mine
        })
    }

    /// All of them in any order, without those to the providers: they are no part of the mesh.
    pub(super) fn shuffled(&self, random: &mut Rng) -> Vec<&Edge> {
        let mut own: Vec<&Edge> = self.all.iter().filter(|edge| edge.far != Far::Provider).collect();
        random.shuffle(&mut own);
        own
    }

    /// The edge of this name.
    pub(super) fn named(&self, name: &str) -> Option<&Edge> {
        self.all.iter().find(|edge| edge.name == name)
    }

    /// Mends all.
    pub(super) fn clear(&self) {
        for edge in &self.all {
            edge.proxy.set(Weather::Clear);
        }
    }
}

impl Edge {
    pub(super) fn set(&self, weather: Weather) {
        self.proxy.set(weather);
    }
}

/// The name of an edge.
pub(super) fn name(near: Role, far: Far) -> String {
    let far = match far {
        Far::Database => "postgres",
        Far::Cache => "redis",
        Far::Service(role) => role.name(),
        Far::Provider => "provider",
    };
    format!("{near}>{far}")
}

fn weight(edge: &Edge, kind: Kind) -> u32 {
    if kind == Kind::NetGarble {
        return u32::from(edge.far == Far::Cache);
    }
    match (edge.near, edge.far) {
        (Role::Gateway | Role::Worker, Far::Service(_)) => 12,
        (Role::Order, Far::Service(_)) => 8,
        // Services seldom call each other, but they can.
        (_, Far::Service(_)) => 1,
        (_, Far::Database) => 10,
        (Role::Gateway, Far::Cache) => 8,
        (_, Far::Cache) => 2,
        (Role::Worker, Far::Provider) => 10,
        (_, Far::Provider) => 1,
    }
}

/// What a kind of fault does to its edge.
pub(super) fn weather(kind: Kind, random: &mut Rng) -> Weather {
    let ms = Duration::from_millis;
    match kind {
        Kind::NetSlow => {
            let delay = random.u64(10..=500);
            Weather::Slow {
                delay: ms(delay),
                jitter: ms(random.u64(0..=delay)),
            }
        }
        Kind::NetSlice => Weather::Slice,
        Kind::NetCut => Weather::Cut,
        Kind::NetBlackHole => Weather::BlackHole,
        Kind::NetHalfOpen => Weather::HalfOpen,
        Kind::NetOneWay if random.bool() => Weather::OneWay(Direction::Up),
        Kind::NetOneWay => Weather::OneWay(Direction::Down),
        Kind::NetFlap => Weather::Flap {
            up: ms(random.u64(50..=800)),
            down: ms(random.u64(50..=800)),
        },
        Kind::NetGarble => Weather::Garble {
            one_in: random.u32(8..=200),
        },
        _ => Weather::Refuse,
    }
}

/// `127.0.0.1:port` of a database's URL.
fn address_in(url: &str) -> anyhow::Result<String> {
    let host = url.rsplit_once('@').map(|(_, rest)| rest);
    let host = host.and_then(|rest| rest.split('/').next());
    Ok(host.context("a database's URL has a host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use crate::harness::Mode;

    use super::*;

    fn edges() -> (Plan, Edges) {
        let url = "postgres://khaacho@127.0.0.1:5/khaacho".to_owned();
        let mut plan = Plan::new(Path::new("/x"), Path::new("/y"), Mode::Split, url);
        let database = |_: Role| "127.0.0.1:5".to_owned();
        let services = plan.clone();
        let service = |role: Role| services.grpc(role);
        let edges = Edges::between(&mut plan, &database, &service, Some("127.0.0.1:6"), "127.0.0.1:7");
        (plan, edges.expect("proxies"))
    }

    #[tokio::test]
    async fn every_edge_goes_through_a_proxy_of_its_own() {
        let (plan, edges) = edges();
        let names: BTreeSet<&str> = edges.all.iter().map(|edge| edge.name.as_str()).collect();
        assert_eq!(names.len(), 6 + 6 + 4 * 3 + 2 * 4 + 2);
        for name in [
            "gateway>credit",
            "order>postgres",
            "worker>provider",
            "gateway>redis",
        ] {
            assert!(names.contains(name), "{name}");
        }
        let order = plan.environment(Role::Order);
        assert_ne!(order["KHAACHO_CREDIT_ADDRESS"], plan.grpc(Role::Credit));
        assert!(order["DATABASE_URL"].ends_with("/khaacho") && !order["DATABASE_URL"].contains(":5/"));
        assert!(!plan.environment(Role::Gateway).contains_key("TWILIO_API_URL"));
    }

    #[tokio::test]
    async fn bits_flip_only_on_the_way_to_redis() {
        let (_, edges) = edges();
        let mut random = Rng::with_seed(1);
        for _ in 0..200 {
            let edge = edges.draw(Kind::NetGarble, &mut random).expect("an edge");
            assert_eq!(edge.far, Far::Cache);
        }
        let drawn: BTreeSet<&str> = (0..2000)
            .filter_map(|_| edges.draw(Kind::NetCut, &mut random))
            .map(|edge| edge.name.as_str())
            .collect();
        assert_eq!(drawn.len(), edges.all.len());
        assert!(edges.shuffled(&mut random).len() == edges.all.len() - 2);
    }
}
