//! API keys: who is asking.

use khaacho_gateway::auth::{create_api_key, list_api_keys, revoke_api_key};
use khaacho_proto::Role;
use serde_json::json;

use crate::support::{World, and, plain};

#[tokio::test]
async fn a_key_works_in_either_header_and_a_wrong_one_in_none() {
    let world = World::new().await;
    let key = world.key(Role::Owner).to_owned();
    let path = "/api/v1/orders";
    let with = |name, value: &str| and(plain("GET", path), name, value);
    assert_eq!(world.send(with("x-api-key", &key)).await.status, 200);
    assert_eq!(
        world
            .send(with("authorization", &format!("Bearer {key}")))
            .await
            .status,
        200
    );
    let other_secret = format!(
        "{}{}",
        &key[..key.len() - 1],
        if key.ends_with('A') { 'B' } else { 'A' }
    );
    for wrong in [other_secret.as_str(), "kha_000000000000_x", "nonsense"] {
        let answer = world
            .send(with("authorization", &format!("Bearer {wrong}")))
            .await;
        answer.refused(401, "UNAUTHENTICATED");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn only_owners_make_list_and_revoke_keys() {
    let world = World::new().await;
    let wanted =
        json!({ "name": "till", "role": "retailer", "scope": "acc_00000000000000000000000000000009" });
    for role in [Role::Operations, Role::Auditor, Role::Retailer] {
        world
            .post(role, "/api/v1/apikeys", wanted.clone())
            .await
            .refused(403, "PERMISSION_DENIED");
        world
            .get(role, "/api/v1/apikeys")
            .await
            .refused(403, "PERMISSION_DENIED");
    }
    let made = world.post(Role::Owner, "/api/v1/apikeys", wanted).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made_body = made.json();
    let id = made_body["id"].as_str().expect("an id");
    assert_eq!(made.header("location"), format!("/api/v1/apikeys/{id}"));
    let key = made_body["key"].as_str().expect("a key");
    let call = || and(plain("GET", "/api/v1/orders"), "x-api-key", key);
    assert_eq!(world.send(call()).await.status, 200);
    assert_eq!(
        world.peer.only().principal.scope.as_deref(),
        Some("acc_00000000000000000000000000000009")
    );

    let listed = world.get(Role::Owner, "/api/v1/apikeys").await.json();
    let keys = listed["keys"].as_array().expect("a list");
    assert_eq!(keys.len(), 8);
    let found = keys.iter().find(|k| k["id"] == id).expect("listed");
    assert_eq!(
        (&found["role"], &found["scope"], &found["name"]),
        (
            &json!("retailer"),
            &json!("acc_00000000000000000000000000000009"),
            &json!("till")
        )
    );
    assert!(!listed.to_string().contains("secret") && !listed.to_string().contains("kha_"));

    let path = format!("/api/v1/apikeys/{id}");
    let revoked = world
        .send(world.request(Role::Owner, "DELETE", &path, None))
        .await;
    assert!(revoked.json()["revoked_at"].is_string(), "{}", revoked.text);
    world.send(call()).await.refused(401, "UNAUTHENTICATED");
    let unknown = world.request(Role::Owner, "DELETE", "/api/v1/apikeys/000000000000", None);
    world.send(unknown).await.refused(404, "API_KEY_UNKNOWN");
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused_with_its_field() {
    let world = World::new().await;
    let cases = [
        (json!({ "name": "", "role": "owner" }), "name"),
        (json!({ "name": "a", "role": "king" }), "role"),
        (json!({ "name": "a", "role": "vendor" }), "scope"),
        (
            json!({ "name": "a", "role": "owner", "scope": "acc_00000000000000000000000000000001" }),
            "scope",
        ),
        (
            json!({ "name": "a", "role": "owner", "expires_at": "2020-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (json!({ "name": "a", "role": "owner", "more": 1 }), "body"),
    ];
    for (body, field) in cases {
        let problem = world
            .post(Role::Owner, "/api/v1/apikeys", body)
            .await
            .refused(400, "INVALID_ARGUMENT");
        assert_eq!(problem["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn a_key_ends_when_it_expires() {
    let world = World::new().await;
    let until = (world.now + chrono::Duration::minutes(5)).to_rfc3339();
    let body = json!({ "name": "short", "role": "support", "expires_at": until });
    let made = world.post(Role::Owner, "/api/v1/apikeys", body).await.json();
    let call = || {
        and(
            plain("GET", "/api/v1/orders"),
            "x-api-key",
            made["key"].as_str().expect("a key"),
        )
    };
    assert_eq!(world.send(call()).await.status, 200);
    world.hand.advance(std::time::Duration::from_secs(301));
    world.send(call()).await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_and_its_secret_is_not_stored() {
    let world = World::new().await;
    world.get(Role::Finance, "/api/v1/accounts").await;
    let keys = list_api_keys(&world.db, None).await.expect("keys");
    let used: Vec<_> = keys.iter().filter(|key| key.last_used_at.is_some()).collect();
    assert_eq!(used.len(), 1);
    assert_eq!(
        (used[0].role.as_str(), used[0].last_used_at),
        ("finance", Some(world.now))
    );
    let hash: Vec<u8> = sqlx::query_scalar("select secret_sha256 from gateway.api_key where id = $1")
        .bind(&used[0].id)
        .fetch_one(world.db.pool())
        .await
        .expect("the row");
    let secret = &world.key(Role::Finance)[17..];
    assert_eq!(
        hash,
        ring::digest::digest(&ring::digest::SHA256, secret.as_bytes()).as_ref()
    );
}

#[tokio::test]
async fn keys_are_paged_newest_first_and_revoking_twice_keeps_the_first_time() {
    let world = World::new().await;
    let later = world.now + chrono::Duration::seconds(1);
    let new = create_api_key(&world.db, "newest", Role::Support, None, later)
        .await
        .expect("a key");
    let all = list_api_keys(&world.db, None).await.expect("keys");
    assert_eq!(all[0].id, new.id);
    let rest = list_api_keys(&world.db, Some(&new.id)).await.expect("keys");
    assert_eq!(rest, all[1..]);
    let first = revoke_api_key(&world.db, &new.id, later).await.expect("revoked");
    let again = revoke_api_key(&world.db, &new.id, later + chrono::Duration::hours(1))
        .await
        .expect("still");
    assert_eq!(first, again);
}
