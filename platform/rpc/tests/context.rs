//! What a call carries: principal, cause and trace.

use std::sync::{Arc, Mutex};

use khaacho_config::Secret;
use khaacho_fault::{Fault, Kind, Outcome};
use khaacho_proto::order::v1::intake_service_client::IntakeServiceClient;
use khaacho_rpc::{Ctx, MeshKeys, Principal, Role, Target, open};
use tonic::Request;

use crate::support::{Fake, Host, caller, caller_with, gateway, quote, receive, within};

type Seen = Arc<Mutex<Vec<Ctx>>>;

fn notes(seen: &Seen) -> impl Fn(&Ctx) + Send + Sync + 'static {
    let seen = seen.clone();
    move |ctx| seen.lock().expect("no panic").push(ctx.clone())
}

#[tokio::test]
async fn principal_cause_and_trace_travel_from_hop_to_hop() {
    let seen = Seen::default();
    let (at_inventory, at_order) = (notes(&seen), notes(&seen));
    let inventory = Fake::new(move |ctx| {
        at_inventory(&ctx);
        async { Ok(()) }
    });
    let inventory = Host::start(inventory.routes()).await;
    let order_calls = caller("order", "inventory", Target::Address(inventory.address()));
    let peers = order_calls.peers.clone();
    let order = Fake::new(move |ctx| {
        at_order(&ctx);
        let peers = peers.clone();
        async move { quote(&peers, &ctx).await }
    });
    let order = Host::start(order.routes()).await;
    let shop = Principal {
        subject: "acc_1".to_owned(),
        role: Role::Retailer,
        scope: Some("acc_1".to_owned()),
    };
    let ctx = within(8_000).on_behalf_of(shop.clone()).caused_by("msg_1");
    receive(&gateway(order.address()).peers, &ctx)
        .await
        .expect("answers");
    let seen = seen.lock().expect("no panic");
    let callers: Vec<_> = seen.iter().map(Ctx::caller).collect();
    assert_eq!(callers, ["gateway", "order"]);
    for hop in seen.iter() {
        assert_eq!(
            (hop.principal(), hop.cause(), hop.request_id()),
            (&shop, "msg_1", None)
        );
        assert_eq!(hop.trace().trace_id(), ctx.trace().trace_id());
    }
}

#[tokio::test]
async fn a_call_without_a_context_is_made_by_the_service_itself() {
    let seen = Seen::default();
    let note = notes(&seen);
    let fake = Fake::new(move |ctx| {
        note(&ctx);
        async { Ok(()) }
    });
    let host = Host::start(fake.routes()).await;
    let order = caller("order", "inventory", Target::Address(host.address()));
    let mut client = khaacho_proto::inventory::v1::quote_service_client::QuoteServiceClient::new(
        order.peers.channel("inventory"),
    );
    client
        .quote_lines(Request::new(Default::default()))
        .await
        .expect("answers");
    let seen = seen.lock().expect("no panic");
    assert_eq!(
        (seen[0].caller(), seen[0].principal()),
        ("order", &Principal::service("order"))
    );
}

#[test]
fn a_request_that_came_past_the_guard_is_refused() {
    let status = open(Request::new(())).expect_err("no context");
    assert_eq!(Fault::from(status).kind(), Kind::Unauthenticated);
}

/// Somebody with the right key must not be told that it is wrong because two clocks of ours differ.
#[tokio::test]
async fn a_process_that_its_peer_does_not_believe_is_without_that_peer() {
    let fake = Fake::new(|_| async { Ok(()) });
    let host = Host::start(fake.routes()).await;
    let other = MeshKeys::new(&Secret::new("fedcba9876543210fedcba9876543210")).expect("long enough");
    let gateway = caller_with(other, "gateway", "order", Target::Address(host.address()));
    let mut client = IntakeServiceClient::new(gateway.peers.channel("order"));
    let refused = client
        .receive_message(within(5_000).outgoing(Default::default()))
        .await
        .expect_err("not believed");
    let fault = Fault::from(refused);
    assert_eq!(fault.kind(), Kind::Unavailable, "{fault:?}");
    assert_eq!(fault.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn a_caller_is_told_that_an_answer_was_given_before() {
    for replayed in [true, false] {
        let fake = Fake::new(move |ctx| async move {
            if replayed {
                ctx.mark_replayed();
            }
            Ok(())
        });
        let host = Host::start(fake.routes()).await;
        let gateway = gateway(host.address());
        let mut client = IntakeServiceClient::new(gateway.peers.channel("order"));
        let answer = client
            .receive_message(within(5_000).outgoing(Default::default()))
            .await;
        let answer = answer.expect("answers");
        assert_eq!(answer.metadata().contains_key("x-khaacho-replayed"), replayed);
    }
}
