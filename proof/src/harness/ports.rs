//! Ports of the loopback address.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the kernel gives to outgoing connections, so that a restarted process finds its own free.
const FIRST: u16 = 12_000;
const COUNT: u16 = 20_000;

/// A port that nobody uses now. Processes of this tool start at different places of the range.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 500).unwrap_or(0) * 40;
    loop {
        let offset = own.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = FIRST + offset;
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
