//! The private server, started through the real supervisor.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use khaacho_pg::embedded::{Durability, Embedded, HIDDEN_ARG, Supervisor};
use sqlx::{Connection, PgConnection};

use crate::temp_home;

fn start(home: &Path, durability: Durability) -> anyhow::Result<Embedded> {
    let executable = PathBuf::from(env!("CARGO_BIN_EXE_with-postgres"));
    Embedded::start(home, durability, Supervisor::Executable(executable), None)
}

fn ask(url: &str, sql: &'static str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut conn = PgConnection::connect(url).await.expect("the server answers");
        sqlx::query_scalar(sql)
            .fetch_one(&mut conn)
            .await
            .expect("the query runs")
    })
}

fn run(url: &str, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(crate::admin(url, sql.to_owned()));
}

fn server_pid(home: &Path) -> Option<u32> {
    let own = fs::read_dir(home.join("postgres")).ok()?;
    let data = own
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.join("PG_VERSION").exists())?;
    fs::read_to_string(data.join("postmaster.pid"))
        .ok()?
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "waited 30 s for: {what}"
        );
        std::thread::yield_now();
    }
}

#[test]
fn data_is_kept_between_runs_and_commits_are_durable() {
    let home = temp_home();
    let server = start(&home, Durability::Durable).expect("first start");
    assert_eq!(ask(server.url(), "select current_user::text"), "khaacho");
    run(server.url(), "create table kept ()");
    server.stop().expect("stops");
    assert_eq!(server_pid(&home), None, "nothing runs any more");

    let server = start(&home, Durability::Durable).expect("second start");
    assert_eq!(ask(server.url(), "select to_regclass('kept')::text"), "kept");
    let switches = "select current_setting('fsync') || current_setting('full_page_writes') \
                    || current_setting('synchronous_commit') || current_setting('max_connections') \
                    || current_setting('listen_addresses')";
    assert_eq!(ask(server.url(), switches), "ononon100");
    server.stop().expect("stops");
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn a_second_start_is_told_who_holds_the_directory_and_nothing_else_is_chowned() {
    let home = temp_home();
    let before = fs::metadata(&home).expect("home").uid();
    let server = start(&home, Durability::Fast).expect("starts");
    let error = start(&home, Durability::Fast).expect_err("in use").to_string();
    assert!(
        error.contains(&format!("is in use by process {}", std::process::id())),
        "{error}"
    );
    assert_eq!(fs::metadata(&home).expect("home").uid(), before);
    drop(server);
    assert_eq!(server_pid(&home), None, "dropping stops it");
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn a_killed_parent_takes_the_server_with_it_and_a_killed_supervisor_does_not_block_a_restart() {
    let home = temp_home();
    let mut supervisor = Command::new(env!("CARGO_BIN_EXE_with-postgres"))
        .args([HIDDEN_ARG, "fast", &std::process::id().to_string()])
        .arg(&home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("spawns");
    until("the first server", || server_pid(&home).is_some());
    let first = server_pid(&home);
    // the supervisor goes without a word; its server stays behind as an orphan
    supervisor.kill().expect("ours");
    supervisor.wait().expect("ours");
    let server = start(&home, Durability::Fast).expect("starts over the orphan");
    assert_ne!(server_pid(&home), first, "the orphan was replaced");
    server.stop().expect("stops");

    let mut supervisor = Command::new(env!("CARGO_BIN_EXE_with-postgres"))
        .args([HIDDEN_ARG, "fast", &std::process::id().to_string()])
        .arg(&home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("spawns");
    until("the second server", || server_pid(&home).is_some());
    // what the kernel does when the parent dies
    drop(supervisor.stdin.take());
    assert!(supervisor.wait().expect("ours").success());
    assert_eq!(server_pid(&home), None);
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn a_home_that_is_too_long_for_a_socket_gets_a_short_one() {
    let home = temp_home();
    let long = home.join("d".repeat(60)).join("e".repeat(60));
    let server = start(&long, Durability::Fast).expect("starts");
    assert!(
        server.url().starts_with("postgres://khaacho@%2Ftmp%2Fkhaacho-"),
        "{}",
        server.url()
    );
    let socket_dir = ask(server.url(), "show unix_socket_directories");
    assert_eq!(
        fs::metadata(&socket_dir)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    server.stop().expect("stops");
    assert!(!Path::new(&socket_dir).exists(), "and it goes with the server");
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn root_is_told_which_directory_the_server_cannot_enter() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let home = temp_home();
    let closed = home.join("closed");
    fs::create_dir(&closed).expect("new");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("ours");
    let error = start(&closed.join("data"), Durability::Fast)
        .expect_err("unreachable")
        .to_string();
    assert!(
        error.contains(&format!("cannot enter {}", closed.display())),
        "{error}"
    );
    assert!(error.contains("--data-dir"), "{error}");
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn foreign_directories_and_missing_programs_are_refused_in_one_sentence() {
    let home = temp_home();
    fs::create_dir(home.join("postgres")).expect("new");
    fs::write(home.join("postgres/diary.txt"), "mine").expect("new");
    let error = start(&home, Durability::Fast).expect_err("not ours").to_string();
    assert!(error.contains("was not made by khaacho"), "{error}");

    let executable = PathBuf::from(env!("CARGO_BIN_EXE_with-postgres"));
    let nowhere = Some(PathBuf::from("/nowhere"));
    let error = Embedded::start(
        &home,
        Durability::Fast,
        Supervisor::Executable(executable),
        nowhere,
    )
    .expect_err("no programs")
    .to_string();
    assert!(
        error.starts_with("/nowhere does not hold") && !error.contains('\n'),
        "{error}"
    );
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn data_of_a_version_that_is_gone_is_not_replaced_by_an_empty_database() {
    let home = temp_home();
    fs::create_dir_all(home.join("postgres/pg9")).expect("new");
    fs::write(home.join("postgres/lock"), "").expect("new");
    let error = start(&home, Durability::Fast).expect_err("old data").to_string();
    assert!(
        error.contains("was written by PostgreSQL 9, which is not installed"),
        "{error}"
    );
    fs::remove_dir_all(&home).expect("all ours");
}

#[test]
fn the_shell_keeper_removes_its_home() {
    let home = temp_home();
    let keeper = Supervisor::Shell { remove_home: true };
    let server = Embedded::start(&home, Durability::Fast, keeper, None).expect("starts");
    assert_eq!(ask(server.url(), "show fsync"), "off");
    server.stop().expect("stops");
    assert!(!home.exists());
}
