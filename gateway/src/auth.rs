//! API keys: who is asking. The rule who may do what stands in the contracts.

mod key;
mod lookup;
mod rest;
mod store;

pub use lookup::Auth;
pub(crate) use lookup::note_bad_key;
pub use store::{ApiKey, NewKey, create_api_key, list_api_keys, revoke_api_key};

pub(crate) use key::Credential;
pub(crate) use rest::routes;

use khaacho_proto::Role;

/// The roles a key can have, with the words that the table, the CLI and JSON use.
const ROLES: [(&str, Role); 7] = [
    ("owner", Role::Owner),
    ("finance", Role::Finance),
    ("operations", Role::Operations),
    ("support", Role::Support),
    ("auditor", Role::Auditor),
    ("vendor", Role::Vendor),
    ("retailer", Role::Retailer),
];

/// The role with this lower-case name; `None` for names that no key can have.
pub fn role_named(name: &str) -> Option<Role> {
    ROLES
        .iter()
        .find(|(word, _)| *word == name)
        .map(|(_, role)| *role)
}

/// The lower-case name of a role; `None` for roles that no key can have.
pub fn role_name(role: Role) -> Option<&'static str> {
    ROLES
        .iter()
        .find(|(_, known)| *known == role)
        .map(|(word, _)| *word)
}

/// The names of all roles that a key can have.
pub(crate) fn role_names() -> Vec<&'static str> {
    ROLES.iter().map(|(word, _)| *word).collect()
}
