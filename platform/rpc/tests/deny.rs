//! Who may call what, for every RPC of the contracts.

use std::convert::Infallible;

use http::{Request, Response};
use khaacho_config::Secret;
use khaacho_proto::{HttpVerb, Method, methods};
use khaacho_rpc::{Ctx, GuardLayer, MeshKeys, Principal, Role, ServerLimits};
use tonic::Code;
use tonic::body::Body;
use tower::{Layer as _, Service, ServiceExt as _};

use crate::support::keys;

const CALLERS: [&str; 6] = [
    "gateway",
    "order",
    "credit",
    "inventory",
    "notification",
    "stranger",
];
const ROLES: [Role; 9] = [
    Role::Unspecified,
    Role::Owner,
    Role::Finance,
    Role::Operations,
    Role::Support,
    Role::Auditor,
    Role::Vendor,
    Role::Retailer,
    Role::Service,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Good,
    Missing,
    OtherSecret,
    OtherAudience,
    Expired,
    FromTheFuture,
    Relabelled,
    Cut,
}

const BAD: [Token; 7] = [
    Token::Missing,
    Token::OtherSecret,
    Token::OtherAudience,
    Token::Expired,
    Token::FromTheFuture,
    Token::Relabelled,
    Token::Cut,
];

fn token(kind: Token, caller: &str, role: Role, callee: &str) -> Option<String> {
    let principal = Principal {
        subject: "somebody".to_owned(),
        role,
        scope: None,
    };
    let now = chrono_now();
    let good = || keys().sign(caller, callee, &principal, "test", now);
    Some(match kind {
        Token::Good => good(),
        Token::Missing => return None,
        Token::OtherSecret => {
            let theirs =
                MeshKeys::new(&Secret::new("fedcba9876543210fedcba9876543210")).expect("long enough");
            theirs.sign(caller, callee, &principal, "test", now)
        }
        Token::OtherAudience => keys().sign(caller, "elsewhere", &principal, "test", now),
        Token::Expired => keys().sign(caller, callee, &principal, "test", now - 60),
        Token::FromTheFuture => keys().sign(caller, callee, &principal, "test", now + 60),
        Token::Relabelled => {
            // the words of a token for `caller` with the signature of one for somebody else
            let theirs = keys().sign("nobody", callee, &principal, "test", now);
            let (words, _) = good()
                .split_once('.')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .expect("two parts");
            format!("{words}.{}", theirs.split_once('.').expect("two parts").1)
        }
        Token::Cut => good().split_once('.').expect("two parts").0.to_owned(),
    })
}

#[expect(clippy::disallowed_methods, reason = "token windows are wall-clock time")]
fn chrono_now() -> i64 {
    chrono::Utc::now().timestamp()
}

/// What the contract says, in other words than the guard's.
fn contract(method: &Method, caller: &str, role: Role) -> bool {
    let listed = method.callers.iter().any(|listed| listed == caller);
    let Some(route) = method.http.as_ref().filter(|_| caller == "gateway") else {
        return listed;
    };
    let reads = route.verb == HttpVerb::Get;
    let person = !matches!(role, Role::Unspecified | Role::Service);
    person && (role == Role::Owner || (role == Role::Auditor && reads) || method.roles.contains(&role))
}

/// A server behind the guard that answers every call, and says in a header whether it got a context.
fn guarded() -> impl Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone {
    let inner = tower::service_fn(|request: Request<Body>| async move {
        let ctx = request.extensions().get::<Ctx>().is_some().to_string();
        let response = Response::builder().header("reached", ctx).body(Body::empty());
        Ok::<_, Infallible>(response.expect("a response"))
    });
    GuardLayer::new(keys(), ServerLimits::default()).layer(inner)
}

async fn ask(path: &str, token: Option<String>) -> Code {
    let mut request = Request::post(path);
    if let Some(token) = token {
        request = request.header("x-khaacho-mesh", token);
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = guarded().oneshot(request).await.expect("never fails");
    let reached = response.headers().get("reached").map(|v| v.as_bytes() == b"true");
    let code = response
        .headers()
        .get("grpc-status")
        .map_or(Code::Ok, |v| Code::from_bytes(v.as_bytes()));
    assert_eq!(
        reached.is_some(),
        code == Code::Ok,
        "{path}: a refused call reaches no handler"
    );
    assert_ne!(reached, Some(false), "{path}: a handler has a context");
    code
}

#[tokio::test]
async fn with_a_good_token_only_what_the_contract_allows_passes() {
    let (mut allowed, mut denied) = (0, 0);
    for method in methods() {
        for caller in CALLERS {
            for role in ROLES {
                let code = ask(&method.path, token(Token::Good, caller, role, &method.service)).await;
                let expected = contract(method, caller, role);
                let wanted = if expected {
                    Code::Ok
                } else {
                    Code::PermissionDenied
                };
                assert_eq!(code, wanted, "{} by {caller} for {role:?}", method.path);
                *(if expected { &mut allowed } else { &mut denied }) += 1;
            }
        }
    }
    assert!(
        allowed > 300 && denied > 1000,
        "{allowed} allowed, {denied} denied: the table was read"
    );
}

#[tokio::test]
async fn without_a_good_token_nothing_passes() {
    for method in methods() {
        for caller in CALLERS {
            for role in ROLES {
                for kind in BAD {
                    let code = ask(&method.path, token(kind, caller, role, &method.service)).await;
                    assert_eq!(
                        code,
                        Code::Unauthenticated,
                        "{} by {caller} for {role:?}, {kind:?}",
                        method.path
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stranger_may_call_nothing_and_a_service_may_not_pose_as_the_gateways_user() {
    for method in methods() {
        for role in ROLES {
            let code = ask(
                &method.path,
                token(Token::Good, "stranger", role, &method.service),
            )
            .await;
            assert_eq!(code, Code::PermissionDenied, "{}", method.path);
        }
    }
    let place = "/khaacho.order.v1.OrderService/PlaceOrder";
    assert_eq!(
        ask(place, token(Token::Good, "gateway", Role::Retailer, "order")).await,
        Code::Ok
    );
    assert_eq!(
        ask(place, token(Token::Good, "credit", Role::Owner, "order")).await,
        Code::PermissionDenied
    );
    assert_eq!(
        ask(place, token(Token::Good, "gateway", Role::Auditor, "order")).await,
        Code::PermissionDenied
    );
    let hold = "/khaacho.credit.v1.HoldService/PlaceHold";
    assert_eq!(
        ask(hold, token(Token::Good, "order", Role::Service, "credit")).await,
        Code::Ok
    );
    assert_eq!(
        ask(hold, token(Token::Good, "gateway", Role::Owner, "credit")).await,
        Code::PermissionDenied
    );
    assert_eq!(
        ask(hold, token(Token::Good, "notification", Role::Service, "credit")).await,
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn what_no_contract_knows_is_not_there() {
    for path in [
        "/",
        "/khaacho.order.v1.OrderService/Nothing",
        "/khaacho.order.v1.OrderService/PlaceOrder/",
        "/x.Y/Z",
    ] {
        let token = token(Token::Good, "gateway", Role::Owner, "order");
        assert_eq!(ask(path, token).await, Code::Unimplemented, "{path}");
    }
}
