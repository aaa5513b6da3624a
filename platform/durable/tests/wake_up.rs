//! How a runner hears of a new job.

use std::time::{Duration, Instant};

use khaacho_durable::{Door, Runner};
use khaacho_lifecycle::Stop;
use tokio::task::JoinSet;

use crate::support::{SOON, World, enqueue, eventually, job, start, work, writes};

/// A poll every 500 ms finds one job in five so soon; a bell finds nearly all.
const HEARD: Duration = Duration::from_millis(100);
const ROUNDS: usize = 20;

/// In how many rounds a job that `door` enqueues was done so soon that the runner must have been told.
async fn heard(world: &World, door: &Door) -> usize {
    let mut heard = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        enqueue(door, [job("k", "a")]).await;
        let mut took = Duration::ZERO;
        eventually("the job is gone", SOON, async || {
            took = begun.elapsed();
            world.jobs().await == 0
        })
        .await;
        heard += usize::from(took < HEARD);
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runner_hears_of_jobs_of_its_own_process_at_once() {
    let world = World::new().await;
    let running = work(&world.door, [writes("k")]);
    world.marker().await;
    let heard = heard(&world, &world.door).await;
    running.stop().await;
    assert!(heard > ROUNDS / 2, "{heard} of {ROUNDS}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_without_background_jobs_wakes_runners_in_others() {
    let world = World::new().await;
    let (door, stop, mut tasks) = (world.another_door().await, Stop::new(), JoinSet::new());
    // such a process may make its runner, it only does not run it
    let made = Runner::new(door.clone(), vec![writes("k")]);
    tasks.spawn(door.clone().announce(stop.clone()));
    let running = start(Runner::new(world.door.clone(), vec![writes("k")]).listening(true));
    let listening =
        "select count(*) from pg_stat_activity where query ilike 'listen%' and datname = current_database()";
    eventually("it listens", SOON, async || world.number(listening).await == 1).await;
    let heard = heard(&world, &door).await;
    stop.cancel();
    tasks.join_all().await;
    running.stop().await;
    drop(made);
    assert!(heard > ROUNDS / 2, "{heard} of {ROUNDS}");
}

#[tokio::test]
async fn a_lost_bell_only_costs_time() {
    let world = World::new().await;
    let silent = world.another_door().await;
    let running = work(&world.door, [writes("k")]);
    world.marker().await;
    enqueue(&silent, [job("k", "a")]).await;
    eventually("the poll finds it", SOON, async || world.jobs().await == 0).await;
    running.stop().await;
}

#[tokio::test]
async fn a_listener_that_lost_its_connection_listens_again() {
    let world = World::new().await;
    let running = start(Runner::new(world.door.clone(), vec![writes("k")]).listening(true));
    let listening =
        "select count(*) from pg_stat_activity where query ilike 'listen%' and datname = current_database()";
    eventually("it listens", SOON, async || world.number(listening).await == 1).await;
    let mut session = world.session().await;
    let kill = "select pg_terminate_backend(pid) from pg_stat_activity
                where query ilike 'listen%' and datname = current_database() and pid <> pg_backend_pid()";
    let before = "select max(pid)::bigint from pg_stat_activity where query ilike 'listen%' and datname = current_database()";
    let before = world.number(before).await;
    sqlx::raw_sql(kill).execute(&mut session).await.expect("kills");
    eventually("another session listens", SOON, async || {
        let query = "select count(*) from pg_stat_activity
                     where query ilike 'listen%' and datname = current_database() and pid <> $1::int";
        let found: i64 = sqlx::query_scalar(query)
            .bind(i32::try_from(before).expect("a pid"))
            .fetch_one(&mut session)
            .await
            .expect("reads");
        found == 1
    })
    .await;
    running.stop().await;
}
