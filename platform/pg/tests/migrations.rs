//! Schemas, roles and steps on a real server.

use khaacho_pg::{
    Db, Settings,
    migrate::{SchemaMigrations, Step, migrate, role_exists, verify},
};

use crate::Database;

const ENTRY: Step = Step {
    version: 1,
    name: "0001_entry",
    sql: "create table till.entry (id bigserial constraint entry_pk primary key, paisa bigint not null);
          insert into till.entry (paisa) values (100);",
};
const TILL: SchemaMigrations = SchemaMigrations::new("till", "khaacho_till", &[ENTRY])
    .with_prelude(&[(
        "job",
        "create table {schema}.job (id bigint constraint job_pk primary key)",
    )])
    .with_append_only(&["entry"]);
const SHELF: SchemaMigrations = SchemaMigrations::new(
    "shelf",
    "khaacho_shelf",
    &[Step {
        version: 1,
        name: "0001_box",
        sql: "create table box (id bigint constraint box_pk primary key)",
    }],
);

async fn as_service(database: &Database, schema: &str) -> Db {
    let role = Some(format!("khaacho_{schema}"));
    Db::connect(Settings {
        role,
        pool_max: 1,
        ..Settings::new(&database.url, schema, schema)
    })
    .await
    .expect("connects")
}

async fn sqlstate(db: &Db, sql: &'static str) -> Option<String> {
    let error = sqlx::query(sql).execute(db.pool()).await.err()?;
    Some(
        error
            .as_database_error()
            .expect("the server says no")
            .code()
            .expect("with a code")
            .into_owned(),
    )
}

#[tokio::test]
async fn the_second_run_has_nothing_to_do() {
    let database = Database::new().await;
    let first = migrate(&database.url, &[TILL, SHELF]).await.expect("first");
    let ran: Vec<_> = first
        .applied
        .iter()
        .map(|step| (step.schema, step.version, step.name))
        .collect();
    assert_eq!(
        ran,
        [
            ("till", -100, "job"),
            ("till", 1, "0001_entry"),
            ("shelf", 1, "0001_box")
        ]
    );
    assert_eq!(first.roles, ["till", "shelf"], "{:?}", first.notes);
    let second = migrate(&database.url, &[TILL, SHELF]).await.expect("second");
    assert!(second.applied.is_empty());
    assert!(
        verify(&database.url, &[TILL, SHELF])
            .await
            .expect("complete")
            .is_empty()
    );
}

#[tokio::test]
async fn many_migrators_at_once_agree() {
    let database = Database::new().await;
    let runs = (0..6).map(|_| migrate(&database.url, &[TILL, SHELF]));
    let reports = futures_util::future::join_all(runs).await;
    let applied: usize = reports
        .into_iter()
        .map(|report| report.expect("every one succeeds").applied.len())
        .sum();
    assert_eq!(applied, 3, "each step ran once");
}

#[tokio::test]
async fn migrators_of_two_databases_may_meet_at_the_roles() {
    const FRESH: SchemaMigrations = SchemaMigrations::new("meeting", "khaacho_meeting", &[]);
    let (one, two) = (Database::new().await, Database::new().await);
    let (first, second) =
        futures_util::future::join(migrate(&one.url, &[FRESH]), migrate(&two.url, &[FRESH])).await;
    assert_eq!(first.expect("one").roles, ["meeting"]);
    assert_eq!(second.expect("two").roles, ["meeting"]);
}

#[tokio::test]
async fn changed_and_unknown_steps_are_refused_and_missing_ones_noticed() {
    let database = Database::new().await;
    let missing = verify(&database.url, &[TILL])
        .await
        .expect_err("nothing there")
        .to_string();
    assert_eq!(missing, "schema till lacks migration job: run khaacho migrate");
    migrate(&database.url, &[TILL]).await.expect("first");

    const CHANGED: SchemaMigrations = SchemaMigrations {
        steps: &[Step {
            sql: "create table till.entry ()",
            ..ENTRY
        }],
        ..TILL
    };
    for error in [
        migrate(&database.url, &[CHANGED]).await.expect_err("changed"),
        verify(&database.url, &[CHANGED]).await.expect_err("changed"),
    ] {
        assert!(
            format!("{error:#}").contains("0001_entry of schema till was changed"),
            "{error:#}"
        );
    }
    const OLDER: SchemaMigrations = SchemaMigrations {
        steps: &[],
        append_only: &[],
        ..TILL
    };
    let error = migrate(&database.url, &[OLDER])
        .await
        .expect_err("newer than known");
    assert!(
        format!("{error:#}").contains("version 1, which this program does not know"),
        "{error:#}"
    );
    let newer = verify(&database.url, &[OLDER])
        .await
        .expect("an old program runs on a new schema");
    assert_eq!(newer, ["schema till is at version 1, newer than this program"]);
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    const BROKEN: SchemaMigrations = SchemaMigrations::new(
        "broken",
        "khaacho_broken",
        &[
            Step {
                version: 1,
                name: "0001_good",
                sql: "create table good ()",
            },
            Step {
                version: 2,
                name: "0002_bad",
                sql: "create table half (); select 1 / 0",
            },
        ],
    );
    let database = Database::new().await;
    let error = migrate(&database.url, &[BROKEN])
        .await
        .expect_err("divides by zero");
    assert!(
        format!("{error:#}").contains("migration 0002_bad failed"),
        "{error:#}"
    );
    let db = as_service(&database, "broken").await;
    assert_eq!(sqlstate(&db, "select from good").await, None);
    assert_eq!(sqlstate(&db, "select from half").await.as_deref(), Some("42P01"));
}

#[tokio::test]
async fn a_session_takes_on_a_role_that_may_be_there_when_it_begins() {
    let database = Database::new().await;
    migrate(&database.url, &[TILL]).await.expect("migrates");
    let who = async |role: &str| {
        let settings = Settings {
            role_if_there: Some(role.to_owned()),
            ..Settings::new(&database.url, "till", "test")
        };
        let db = Db::connect(settings).await.expect("connects");
        let who: String = sqlx::query_scalar("select current_user::text")
            .fetch_one(db.pool())
            .await
            .expect("says who");
        who
    };
    assert_eq!(who("khaacho_till").await, "khaacho_till");
    let login = who("khaacho_nobody").await;
    assert!(!login.starts_with("khaacho_"), "{login}");
}

#[tokio::test]
async fn a_service_sees_its_own_schema_only_and_cannot_rewrite_history() {
    const DENIED: Option<&str> = Some("42501");
    let database = Database::new().await;
    migrate(&database.url, &[TILL, SHELF]).await.expect("migrates");
    assert!(role_exists(&database.url, "khaacho_till").await.expect("asks"));
    assert!(!role_exists(&database.url, "khaacho_nobody").await.expect("asks"));

    let till = as_service(&database, "till").await;
    assert_eq!(
        sqlstate(&till, "insert into entry (paisa) values (5)").await,
        None
    );
    assert_eq!(sqlstate(&till, "update job set id = 1").await, None);
    assert_eq!(
        sqlstate(&till, "update entry set paisa = 6").await.as_deref(),
        DENIED
    );
    assert_eq!(sqlstate(&till, "delete from entry").await.as_deref(), DENIED);
    assert_eq!(sqlstate(&till, "truncate entry").await.as_deref(), DENIED);
    assert_eq!(sqlstate(&till, "drop table job").await.as_deref(), DENIED);
    assert_eq!(
        sqlstate(&till, "delete from till.migration").await.as_deref(),
        DENIED
    );
    assert_eq!(sqlstate(&till, "select from shelf.box").await.as_deref(), DENIED);
    let shelf = as_service(&database, "shelf").await;
    assert_eq!(
        sqlstate(&shelf, "select from till.entry").await.as_deref(),
        DENIED
    );

    // a second run gives nothing back
    migrate(&database.url, &[TILL, SHELF]).await.expect("migrates");
    assert_eq!(sqlstate(&till, "delete from entry").await.as_deref(), DENIED);
}

#[tokio::test]
async fn without_the_right_to_create_roles_everything_else_still_works() {
    const PLAIN: SchemaMigrations = SchemaMigrations::new(
        "plain",
        "khaacho_never_created",
        &[Step {
            version: 1,
            name: "0001_t",
            sql: "create table t ()",
        }],
    );
    let database = Database::new().await;
    let user = format!("u{}", &database.name[3..]);
    crate::admin(
        &database.url,
        format!(
            "create role {user} login; grant create on database {} to {user}",
            database.name
        ),
    )
    .await;
    let (_, tail) = database.url.split_once('@').expect("a user in the URL");
    let url = format!("postgres://{user}@{tail}");
    let report = migrate(&url, &[PLAIN]).await.expect("migrates");
    assert_eq!(report.applied.len(), 1);
    assert_eq!(
        report.notes,
        ["schema plain has no role of its own: this user may not create roles"]
    );
    crate::admin(&database.url, format!("drop owned by {user}; drop role {user}")).await;
}
