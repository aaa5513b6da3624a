//! Ports of the loopback address.

use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

/// Below the ports that the kernel gives to outgoing connections, so that a restarted process finds its own free.
const FIRST: u16 = 12_000;
/// Ports that a process of this tool takes at once. A port whose user was just killed looks free to everybody: another
/// process must not look there, nor another mesh of this one.
const SLICE: u16 = 400;
const SLICES: u16 = 50;
/// Slices of one process. By the time it begins with the first again, it has made more than a hundred meshes since.
const MOST: usize = 8;

/// A slice of the ports, and the listener at its first port that keeps others out of it.
struct Slice {
    first: u16,
    _held: Option<TcpListener>,
}

impl Slice {
    /// One that nobody has.
    fn take() -> Option<Self> {
        let all = (0..SLICES).map(|n| FIRST + (start() + n) % SLICES * SLICE);
        let mut free = all.filter_map(|first| Some((first, TcpListener::bind(("127.0.0.1", first)).ok()?)));
        free.next().map(|(first, held)| Self {
            first,
            _held: Some(held),
        })
    }

    /// When all of them are taken.
    fn shared() -> Self {
        Self {
            first: FIRST + start() * SLICE,
            _held: None,
        }
    }
}

fn start() -> u16 {
    u16::try_from(std::process::id() % u32::from(SLICES)).unwrap_or(0)
}

/// The ports of this process, given out in turn, so that none is given out again while it may still have a user.
struct Ports {
    slices: Vec<Slice>,
    next: usize,
}

impl Ports {
    const fn none() -> Self {
        Self {
            slices: Vec::new(),
            next: 0,
        }
    }

    fn next(&mut self, take: impl FnOnce() -> Option<Slice>) -> u16 {
        let each = usize::from(SLICE - 1);
        if self.next == self.slices.len() * each {
            let more = if self.slices.len() < MOST { take() } else { None };
            match more {
                Some(slice) => self.slices.push(slice),
                None if self.slices.is_empty() => self.slices.push(Slice::shared()),
                None => self.next = 0,
            }
        }
        let (slice, offset) = (self.next / each, self.next % each);
        self.next += 1;
        self.slices[slice].first + 1 + u16::try_from(offset).unwrap_or(0)
    }
}

/// A port that nobody uses now, that no other process of this tool takes, and that nobody in this one had lately.
pub fn free_port() -> u16 {
    static OWN: Mutex<Ports> = Mutex::new(Ports::none());
    loop {
        let port = OWN
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next(Slice::take);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const EACH: usize = SLICE as usize - 1;

    fn slices(firsts: &[u16]) -> impl FnMut() -> Option<Slice> {
        let mut firsts = firsts.iter().copied();
        move || firsts.next().map(|first| Slice { first, _held: None })
    }

    #[test]
    fn ports_differ_and_are_free() {
        let ports: Vec<u16> = (0..20).map(|_| free_port()).collect();
        let distinct: BTreeSet<&u16> = ports.iter().collect();
        assert_eq!(distinct.len(), ports.len());
        TcpListener::bind(("127.0.0.1", ports[0])).expect("free");
    }

    #[test]
    fn ports_differ_between_threads() {
        let many = || (0..100).map(|_| free_port()).collect::<Vec<u16>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(many)).collect();
        let ports = threads.into_iter().flat_map(|one| one.join().expect("ports"));
        assert_eq!(ports.collect::<BTreeSet<u16>>().len(), 400);
    }

    #[test]
    fn no_port_comes_again_before_every_slice_was_used() {
        let firsts: Vec<u16> = (0..20).map(|n| FIRST + n * SLICE).collect();
        let (mut ports, mut take) = (Ports::none(), slices(&firsts));
        let all: Vec<u16> = (0..EACH * MOST).map(|_| ports.next(&mut take)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.iter().all(|port| !firsts.contains(port)), "those are held");
        assert_eq!(ports.next(&mut take), all[0], "the oldest comes first");
    }

    #[test]
    fn without_another_slice_the_own_ones_go_round() {
        let (mut ports, mut take) = (Ports::none(), slices(&[FIRST, FIRST + 5 * SLICE]));
        let all: Vec<u16> = (0..EACH * 2).map(|_| ports.next(&mut take)).collect();
        assert_eq!((all[0], all[EACH]), (FIRST + 1, FIRST + 5 * SLICE + 1));
        assert_eq!(ports.next(&mut take), FIRST + 1);
        let mut none = Ports::none();
        assert_eq!(none.next(|| None), Slice::shared().first + 1);
    }
}
