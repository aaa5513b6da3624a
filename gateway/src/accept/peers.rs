//! How many connections each address has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections by address. Bounded by the number of connections, since an address without any is forgotten.
#[derive(Clone)]
pub(super) struct Peers {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    max: usize,
}

/// One connection of an address; gives its place back when dropped.
pub(super) struct Peer {
    peers: Peers,
    address: IpAddr,
}

impl Peers {
    pub(super) fn new(max: usize) -> Self {
        Self {
            counts: Arc::default(),
            max,
        }
    }

    /// A place for one more connection, unless the address has as many as it may.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Peer> {
        let address = holder(address);
        let mut counts = self.counts();
        let count = counts.entry(address).or_insert(0);
        if *count >= self.max {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Peer {
            peers: self.clone(),
            address,
        })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut counts = self.peers.counts();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// The address that stands for whoever holds it: an IPv6 customer has a whole /64.
fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_share_and_its_places_back() {
        let peers = Peers::new(2);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = peers.enter(address("10.0.0.1")).expect("free");
        let _second = peers.enter(address("::ffff:10.0.0.1")).expect("free");
        assert!(peers.enter(address("10.0.0.1")).is_none());
        assert!(peers.enter(address("10.0.0.2")).is_some());
        drop(first);
        assert!(peers.enter(address("10.0.0.1")).is_some());
        let _neighbours = [
            peers.enter(address("2001:db8::1")),
            peers.enter(address("2001:db8::2")),
        ];
        assert!(peers.enter(address("2001:db8::ffff")).is_none());
        assert!(peers.enter(address("2001:db8:0:1::1")).is_some());
        assert_eq!(peers.counts().len(), 2);
    }
}
