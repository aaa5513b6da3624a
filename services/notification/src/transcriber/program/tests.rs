use std::fs;
use std::path::Path;
use std::time::Instant;

use super::*;

fn program(script: &str, limit: Duration) -> Program {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/transcribers");
    let path = fixtures.join(script);
    Program::new(Settings { path, limit })
}

const PATIENT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_sound_goes_in_and_the_words_come_out_and_nothing_of_ours_is_seen() {
    // more than a pipe takes at once
    let sound = vec![7; 1 << 20];
    let words = program("echo.sh", PATIENT).hear("audio/ogg", &sound).await;
    assert_eq!(words.as_deref(), Ok("दुई बोरा चामल audio/ogg 1048576 0 /\n"));
}

#[tokio::test]
async fn what_hangs_is_ended_with_everything_that_it_started() {
    let told = std::env::temp_dir().join(format!("khaacho-transcriber-{}", std::process::id()));
    let told = told.to_str().expect("a path in UTF-8");
    let started = Instant::now();
    let heard = program("hang.sh", Duration::from_secs(3))
        .hear(told, b"sound")
        .await;
    assert_eq!(heard, Err(Deaf::Late));
    assert!(started.elapsed() < PATIENT, "{:?}", started.elapsed());
    let id = fs::read_to_string(told).expect("it has started something");
    fs::remove_file(told).expect("it was there");
    let stat = format!("/proc/{}/stat", id.trim());
    // What is dead may still be waited for by the process that takes over orphans.
    let lives = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    for _ in 0..500 {
        if !lives() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{stat} still lives");
}

#[tokio::test]
async fn a_flood_a_failure_and_a_missing_program_give_no_words() {
    // the flood does not read: what is to be written to it must not hold us up
    let sound = vec![7; 1 << 20];
    for (script, deaf) in [
        ("flood.sh", Deaf::TooMuch),
        ("fail.sh", Deaf::Failed),
        ("no-such.sh", Deaf::Missing),
    ] {
        let heard = program(script, PATIENT).hear("audio/ogg", &sound).await;
        assert_eq!(heard, Err(deaf), "{script}");
    }
}
