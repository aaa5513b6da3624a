//! What was written to the WAL, by `pg_waldump`: exact, and without asking the server, whose own counters lag.

use std::process::Stdio;

use anyhow::Context as _;

use super::stage::{Stage, programs};

/// Records between two places.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Wal {
    /// Commits.
    pub commits: f64,
    /// Records.
    pub records: f64,
    /// Their bytes, without images of whole pages: those depend on when the last checkpoint was.
    pub bytes: f64,
    /// Bytes of images of whole pages.
    pub images: f64,
}

/// Reads what lies between two places.
///
/// # Errors
/// When pg_waldump fails.
pub async fn between(stage: &Stage, from: &str, to: &str) -> anyhow::Result<Wal> {
    if from == to {
        return Ok(Wal::default());
    }
    // what is in the server's buffers is not in the file yet
    let flush = "select pg_logical_emit_message(true, 'kasauti', '')";
    stage.postgres.execute("postgres", flush).await?;
    let told = tokio::process::Command::new(programs()?.join("pg_waldump"))
        .arg("--stats=record")
        .arg(format!("--path={}", stage.dir.join("pg/pg_wal").display()))
        .args(["-s", from, "-e", to])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    parse(&text).with_context(|| {
        format!(
            "pg_waldump from {from} to {to} told: {text} {}",
            String::from_utf8_lossy(&told.stderr)
        )
    })
}

/// Lines are `Type  N (share) size (share) images (share) all (share)`; shares in brackets or parentheses.
fn parse(text: &str) -> Option<Wal> {
    let numbers = |line: &str| -> Vec<f64> {
        line.split_whitespace()
            .filter(|word| !word.contains(['(', ')', '[', ']', '%']))
            .filter_map(|word| word.parse().ok())
            .collect()
    };
    let mut wal = Wal::default();
    let mut whole = false;
    for line in text.lines() {
        let numbers = numbers(line);
        if line.trim_start().starts_with("Transaction/COMMIT ") {
            wal.commits += numbers.first()?;
        } else if line.trim_start().starts_with("Total") {
            let [records, bytes, images, ..] = numbers[..] else {
                return None;
            };
            (wal.records, wal.bytes, wal.images) = (records, bytes, images);
            whole = true;
        }
    }
    whole.then_some(wal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_and_commits_are_read() {
        let text = "\
WAL statistics between 0/1 and 0/2:
Type   N   (%)   Record size   (%)   FPI size   (%)   Combined size   (%)
----   -   ---   -----------   ---   --------   ---   -------------   ---
Transaction/COMMIT   7 ( 10.29)   322 (  5.57)   0 (  0.00)   322 (  2.31)
Heap/INSERT   40 ( 58.82)   4000 ( 69.20)   8148 (100.00)   12148 ( 87.23)
   --------   --------   --------   --------
Total   68   5780 [41.50%]   8148 [58.50%]   13928 [100%]
";
        let wanted = Wal {
            commits: 7.0,
            records: 68.0,
            bytes: 5780.0,
            images: 8148.0,
        };
        assert_eq!(parse(text), Some(wanted));
        assert_eq!(parse("pg_waldump: error"), None);
    }
}
