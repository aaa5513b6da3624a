//! The batched door: a pot with a limit that many take from at once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_durable::{
    Command, Door, Gathered, Item, JobKind, JobRun, NewJob, Transact, Tx, Verdict, gather,
};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::support::{World, asked, job, start};

/// Takes an amount, as long as the pot holds it. `who` decides what else happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Take {
    who: String,
    amount: i64,
}

const LIMIT: i64 = 100;
const POT: &str = "create table shop.pot (taken bigint not null check (taken <= 100)); insert into shop.pot values (0);
    create table shop.taking (who text primary key, amount bigint not null, batch bigint not null default txid_current());
    grant all on shop.pot, shop.taking to khaacho_shop";

impl Command for Take {
    const NAME: &'static str = "Take";
    type Snapshot = i64;
    type Decision = i64;
    type Refusal = Fault;

    fn decide(&self, taken: i64, _now: DateTime<Utc>) -> Result<i64, Fault> {
        if taken + self.amount > LIMIT {
            return Err(Fault::refused("POT_EMPTY"));
        }
        Ok(self.amount)
    }
}

async fn lock(tx: &mut Tx) -> Result<i64, Fault> {
    let taken = sqlx::query_scalar("select taken from shop.pot for no key update");
    Ok(taken.fetch_one(tx.conn()).await?)
}

async fn write(tx: &mut Tx, who: Vec<&str>, amounts: Vec<i64>) -> Result<(), Fault> {
    sqlx::query("insert into shop.taking (who, amount) select * from unnest($1::text[], $2::bigint[])")
        .bind(who)
        .bind(&amounts)
        .execute(tx.conn())
        .await?;
    sqlx::query("update shop.pot set taken = taken + $1")
        .bind(amounts.iter().sum::<i64>())
        .execute(tx.conn())
        .await?;
    Ok(())
}

impl Transact for Take {
    type Reply = i64;

    async fn load(&self, tx: &mut Tx) -> Result<i64, Fault> {
        lock(tx).await
    }

    async fn save(&self, amount: i64, tx: &mut Tx) -> Result<i64, Fault> {
        if self.who.starts_with("poison") {
            return Err(Fault::bug("poison"));
        }
        write(tx, vec![&self.who], vec![amount]).await?;
        Ok(amount)
    }
}

impl Gathered for Take {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<i64>>, Fault> {
        if items.iter().any(|item| item.command.who.starts_with("poison")) {
            return Err(Fault::bug("poison"));
        }
        assert!(!items.iter().any(|item| item.command.who == "panic"), "as asked");
        let mut taken = lock(tx).await?;
        let (mut who, mut amounts, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
        let mut names = HashSet::new();
        for item in items {
            if !names.insert(&item.command.who) {
                verdicts.push(Verdict::Alone);
                continue;
            }
            verdicts.push(match item.command.decide(taken, tx.now()) {
                Ok(amount) => {
                    taken += amount;
                    who.push(item.command.who.as_str());
                    amounts.push(amount);
                    Verdict::Done(amount)
                }
                Err(fault) => Verdict::Refused(fault),
            });
        }
        write(tx, who, amounts).await?;
        Ok(verdicts)
    }
}

async fn world() -> World {
    let world = World::new().await;
    world.sql(POT).await;
    world
}

/// Asks for all of them at the same time; the answers in their order.
async fn all(door: &Door, takes: Vec<(Ctx, Take)>) -> Vec<Result<(i64, bool), Fault>> {
    let mut tasks = JoinSet::new();
    for (n, (ctx, take)) in takes.into_iter().enumerate() {
        let door = door.clone();
        tasks.spawn(async move {
            let done = gather(&door, &ctx, take).await;
            (n, done.map(|done| (done.reply, done.replayed)))
        });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn take(who: impl Into<String>, amount: i64) -> (Ctx, Take) {
    let who = who.into();
    (asked(&who), Take { who, amount })
}

#[tokio::test(flavor = "multi_thread")]
async fn many_commands_share_transactions_and_the_limit_holds() {
    let world = world().await;
    let answers = all(&world.door, (0..300).map(|n| take(format!("t{n}"), 1)).collect()).await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.is_ok());
    assert_eq!((done.len(), refused.len()), (100, 200));
    for fault in refused {
        assert_eq!(fault.as_ref().expect_err("refused").reason(), "POT_EMPTY");
    }
    assert_eq!(world.number("select taken from shop.pot").await, LIMIT);
    assert_eq!(world.number("select count(*) from shop.taking").await, LIMIT);
    let commits = world
        .number("select count(distinct batch) from shop.taking")
        .await;
    assert!(commits < 50, "{commits} transactions for 100 commands");
    let remembered = world.number("select count(*) from shop.request_log").await;
    assert_eq!(remembered, 300, "a no is an answer too");
    world.sql("update shop.pot set taken = 0").await;
    let again = all(&world.door, (0..300).map(|n| take(format!("t{n}"), 1)).collect()).await;
    let told = |answer: &Result<(i64, bool), Fault>| match answer {
        Ok((amount, _)) => Ok(*amount),
        Err(fault) => Err(fault.reason().to_owned()),
    };
    assert!(
        answers.iter().map(told).eq(again.iter().map(told)),
        "everybody hears what they heard before"
    );
    assert_eq!(world.number("select taken from shop.pot").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_asked_many_times_at_once_is_carried_out_once() {
    let world = world().await;
    let takes = (0..60).map(|n| take(format!("t{}", n % 3), 5)).collect();
    let answers = all(&world.door, takes).await;
    assert!(answers.iter().all(|a| matches!(a, Ok((5, _)))), "{answers:?}");
    let first = answers.iter().filter(|a| matches!(a, Ok((_, false)))).count();
    assert_eq!((first, world.number("select taken from shop.pot").await), (3, 15));

    let (ctx, _) = take("t0", 5);
    let other = Take {
        who: "t0".into(),
        amount: 6,
    };
    let reused = gather(&world.door, &ctx, other).await.expect_err("another body");
    assert_eq!(reused.reason(), "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_breaks_the_batch_does_not_hurt_its_neighbours() {
    let world = world().await;
    let mut takes: Vec<_> = (0..40).map(|n| take(format!("t{n}"), 1)).collect();
    takes.insert(20, take("poison", 1));
    let answers = all(&world.door, takes).await;
    assert!(answers[20].is_err());
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 40);
    assert_eq!(world.number("select taken from shop.pot").await, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_the_batch_its_answers_and_not_the_verb() {
    let world = world().await;
    let mut takes: Vec<_> = (0..10).map(|n| take(format!("t{n}"), 1)).collect();
    takes.insert(5, take("panic", 1));
    let answers = all(&world.door, takes).await;
    let done = answers.iter().filter(|a| a.is_ok()).count();
    let taken = world.number("select taken from shop.pot").await;
    assert_eq!(
        usize::try_from(taken),
        Ok(done),
        "what was not answered was not done"
    );
    let after = all(
        &world.door,
        (0..10).map(|n| take(format!("after{n}"), 1)).collect(),
    )
    .await;
    assert!(after.iter().all(Result::is_ok), "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_go_away_leave_whole_effects() {
    let world = world().await;
    let mut tasks = JoinSet::new();
    for n in 0..60_u64 {
        let door = world.door.clone();
        tasks.spawn(async move {
            let (ctx, take) = take(format!("t{n}"), 1);
            let patience = Duration::from_micros(n * 97 % 3000);
            let _ = tokio::time::timeout(patience, gather(&door, &ctx, take)).await;
        });
    }
    tasks.join_all().await;
    let again = all(&world.door, (0..60).map(|n| take(format!("t{n}"), 1)).collect()).await;
    assert!(again.iter().all(Result::is_ok), "{again:?}");
    assert_eq!(world.number("select taken from shop.pot").await, 60);
    assert_eq!(
        world.number("select sum(amount)::bigint from shop.taking").await,
        60
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_end_in_the_batch_of_their_effects() {
    let world = world().await;
    let jobs: Vec<NewJob> = (0..40).map(|n| job("take", &format!("j{n}"))).collect();
    world.enqueue(jobs).await;
    let kind = JobKind::new("take", |job: Arc<JobRun>| async move {
        let who: String = job.body()?;
        Ok(job.finish_gathered(Take { who, amount: 1 }).await?.0)
    });
    let running = start(khaacho_durable::Runner::new(world.door.clone(), vec![kind]).at_once(40));
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(
        (
            world.number("select taken from shop.pot").await,
            world.jobs().await
        ),
        (40, 0)
    );
}

#[tokio::test]
async fn a_command_without_company_goes_alone() {
    let world = world().await;
    let (ctx, one) = take("t", 7);
    let done = gather(&world.door, &ctx, one).await.expect("there is enough");
    assert_eq!((done.reply, done.replayed), (7, false));
}
