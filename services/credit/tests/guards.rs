//! What the database refuses, whoever asks.

use sqlx::{Connection as _, PgConnection};

use crate::world::World;

/// Runs statements in one transaction as a superuser; answers the constraint that stopped them.
async fn stopped_by(world: &World, sql: &'static str) -> String {
    let mut conn = PgConnection::connect(world.superuser_url())
        .await
        .expect("connects");
    let mut tx = conn.begin().await.expect("begins");
    let run = match sqlx::raw_sql(sql).execute(&mut *tx).await {
        Ok(_) => tx.commit().await,
        Err(error) => Err(error),
    };
    let error = run.expect_err("the database refuses");
    khaacho_fault::constraint(&error)
        .unwrap_or_else(|| panic!("no constraint: {error}"))
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn history_cannot_be_changed_deleted_or_truncated() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.deliver(&shop, "a", 60_00).await;
    world.pay(&shop, 10_00).await;
    for sql in [
        "update credit.entry set kind = 'payment'",
        "delete from credit.entry",
        "truncate credit.entry cascade",
        "update credit.entry_line set amount_paisa = amount_paisa * 2",
        "delete from credit.entry_line",
        "truncate credit.entry_line",
        "update credit.account_event set d_owed_paisa = 0",
        "truncate credit.account_event",
        "delete from credit.allocation",
        "update credit.account_change set reason = 'other'",
        "update credit.hold set state = 'RELEASED'",
        "update credit.hold set state = 'PENDING', settled_at = null",
        "delete from credit.hold",
        "update credit.invoice set amount_paisa = 1, open_paisa = 1",
        "update credit.invoice set open_paisa = amount_paisa",
        "delete from credit.payment",
    ] {
        assert_eq!(stopped_by(&world, sql).await, "append_only", "{sql}");
    }
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_role_has_no_right_to_change_the_journal() {
    let world = World::new().await;
    let role: String = sqlx::query_scalar("select current_user::text")
        .fetch_one(world.db.pool())
        .await
        .expect("a role");
    assert_eq!(role, "khaacho_credit");
    for sql in [
        "update credit.entry_line set n = n",
        "delete from credit.entry",
        "truncate credit.account_event",
    ] {
        let error = sqlx::raw_sql(sql)
            .execute(world.db.pool())
            .await
            .expect_err("refused");
        let code = error
            .as_database_error()
            .and_then(|error| error.code())
            .map(|code| code.into_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_does_not_balance_cannot_be_committed() {
    let world = World::new().await;
    world.shop(100_00).await;
    let entry = "insert into credit.entry (id, kind, account_id, effective_at, recorded_at, cause_id, trace_id)
        select '00000000-0000-0000-0000-000000000001', 'payment', id, now(), now(), '', '' from credit.account;";
    let unbalanced = "insert into credit.entry_line values
        ('00000000-0000-0000-0000-000000000001', 1, 'cash', 5), ('00000000-0000-0000-0000-000000000001', 2, 'bank', -4);";
    let one_line =
        "insert into credit.entry_line values ('00000000-0000-0000-0000-000000000001', 1, 'cash', 5);";
    for lines in ["", unbalanced, one_line] {
        let sql: &'static str = format!("{entry}{lines}").leak();
        assert_eq!(stopped_by(&world, sql).await, "entry_balances", "{lines}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_cannot_be_added_to_an_old_entry_and_none_is_zero() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.deliver(&shop, "a", 60_00).await;
    let more =
        "insert into credit.entry_line select entry_id, 9, 'cash', 5 from credit.entry_line where n = 1";
    assert_eq!(stopped_by(&world, more).await, "entry_balances");
    let zero =
        "insert into credit.entry_line select entry_id, 9, 'cash', 0 from credit.entry_line where n = 1";
    assert_eq!(stopped_by(&world, zero).await, "entry_line_amount_paisa_check");
}

#[tokio::test(flavor = "multi_thread")]
async fn held_credit_is_never_negative() {
    let world = World::new().await;
    world.shop(100_00).await;
    let sql = "update credit.account set held_paisa = -1";
    assert_eq!(stopped_by(&world, sql).await, "account_held_paisa_check");
}
