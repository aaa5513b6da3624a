//! Connections that break at the worst moment.

use khaacho_durable::run;
use khaacho_fault::{Kind, Outcome};

use crate::support::{Cut, Held, Note, SOON, World, asked, enqueue, eventually, job, work};

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_was_lost_is_looked_up() {
    let world = World::new().await;
    let (door, proxy) = world.proxied_door().await;
    proxy.cut_next(Cut::Answer);
    let done = run(&door, &asked("r-1"), Note::new("a").and(job("k", "")))
        .await
        .expect("it was committed");
    assert!(!done.replayed, "it is the first answer that the caller gets");
    assert_eq!((world.effects().await, world.jobs().await), (1, 1));
    assert!(
        run(&door, &asked("r-1"), Note::new("a"))
            .await
            .expect("replayed")
            .replayed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_did_not_arrive_has_an_unknown_outcome_and_may_be_repeated() {
    let world = World::new().await;
    let (door, proxy) = world.proxied_door().await;
    proxy.cut_next(Cut::Commit);
    let fault = run(&door, &asked("r-1"), Note::new("a"))
        .await
        .expect_err("nobody knows");
    assert_eq!(
        (fault.kind(), fault.outcome()),
        (Kind::Unavailable, Outcome::Unknown)
    );
    assert!(
        !run(&door, &asked("r-1"), Note::new("a"))
            .await
            .expect("done now")
            .replayed
    );
    assert_eq!(world.effects().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_without_a_request_id_cannot_be_looked_up() {
    let world = World::new().await;
    let (door, proxy) = world.proxied_door().await;
    proxy.cut_next(Cut::Answer);
    let ctx = khaacho_rpc::Ctx::for_test();
    let fault = run(&door, &ctx, Note::new("a")).await.expect_err("nobody knows");
    assert_eq!(fault.outcome(), Outcome::Unknown);
    assert_eq!(world.effects().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_last_commit_was_cut_has_its_effect_once() {
    for cut in [Cut::Answer, Cut::Commit] {
        let world = World::new().await;
        let (door, proxy) = world.proxied_door().await;
        let held = Held::new();
        let running = work(&door, [held.kind("k")]);
        enqueue(&world.door, [job("k", "a")]).await;
        held.until_begun(1).await;
        let ticked = "select count(*) from shop.schedule";
        eventually("other commits are over", SOON, async || {
            world.number(ticked).await == 1
        })
        .await;
        proxy.cut_next(cut);
        held.open();
        eventually("the job is gone", SOON, async || world.jobs().await == 0).await;
        assert_eq!(world.effects().await, 1, "{cut:?}");
        running.stop().await;
    }
}
