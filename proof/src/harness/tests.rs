//! Against the built program, which lies beside the tests.

use std::time::Duration;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mesh_survives_what_the_harness_can_do() {
    let dir = std::env::temp_dir().join(format!("kasauti-mesh-{}", std::process::id()));
    let binary = program(None).expect("it is built");
    let postgres = Postgres::start(&dir).await.expect("a database");
    postgres.seed(&binary).await.expect("the demonstration");
    let redis = Redis::start(&dir).await.expect("a Redis");
    let mut plan = Plan::new(&dir, &binary, Mode::Split, postgres.url("khaacho"));
    plan.env_everywhere("REDIS_URL", &redis.url());
    let mesh = Mesh::start(plan).await.expect("a mesh");
    let pids: Vec<_> = mesh.roles().iter().filter_map(|role| mesh.pid(*role)).collect();
    assert_eq!(pids.len(), 6);
    for role in mesh.roles() {
        let took = mesh
            .restart(*role, Duration::from_secs(30))
            .await
            .expect("serves again");
        println!("{role}: {took:?} {:?}", mesh.usage(*role));
    }
    mesh.signal(Role::Order, Signal::STOP).expect("it runs");
    mesh.signal(Role::Order, Signal::CONT).expect("it runs");
    println!(
        "PostgreSQL: {:?}",
        postgres.restart_immediately().await.expect("it comes back")
    );
    redis.kill();
    redis.spawn().expect("it starts");
    redis.ready().await.expect("it answers");
    redis.flush_all().await.expect("it answers");
    for role in mesh.roles() {
        mesh.ready(*role, Duration::from_secs(30))
            .await
            .expect("serves again");
    }
    let answer = mesh
        .owner()
        .get("/api/v1/accounts?page_size=100")
        .await
        .expect("an answer");
    assert_eq!(
        answer.body["accounts"].as_array().map(Vec::len),
        Some(40),
        "{}",
        answer.text()
    );
    assert!(mesh.ended().is_empty());
    mesh.stop().await.expect("all end cleanly");
    postgres.reset("khaacho", "demo").await.expect("a fresh copy");
    postgres.stop().await.expect("it ends");
    drop(redis);
    assert!(pids.iter().all(|pid| usage(*pid).is_none()));
    std::fs::remove_dir_all(&dir).expect("ours");
}
