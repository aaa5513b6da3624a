//! Ports of the loopback address.

use std::net::TcpListener;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the kernel gives to outgoing connections, so that a restarted process finds its own free.
const FIRST: u16 = 12_000;
/// Ports of one process of this tool. A port whose user was just killed looks free to everybody: another one must not
/// look there.
const SLICE: u16 = 400;
const SLICES: u16 = 50;

/// A slice of the ports, and the listener at its first port that keeps others out of it.
struct Slice {
    first: u16,
    _held: Option<TcpListener>,
}

impl Slice {
    fn take() -> Self {
        let start = u16::try_from(std::process::id() % u32::from(SLICES)).unwrap_or(0);
        let all = (0..SLICES).map(|n| FIRST + (start + n) % SLICES * SLICE);
        let mut free = all.filter_map(|first| Some((first, TcpListener::bind(("127.0.0.1", first)).ok()?)));
        match free.next() {
            Some((first, held)) => Self {
                first,
                _held: Some(held),
            },
            None => Self {
                first: FIRST + start * SLICE,
                _held: None,
            },
        }
    }
}

/// A port that nobody uses now, and that no other process of this tool takes.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    static OWN: LazyLock<Slice> = LazyLock::new(Slice::take);
    loop {
        let offset = 1 + NEXT.fetch_add(1, Ordering::Relaxed) % (SLICE - 1);
        let port = OWN.first + offset;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn ports_differ_and_are_free() {
        let ports: Vec<u16> = (0..20).map(|_| super::free_port()).collect();
        let distinct: std::collections::BTreeSet<&u16> = ports.iter().collect();
        assert_eq!(distinct.len(), ports.len());
        std::net::TcpListener::bind(("127.0.0.1", ports[0])).expect("free");
    }
}
