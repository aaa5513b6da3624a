//! What an operator sees and does.

use crate::support::{World, job, work, writes};

#[tokio::test]
async fn jobs_are_listed_in_pages_oldest_first() {
    let world = World::new().await;
    for i in 0..7 {
        world.enqueue([job("k", &i.to_string()), job("k", "twin")]).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = world.door.list_jobs(false, after, 4).await.expect("lists");
        let Some(last) = page.last() else { break };
        after = Some((last.created_at, last.id));
        seen.extend(page.into_iter().map(|job| (job.created_at, job.id)));
    }
    assert_eq!(seen.len(), 14);
    assert!(seen.is_sorted());
    assert!(
        world
            .door
            .list_jobs(true, None, 10)
            .await
            .expect("lists")
            .is_empty()
    );
}

#[tokio::test]
async fn a_parked_job_is_retried_or_dropped_and_no_other_is() {
    let world = World::new().await;
    world
        .enqueue([job("k", "a"), job("k", "b"), job("k", "waits")])
        .await;
    world
        .sql("update shop.job set parked_at = now(), faults = 20 where body <> '\"waits\"'")
        .await;
    let rows = world.door.list_jobs(false, None, 10).await.expect("lists");
    let ids = rows
        .iter()
        .map(|row| (row.id.into(), row.parked_at.is_some()))
        .collect::<Vec<_>>();
    let waits = ids.iter().find(|(_, parked)| !parked).expect("one waits").0;
    assert!(world.door.retry_job(waits).await.expect("asks").is_none());
    assert!(world.door.drop_job(waits).await.expect("asks").is_none());
    let parked: Vec<_> = ids
        .iter()
        .filter(|(_, parked)| *parked)
        .map(|(id, _)| *id)
        .collect();
    let depth = world.door.depth().await.expect("counts");
    assert_eq!((depth.waiting, depth.parked), (1, 2));
    let retried = world
        .door
        .retry_job(parked[0])
        .await
        .expect("asks")
        .expect("it was parked");
    assert_eq!((retried.faults, retried.parked_at), (0, None));
    world
        .door
        .drop_job(parked[1])
        .await
        .expect("asks")
        .expect("it was parked");
    let running = work(&world.door, [writes("k")]);
    world.until_quiet().await;
    running.stop().await;
    assert_eq!((world.effects().await, world.jobs().await), (2, 0));
}

#[tokio::test]
async fn the_age_of_a_queue_is_that_of_its_oldest_due_job() {
    let world = World::new().await;
    let now = world.door.clock().now();
    assert_eq!(world.door.depth().await.expect("counts").oldest_seconds, 0.0);
    world
        .enqueue([job("k", "later").at(now + chrono::Duration::hours(1))])
        .await;
    assert_eq!(world.door.depth().await.expect("counts").oldest_seconds, 0.0);
    world
        .enqueue([job("k", "old").at(now - chrono::Duration::seconds(90))])
        .await;
    let oldest = world.door.depth().await.expect("counts").oldest_seconds;
    assert!((90.0..150.0).contains(&oldest), "{oldest}");
}
