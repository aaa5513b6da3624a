use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_order, order};

async fn story(world: &World, name: &str) -> Vec<(String, String)> {
    let body = pb::ExplainCreditRequest {
        order_id: order(name),
    };
    let told = answer(world.stories().explain_credit(by_order(body)).await).expect("told");
    assert!(
        told.events
            .iter()
            .all(|event| event.at.is_some() && event.trace_id.len() == 32)
    );
    told.events
        .into_iter()
        .map(|event| (event.kind, event.summary))
        .collect()
}

fn told(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter()
        .map(|(kind, summary)| ((*kind).to_owned(), (*summary).to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_tells_its_whole_story() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    let minute = std::time::Duration::from_secs(60);
    world.place(&shop, "a", 5_250_00).await.expect("held");
    world.hand.advance(minute);
    world.post("a", 5_000_00).await.expect("posted");
    world.hand.advance(minute);
    world.pay(&shop, 2_000_00).await;
    let expected = [
        ("hold", "held Rs 5,250 of Rs 50,000 limit"),
        ("hold", "hold of Rs 5,250 became a debt of Rs 5,000"),
        ("ledger_entry", "delivery posted: Rs 5,000"),
        (
            "invoice",
            "invoice INV8384-000001 of Rs 5,000, due 2026-12-13, Rs 3,000 open",
        ),
        ("payment", "Rs 2,000 paid by cash, part of Rs 2,000"),
    ];
    assert_eq!(story(&world, "a").await, told(&expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_says_what_was_given_back() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    world.place(&shop, "a", 5_250_00).await.expect("held");
    world.release(&shop, "a").await.expect("released");
    world.release(&shop, "b").await.expect("released in advance");
    assert_eq!(
        story(&world, "a").await[1],
        told(&[("hold", "released Rs 5,250: CANCELLED")])[0]
    );
    assert_eq!(
        story(&world, "b").await,
        told(&[("hold", "released before it was held: CANCELLED")])
    );
    assert_eq!(story(&world, "never heard of").await, Vec::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_names_its_cause() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    world.deliver(&shop, "a", 5_250_00).await;
    let body = pb::ExplainCreditRequest { order_id: order("a") };
    let told = answer(world.stories().explain_credit(by_order(body)).await).expect("told");
    assert!(
        told.events
            .iter()
            .all(|event| event.cause_id == "job_of_the_order"),
        "{told:?}"
    );
}
