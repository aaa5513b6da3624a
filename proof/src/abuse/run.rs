//! Class by class: send, judge, count rows, look at the process.

use std::time::Duration;

use futures_util::future::join_all;

use super::case::{Case, Class, Request, Send};
use super::cases::World;
use super::judge::{judge, only_late, told_seen};
use super::mesh::Mesh;
use super::play::play;
use super::report::{Failure, Tally};
use super::rows::{Books, moved};
use super::watch::{Watch, memory};
use super::wire;

/// Cases whose rows are counted together.
const GROUP_MAX: usize = 40;
/// How long work may take to be done after a group.
const SETTLE: Duration = Duration::from_secs(20);

/// Sends cases to one mesh.
#[derive(Debug)]
pub struct Runner<'a> {
    mesh: &'a mut Mesh,
    books: Books,
    watch: Watch,
}

impl<'a> Runner<'a> {
    /// For a running mesh.
    ///
    /// # Errors
    /// When its database or log cannot be read.
    pub async fn new(mesh: &'a mut Mesh, books: Books, world: &World) -> anyhow::Result<Self> {
        let watch = Watch::begin(mesh, world).await?;
        Ok(Self { mesh, books, watch })
    }

    /// Runs all cases of a class.
    ///
    /// # Errors
    /// When the mesh is gone or its books cannot be read.
    pub async fn class(&mut self, class: Class, label: &str, cases: &[Case]) -> anyhow::Result<Tally> {
        let mut tally = Tally::new(class, label, cases.len());
        tally.memory_before_kib = self.mesh.memory_kib();
        for group in groups(cases) {
            let failures = self.group(group).await?;
            tally.failures.extend(failures);
        }
        let whole = |what: Vec<String>| Failure::of_class(class, label, what);
        let (after, grown) = memory(self.mesh, tally.memory_before_kib).await;
        tally.memory_after_kib = after;
        tally.failures.extend(grown.map(|what| whole(vec![what])));
        let written = self.watch.look(self.mesh).await?;
        tally
            .failures
            .extend(written.into_iter().map(|what| whole(vec![what])));
        Ok(tally)
    }

    async fn group(&mut self, group: &[Case]) -> anyhow::Result<Vec<Failure>> {
        self.books.settle(SETTLE).await?;
        let before = self.books.read().await?;
        let mut failures = self.send(group).await?;
        let due = self.books.settle(SETTLE).await?;
        let after = self.books.read().await?;
        let expect = &group[0].expect;
        let mut wrong = moved(&before, &after, expect.may, &expect.exactly);
        if due > 0 {
            wrong.push(format!("{due} jobs are still due after {} s", SETTLE.as_secs()));
        }
        if wrong.is_empty() {
            return Ok(failures);
        }
        if group.len() == 1 {
            failures.push(Failure::of(&group[0], wrong));
            return Ok(failures);
        }
        // Which of them was it? Each alone, once more.
        let mut found = Vec::new();
        for case in group {
            let alone = Box::pin(self.group(std::slice::from_ref(case))).await?;
            found.extend(
                alone
                    .into_iter()
                    .filter(|failure| failure.what.iter().any(|what| what.contains(" moved "))),
            );
        }
        if found.is_empty() {
            wrong.push("none of them does so again alone".to_owned());
            let mut failure = Failure::of(&group[0], wrong);
            failure.name = format!("{} to {}", group[0].id, group[group.len() - 1].id);
            found.push(failure);
        }
        failures.extend(found);
        Ok(failures)
    }

    /// Sends the cases of a group; those that are slow on purpose all at once.
    async fn send(&mut self, group: &[Case]) -> anyhow::Result<Vec<Failure>> {
        let mut failures = Vec::new();
        if together(&group[0]) {
            let mesh: &Mesh = self.mesh;
            let seen = join_all(group.iter().map(|case| play(mesh, case))).await;
            for (case, seen) in group.iter().zip(seen) {
                let wrong = judge(case, &seen);
                if !wrong.is_empty() {
                    failures.push(Failure::seen(case, wrong, &told_seen(&seen)));
                }
            }
            failures.extend(self.lives(&group[0]).await?);
            return Ok(failures);
        }
        for case in group {
            failures.extend(self.one(case).await);
            failures.extend(self.lives(case).await?);
        }
        Ok(failures)
    }

    async fn one(&mut self, case: &Case) -> Option<Failure> {
        let mut seen = play(self.mesh, case).await;
        // The machine may have been busy with something else: only what is late three times is late.
        for _ in 0..2 {
            if !case.expect.exactly.is_empty() || !only_late(case, &seen) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            seen = play(self.mesh, case).await;
        }
        let wrong = judge(case, &seen);
        (!wrong.is_empty()).then(|| Failure::seen(case, wrong, &told_seen(&seen)))
    }

    /// The process is the same, and an ordinary request is answered.
    async fn lives(&mut self, case: &Case) -> anyhow::Result<Option<Failure>> {
        anyhow::ensure!(self.mesh.alive(), "the process died at {} {}", case.id, case.name);
        if matches!(case.send, Send::Http(_)) {
            return Ok(None);
        }
        let request = Request::new("GET", "/health");
        let mut told = String::new();
        for _ in 0..3 {
            let seen = wire::http(self.mesh.gateway, &request, Duration::from_secs(2)).await;
            let fine = seen.replies.first().is_some_and(|reply| reply.status == 200);
            if fine && seen.took < Duration::from_secs(1) {
                return Ok(None);
            }
            told = format!(
                "afterwards /health gave {} in {} ms",
                told_seen(&seen),
                seen.took.as_millis()
            );
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        Ok(Some(Failure::of(case, vec![told])))
    }
}

/// Slow ones of HTTP/1 wait beside each other; crowds and floods want the server for themselves.
fn together(case: &Case) -> bool {
    case.expect.slow() && matches!(case.send, Send::Raw(_)) && case.name.starts_with("slow")
}

/// Runs of cases that may change no row are counted together. Others stand alone: what they leave behind would
/// hide what their neighbours do, and many of them have no effect when they come again.
fn groups(cases: &[Case]) -> impl Iterator<Item = &[Case]> {
    let kin = |a: &Case, b: &Case| {
        let still = |case: &Case| case.expect.exactly.is_empty() && case.expect.may.is_empty();
        still(a) && still(b) && together(a) == together(b)
    };
    cases.chunk_by(kin).flat_map(|run| run.chunks(GROUP_MAX))
}

#[cfg(test)]
mod tests {
    use super::super::case::{Expect, Maker};
    use super::*;

    #[test]
    fn cases_that_must_change_rows_stand_alone() {
        let mut make = Maker::new(Class::B12);
        let get = || Send::Http(Request::new("GET", "/live"));
        for n in 0..50 {
            make.add(format!("{n}"), get(), Expect::status(&[200]));
        }
        make.add(
            "one",
            get(),
            Expect::status(&[200]).exactly(&[("credit.payment", 1)]),
        );
        make.add(
            "two",
            get(),
            Expect::status(&[200]).exactly(&[("credit.payment", 1)]),
        );
        make.add("other rows", get(), Expect::status(&[200]).may(&["orders.quote"]));
        let cases = make.done();
        let lengths: Vec<usize> = groups(&cases).map(<[Case]>::len).collect();
        assert_eq!(lengths, [40, 10, 1, 1, 1]);
    }
}
