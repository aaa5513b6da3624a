//! Network addresses that nothing is fetched from: those of our own machine, our own network and the cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = match a {
        // this network, private, loopback; 224 and above: multicast, reserved, broadcast
        0 | 10 | 127 | 224..=255 => true,
        // carrier-grade NAT
        100 => (64..=127).contains(&b),
        // link-local, where clouds keep their metadata
        169 => b == 254,
        172 => (16..=31).contains(&b),
        // IETF protocols, documentation, 6to4 relays, private
        192 => (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99) || b == 168,
        // benchmarks, documentation
        198 => b == 18 || b == 19 || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        _ => false,
    };
    !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Only 2000::/3 is given out, so whatever lies outside is not public: loopback, unspecified, IPv4 in any disguise
    // (`::ffff:`, `::`, `64:ff9b::`), unique local, link-local and multicast addresses.
    if segments[0] & 0xe000 != 0x2000 {
        return false;
    }
    match segments[0] {
        // 2001::/23: Teredo, ORCHID and other protocols; 2001:db8::/32: documentation
        0x2001 => segments[1] >= 0x0200 && segments[1] != 0x0db8,
        // 6to4 carries an IPv4 address
        0x2002 => false,
        // 3fff::/20: documentation
        0x3fff => segments[1] >= 0x1000,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().expect("an address"))
    }

    #[test]
    fn our_own_side_is_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a9fe:a9fe",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }

    #[test]
    fn the_internet_is_public() {
        for address in [
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "157.240.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.88.98.1",
            "2001:4860:4860::8888",
            "2a03:2880:f10c::1",
        ] {
            assert!(public(address), "{address}");
        }
    }
}
