use khaacho_cache::{Script, Trouble, cmd, pipe};

use crate::support::{Process, Server, fresh_key};

#[tokio::test]
async fn a_script_is_uploaded_when_the_server_does_not_know_it() {
    let server = Server::alone().await;
    let process = Process::start(&server.url).await;
    let script = Script::new("return redis.call('incrby', KEYS[1], ARGV[1])");
    let key = format!("khaacho:limit:{}", fresh_key());
    for total in [3, 6] {
        assert_eq!(process.redis.eval::<i64>(&script, &[&key], &[3]).await, Ok(total));
        server.does::<()>(&["SCRIPT", "FLUSH"]).await;
    }
    process.stop().await;
}

#[tokio::test]
async fn an_error_answer_is_reported_and_opens_no_breaker() {
    let server = Server::start().await;
    let process = Process::start(&server.url).await;
    for _ in 0..10 {
        let answer = process.redis.run::<()>(&cmd("NOSUCHCOMMAND")).await;
        assert!(matches!(answer, Err(Trouble::Other(_))), "{answer:?}");
    }
    let mut commands = pipe();
    commands.cmd("ECHO").arg("a").cmd("ECHO").arg("b");
    let answers = process.redis.run_all::<(String, String)>(&commands).await;
    assert_eq!(answers, Ok(("a".to_owned(), "b".to_owned())));
    process.stop().await;
}
