//! Callers who go away.

use khaacho_durable::run;
use sqlx::Connection;

use crate::support::{Note, SOON, World, asked, eventually, job, work, writes};

#[tokio::test]
async fn a_command_whose_caller_goes_away_commits_exactly_once() {
    let world = World::new().await;
    let mut gate = world.session().await;
    sqlx::raw_sql("select pg_advisory_lock(7)")
        .execute(&mut gate)
        .await
        .expect("locks");
    let waiting = "select count(*) from pg_stat_activity where wait_event = 'advisory' and datname = current_database()";
    let note = || {
        Note::new("a")
            .and(job("k", "from the job"))
            .first("select pg_advisory_xact_lock(7)")
    };
    let ctx = asked("r-1");
    tokio::select! {
        _ = run(&world.door, &ctx, note()) => panic!("nobody opened the gate"),
        () = eventually("it is inside", SOON, async || world.number(waiting).await == 1) => {}
    }
    gate.close().await.expect("the session ends and its lock goes");
    let again = run(&world.door, &asked("r-1"), note()).await.expect("replayed");
    assert!(again.replayed, "the transaction went on without its caller");
    assert_eq!((world.effects().await, world.jobs().await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn impatient_callers_who_ask_again_get_every_effect_once() {
    let world = World::new().await;
    let running = work(&world.door, [writes("k")]);
    let callers = (0..8_u64).map(|caller| {
        let door = world.door.clone();
        async move {
            for round in 0..15_u64 {
                let patience = std::time::Duration::from_micros((caller * 977 + round * 1753) % 20_000);
                let id = format!("r-{caller}-{round}");
                let note = || Note::new("a").and(job("k", "b"));
                let _ = tokio::time::timeout(patience, run(&door, &asked(&id), note())).await;
                run(&door, &asked(&id), note()).await.expect("in the end");
            }
        }
    });
    futures_util::future::join_all(callers).await;
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(
        world
            .number("select count(*) from shop.effect where label = 'a'")
            .await,
        8 * 15
    );
    assert_eq!(
        world
            .number("select count(*) from shop.effect where label = 'b'")
            .await,
        8 * 15
    );
}
