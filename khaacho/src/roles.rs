//! What a process can be.

use std::collections::BTreeSet;
use std::str::FromStr;

use khaacho_telemetry::metrics::Part as Measured;

/// A part of the mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The edge.
    Gateway,
    /// Messages and orders.
    Order,
    /// Accounts, holds, ledger.
    Credit,
    /// Catalogue, stock, vendors.
    Inventory,
    /// Messages to people.
    Notification,
}

/// All roles.
pub const ALL: [Role; 5] = [
    Role::Gateway,
    Role::Order,
    Role::Credit,
    Role::Inventory,
    Role::Notification,
];

/// The roles with a schema of business data and jobs.
pub const SERVICES: [Role; 4] = [Role::Order, Role::Credit, Role::Inventory, Role::Notification];

impl Role {
    /// Name on the command line, in tokens and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Order => "order",
            Self::Credit => "credit",
            Self::Inventory => "inventory",
            Self::Notification => "notification",
        }
    }

    /// Its schema.
    pub fn schema(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Order => "orders",
            Self::Credit => "credit",
            Self::Inventory => "inventory",
            Self::Notification => "notification",
        }
    }

    /// Its role in PostgreSQL.
    pub fn database_role(self) -> &'static str {
        match self {
            Self::Gateway => "khaacho_gateway",
            Self::Order => "khaacho_orders",
            Self::Credit => "khaacho_credit",
            Self::Inventory => "khaacho_inventory",
            Self::Notification => "khaacho_notification",
        }
    }
}

impl Role {
    /// The part of the catalogue of metrics that is its own.
    pub fn measured(self) -> Measured {
        match self {
            Self::Gateway => Measured::Edge,
            Self::Order => Measured::Order,
            Self::Credit => Measured::Credit,
            Self::Inventory => Measured::Inventory,
            Self::Notification => Measured::Notification,
        }
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let names = || ALL.map(Role::name).join(", ");
        ALL.into_iter()
            .find(|r| r.name() == text)
            .ok_or_else(|| format!("no such role; there are {}", names()))
    }
}

/// Reads `order,credit`; `all` is every role.
pub fn parse_roles(text: &str) -> Result<BTreeSet<Role>, String> {
    if text == "all" {
        return Ok(ALL.into());
    }
    text.split(',').map(|name| name.trim().parse()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_from_a_list() {
        assert_eq!(
            parse_roles("order, credit").expect("roles"),
            [Role::Order, Role::Credit].into()
        );
        assert_eq!(parse_roles("all").expect("roles").len(), 5);
        assert!(parse_roles("orders").expect_err("wrong").contains("notification"));
    }
}
