//! The table of RPCs that is read from the descriptors: who may call, which HTTP route, what a retry may do.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, MethodDescriptor, Value};

pub use crate::access::v1::Role;

/// HTTP method of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpVerb {
    /// Reads.
    Get,
    /// Changes.
    Post,
}

/// HTTP route of an RPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRoute {
    /// Method.
    pub verb: HttpVerb,
    /// Path template such as `/api/v1/orders/{order}:cancel`.
    pub path: String,
}

/// One RPC with its access rule.
#[derive(Debug, Clone)]
pub struct Method {
    /// gRPC path, `/khaacho.order.v1.OrderService/PlaceOrder`.
    pub path: String,
    /// Mesh service that serves it: `order`, `credit`, …, `ops`.
    pub service: String,
    /// Name of the RPC.
    pub name: String,
    /// HTTP route; `None` for calls inside the mesh.
    pub http: Option<HttpRoute>,
    /// Roles that are listed in the contract.
    pub roles: Vec<Role>,
    /// Mesh services that may call it directly.
    pub callers: Vec<String>,
    /// Whether an edge may repeat it.
    pub idempotent: bool,
    /// Template of the `Location` header; empty for none.
    pub location: String,
    /// Response field that tells 202 from 200; empty for none.
    pub settled_field: String,
    /// Budget at the edge in milliseconds; 0 for the default.
    pub budget_ms: u32,
    /// The descriptor.
    pub descriptor: MethodDescriptor,
}

impl Method {
    /// Whether a principal of this role may call it through the gateway. OWNER may call every routed RPC, AUDITOR
    /// every routed read.
    pub fn allows_role(&self, role: Role) -> bool {
        let Some(http) = &self.http else { return false };
        match role {
            Role::Unspecified | Role::Service => false,
            Role::Owner => true,
            Role::Auditor => http.verb == HttpVerb::Get || self.roles.contains(&role),
            _ => self.roles.contains(&role),
        }
    }

    /// Whether the mesh service `caller` may call it: the gateway for routed RPCs, others when listed.
    pub fn allows_caller(&self, caller: &str) -> bool {
        (caller == "gateway" && self.http.is_some()) || self.callers.iter().any(|c| c == caller)
    }
}

static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(crate::DESCRIPTORS).expect("the descriptor set was encoded by the build script")
});

static METHODS: LazyLock<HashMap<String, Method>> = LazyLock::new(|| {
    let rules = Extensions::find();
    POOL.services()
        .flat_map(|s| s.methods().collect::<Vec<_>>())
        .filter_map(|m| rules.read(m))
        .map(|m| (m.path.clone(), m))
        .collect()
});

/// The descriptors of all contracts.
pub fn descriptor_pool() -> &'static DescriptorPool {
    &POOL
}

/// The RPC with this gRPC path, if the contracts have it.
pub fn method(path: &str) -> Option<&'static Method> {
    METHODS.get(path)
}

/// All RPCs of the contracts, in no particular order.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    METHODS.values()
}

struct Extensions {
    http: prost_reflect::ExtensionDescriptor,
    access: prost_reflect::ExtensionDescriptor,
}

impl Extensions {
    fn find() -> Self {
        let find = |name| {
            POOL.get_extension_by_name(name)
                .expect("the contracts define the option")
        };
        Self {
            http: find("google.api.http"),
            access: find("khaacho.access.v1.access"),
        }
    }

    fn read(&self, descriptor: MethodDescriptor) -> Option<Method> {
        let options = descriptor.options();
        let service = descriptor.parent_service().full_name().to_owned();
        let mut parts = service.split('.');
        if parts.next() != Some("khaacho") {
            return None;
        }
        let owner = parts.next()?.to_owned();
        let access = options.get_extension(&self.access);
        let access = access.as_message()?;
        let text = |name: &str| {
            access
                .get_field_by_name(name)
                .and_then(|v| v.as_str().map(str::to_owned))
        };
        let list = |name: &str| access.get_field_by_name(name).map(|v| v.into_owned());
        let roles = match list("roles") {
            Some(Value::List(values)) => values
                .iter()
                .filter_map(|v| v.as_enum_number().and_then(|n| Role::try_from(n).ok()))
                .collect(),
            _ => Vec::new(),
        };
        let callers = match list("callers") {
            Some(Value::List(values)) => values
                .iter()
                .filter_map(|v| v.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        Some(Method {
            path: format!("/{service}/{}", descriptor.name()),
            service: owner,
            name: descriptor.name().to_owned(),
            http: options
                .has_extension(&self.http)
                .then(|| self.route(&options))
                .flatten(),
            roles,
            callers,
            idempotent: access
                .get_field_by_name("idempotent")
                .and_then(|v| v.as_bool())
                .unwrap_or_default(),
            location: text("location").unwrap_or_default(),
            settled_field: text("settled_field").unwrap_or_default(),
            budget_ms: access
                .get_field_by_name("budget_ms")
                .and_then(|v| v.as_u32())
                .unwrap_or_default(),
            descriptor,
        })
    }

    fn route(&self, options: &prost_reflect::DynamicMessage) -> Option<HttpRoute> {
        let rule = options.get_extension(&self.http);
        let rule = rule.as_message()?;
        for (field, verb) in [("get", HttpVerb::Get), ("post", HttpVerb::Post)] {
            if rule.has_field_by_name(field) {
                let path = rule.get_field_by_name(field)?.as_str()?.to_owned();
                return Some(HttpRoute { verb, path });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_has_an_access_rule_and_somebody_who_may_call_it() {
        for service in POOL.services().filter(|s| s.full_name().starts_with("khaacho.")) {
            for rpc in service.methods() {
                let path = format!("/{}/{}", service.full_name(), rpc.name());
                let method = method(&path).unwrap_or_else(|| panic!("{path} has no access rule"));
                assert!(
                    method.http.is_some() || !method.callers.is_empty(),
                    "{path} can be called by nobody"
                );
                assert!(
                    method.http.is_none() || !method.roles.is_empty(),
                    "{path} is routed but lists no role"
                );
            }
        }
    }

    #[test]
    fn changes_carry_a_request_id_unless_their_ids_are_derived() {
        for method in methods().filter(|m| m.http.as_ref().is_some_and(|h| h.verb == HttpVerb::Post)) {
            let read = ["Match"].iter().any(|p| method.name.starts_with(p));
            let has = method
                .descriptor
                .input()
                .get_field_by_name("request_id")
                .is_some();
            assert!(
                read || has,
                "{} changes something but has no request_id",
                method.path
            );
        }
    }

    #[test]
    fn owners_may_call_all_routes_and_auditors_only_reads() {
        let place = method("/khaacho.order.v1.OrderService/PlaceOrder").expect("exists");
        let get = method("/khaacho.order.v1.OrderService/GetOrder").expect("exists");
        let hold = method("/khaacho.credit.v1.HoldService/PlaceHold").expect("exists");
        assert!(place.allows_role(Role::Owner) && !place.allows_role(Role::Auditor));
        assert!(get.allows_role(Role::Auditor) && !place.allows_role(Role::Vendor));
        assert!(
            !hold.allows_role(Role::Owner) && hold.allows_caller("order") && !hold.allows_caller("gateway")
        );
        assert_eq!(
            get.http.as_ref().map(|h| h.path.as_str()),
            Some("/api/v1/orders/{order}")
        );
    }
}
