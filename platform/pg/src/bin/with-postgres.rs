//! Runs a command with a private, throw-away PostgreSQL: `with-postgres cargo test`. The command finds it in
//! `KHAACHO_TEST_DATABASE_URL`; afterwards the server and its data are gone. Exits as the command did.

use std::{
    env, fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    process::{Command, ExitCode},
};

use anyhow::Context;
use khaacho_pg::embedded::{self, Durability, Embedded, Supervisor};

fn main() -> anyhow::Result<ExitCode> {
    embedded::supervise_if_asked();
    let mut arguments = env::args_os().skip(1);
    let program = arguments
        .next()
        .context("usage: with-postgres PROGRAM [ARGUMENT]…")?;
    let home = env::temp_dir().join(format!("khaacho-with-postgres-{}", std::process::id()));
    fs::DirBuilder::new()
        .mode(0o755)
        .create(&home)
        .with_context(|| format!("cannot create {}", home.display()))?;
    // whatever the umask: the server's user has to get through
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755))?;
    let server = Embedded::start(
        &home,
        Durability::Fast,
        Supervisor::Shell { remove_home: true },
        None,
    )?;
    let status = Command::new(&program)
        .args(arguments)
        .env("KHAACHO_TEST_DATABASE_URL", server.url())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    server.stop()?;
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Ok(ExitCode::from(code))
}
