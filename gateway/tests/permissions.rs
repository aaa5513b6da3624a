//! Who may call what, for every routed RPC and every role.

use khaacho_proto::{HttpVerb, methods};
use serde_json::json;

use crate::support::{ROLES, World, plain};

#[tokio::test]
async fn every_route_lets_exactly_the_roles_of_its_contract_through() {
    let world = World::new().await;
    let mut checked = 0;
    for method in methods() {
        let Some(http) = &method.http else { continue };
        let path = http
            .path
            .split('/')
            .map(|segment| match segment.split_once('}') {
                Some((_, verb)) => format!("x1{verb}"),
                None => segment.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/");
        for role in ROLES {
            let before = world.peer.seen().len();
            let answer = match http.verb {
                HttpVerb::Get => world.get(role, &path).await,
                HttpVerb::Post => world.post(role, &path, json!({})).await,
            };
            let calls = &world.peer.seen()[before..];
            if method.allows_role(role) {
                assert!(
                    answer.status.is_success(),
                    "{role:?} {path}: {} {}",
                    answer.status,
                    answer.text
                );
                assert_eq!(calls.len(), 1);
                assert_eq!(
                    (calls[0].path.as_str(), calls[0].principal.role),
                    (method.path.as_str(), role)
                );
            } else {
                answer.refused(403, "PERMISSION_DENIED");
                assert!(calls.is_empty(), "{role:?} reached {path}");
            }
            checked += 1;
        }
        let verb = if http.verb == HttpVerb::Get { "GET" } else { "POST" };
        world
            .send(plain(verb, &path))
            .await
            .refused(401, "UNAUTHENTICATED");
    }
    assert!(checked >= 40 * ROLES.len(), "{checked}");
}

#[tokio::test]
async fn outside_roles_carry_their_scope() {
    let world = World::new().await;
    world.get(khaacho_proto::Role::Retailer, "/api/v1/orders").await;
    let seen = world.peer.only();
    assert_eq!(
        seen.principal.scope.as_deref(),
        Some("acc_00000000000000000000000000000001")
    );
    assert!(seen.principal.subject.starts_with("key_"));
}
