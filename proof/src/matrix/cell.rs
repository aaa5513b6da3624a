//! What is broken, and how.

use std::time::Duration;

use serde::Serialize;

use crate::proxy::Weather;

/// Something that the mesh stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Dependency {
    Postgresql,
    Redis,
    Order,
    Credit,
    Inventory,
    Notification,
    Provider,
    Collector,
}

/// How it is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fault {
    Down,
    Slow,
    Flapping,
    Wrong,
}

impl Dependency {
    pub(super) const ALL: [Self; 8] = [
        Self::Postgresql,
        Self::Redis,
        Self::Order,
        Self::Credit,
        Self::Inventory,
        Self::Notification,
        Self::Provider,
        Self::Collector,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Postgresql => "postgresql",
            Self::Redis => "redis",
            Self::Order => "order",
            Self::Credit => "credit",
            Self::Inventory => "inventory",
            Self::Notification => "notification",
            Self::Provider => "provider",
            Self::Collector => "collector",
        }
    }

    /// Heading of its section.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Postgresql => "PostgreSQL",
            Self::Redis => "Redis",
            Self::Order => "Order service",
            Self::Credit => "Credit service",
            Self::Inventory => "Inventory service",
            Self::Notification => "Notification service",
            Self::Provider => "WhatsApp provider",
            Self::Collector => "Collector of traces",
        }
    }

    /// What `wrong` means for it.
    pub(super) fn wrongness(self) -> &'static str {
        match self {
            Self::Postgresql | Self::Order | Self::Credit | Self::Inventory | Self::Notification => {
                "one byte in sixteen of what it is sent and what it answers has a bit flipped"
            }
            Self::Redis => "every key holds another type or junk; then bytes of its answers are flipped",
            Self::Provider => "it takes messages and answers 200 with a page of HTML",
            Self::Collector => "it answers 500 with junk",
        }
    }
}

impl Fault {
    pub(super) const ALL: [Self; 4] = [Self::Down, Self::Slow, Self::Flapping, Self::Wrong];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Slow => "slow",
            Self::Flapping => "flapping",
            Self::Wrong => "wrong",
        }
    }

    /// Head of its column.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Slow => "2 s slow",
            Self::Flapping => "flapping",
            Self::Wrong => "wrong answers",
        }
    }
}

/// One cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(super) struct Cell {
    pub(super) dependency: Dependency,
    pub(super) fault: Fault,
}

impl Cell {
    /// All of them, dependency by dependency.
    pub(super) fn all() -> Vec<Self> {
        let faults = |dependency| Fault::ALL.map(|fault| Self { dependency, fault });
        Dependency::ALL.into_iter().flat_map(faults).collect()
    }

    /// What the proxy in front of the dependency does; nothing where the dependency itself misbehaves.
    pub(super) fn weather(self) -> Option<Weather> {
        match (self.fault, self.dependency) {
            (Fault::Down, _) => Some(Weather::Refuse),
            // An answer takes two seconds: one on the way there, one on the way back.
            (Fault::Slow, _) => Some(Weather::Slow {
                delay: Duration::from_secs(1),
                jitter: Duration::ZERO,
            }),
            (Fault::Flapping, _) => Some(Weather::Flap {
                up: Duration::from_millis(700),
                down: Duration::from_millis(700),
            }),
            (Fault::Wrong, Dependency::Redis | Dependency::Provider | Dependency::Collector) => None,
            (Fault::Wrong, _) => Some(GARBLED),
        }
    }
}

/// So many wrong bytes that no statement and no frame passes as another valid one.
pub(super) const GARBLED: Weather = Weather::Garble { one_in: 16 };

impl std::fmt::Display for Cell {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}:{}", self.dependency.name(), self.fault.name())
    }
}

impl std::str::FromStr for Cell {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::all()
            .into_iter()
            .find(|cell| cell.to_string() == text)
            .ok_or_else(|| format!("there is no cell {text}; one is redis:down"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thirty_two_cells_and_each_is_found_by_its_name() {
        let all = Cell::all();
        assert_eq!(all.len(), 32);
        for cell in all {
            assert_eq!(cell.to_string().parse(), Ok(cell));
        }
        assert!("redis:asleep".parse::<Cell>().is_err());
    }

    #[test]
    fn every_fault_changes_something() {
        for cell in Cell::all() {
            assert_ne!(cell.weather(), Some(Weather::Clear), "{cell}");
        }
    }
}
