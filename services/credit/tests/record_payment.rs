use chrono::TimeDelta;
use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance, reason, stamp, start};

fn cheque(world: &World, shop: &pb::Account, reference: &str) -> pb::RecordPaymentRequest {
    pb::RecordPaymentRequest {
        request_id: world.request_id(),
        account_id: shop.code.clone(),
        amount_paisa: 10_00,
        method: pb::PaymentMethod::Cheque.into(),
        reference: reference.to_owned(),
        received_at: None,
    }
}

async fn record(world: &World, body: pb::RecordPaymentRequest) -> Result<pb::RecordPaymentResponse, Fault> {
    answer(world.payments().record_payment(by_finance(body)).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_lowers_the_debt_and_pays_the_oldest_due_invoices_first() {
    let world = World::new().await;
    let shop = world.shop(1000_00).await;
    let first = world.deliver(&shop, "a", 100_00).await;
    let second = world.deliver(&shop, "b", 100_00).await;
    let paid = world.pay(&shop, 150_00).await;
    let (payment, balance) = (paid.payment.expect("a payment"), paid.balance.expect("a balance"));
    let parts: Vec<_> = payment
        .allocations
        .iter()
        .map(|part| (part.invoice_number.as_str(), part.amount_paisa))
        .collect();
    assert_eq!(
        parts,
        [
            (first.invoice_number.as_str(), 100_00),
            (second.invoice_number.as_str(), 50_00)
        ]
    );
    assert_eq!((balance.owed_paisa, balance.next_due_paisa), (50_00, 50_00));
    assert_eq!(
        (payment.recorded_by.as_str(), payment.received_at),
        ("key_finance", stamp(start()))
    );
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_due_date_is_paid_before_an_earlier_order() {
    let world = World::new().await;
    let shop = world.shop(1000_00).await;
    world.deliver(&shop, "late", 100_00).await;
    world.place(&shop, "early", 100_00).await.expect("held");
    let body = pb::PostHoldRequest {
        delivered_at: stamp(start() - TimeDelta::days(5)),
        ..crate::world::delivery("early", 100_00)
    };
    let early = world.post_as(body).await.expect("posted");
    let paid = world.pay(&shop, 10_00).await.payment.expect("a payment");
    assert_eq!(paid.allocations[0].invoice_number, early.invoice_number);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_is_recorded_once_per_method() {
    let world = World::new().await;
    let (shop, other) = (world.shop(0).await, world.shop(0).await);
    record(&world, cheque(&world, &shop, "CHQ 1"))
        .await
        .expect("recorded");
    assert_eq!(
        reason(record(&world, cheque(&world, &other, "CHQ 1")).await),
        "PAYMENT_REFERENCE_USED"
    );
    let transfer = pb::RecordPaymentRequest {
        method: pb::PaymentMethod::BankTransfer.into(),
        ..cheque(&world, &shop, "CHQ 1")
    };
    record(&world, transfer).await.expect("another method");
    world.pay(&shop, 1_00).await;
    world.pay(&shop, 1_00).await;
    assert_eq!(world.count("select count(*) from credit.payment").await, 4);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_payment_is_one_payment() {
    let world = World::new().await;
    let shop = world.shop(0).await;
    let body = cheque(&world, &shop, "CHQ 1");
    let first = record(&world, body.clone()).await.expect("recorded");
    assert_eq!(record(&world, body).await.expect("replayed"), first);
    assert_eq!(world.balance(&shop).await.owed_paisa, -10_00);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_from_the_future_without_reference_or_from_nobody_is_refused() {
    let world = World::new().await;
    let shop = world.shop(0).await;
    let future = pb::RecordPaymentRequest {
        received_at: stamp(start() + TimeDelta::hours(1)),
        ..cheque(&world, &shop, "CHQ 1")
    };
    let refused = record(&world, future).await.expect_err("in the future");
    assert_eq!(
        (refused.reason(), refused.violations()[0].field.as_str()),
        ("INVALID_ARGUMENT", "received_at")
    );
    let refused = record(&world, cheque(&world, &shop, ""))
        .await
        .expect_err("no reference");
    assert_eq!(refused.violations()[0].field, "reference");
    let nobody = pb::RecordPaymentRequest {
        account_id: "R99999".to_owned(),
        ..cheque(&world, &shop, "CHQ 1")
    };
    assert_eq!(reason(record(&world, nobody).await), "ACCOUNT_UNKNOWN");
    assert_eq!(world.count("select count(*) from credit.entry").await, 0);
}
