//! Views that several services publish in one schema, for readers who may see nothing else.

use khaacho_pg::migrate::{ContractViews, SchemaMigrations, Step, migrate};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Database, admin};

const DENIED: Option<&str> = Some("42501");
const VIEWS: &[ContractViews] = &[ContractViews {
    schema: "window_v1",
    role: "khaacho_test_reader",
}];
/// As the services' own steps do it: whoever comes first makes the schema.
macro_rules! publishes {
    ($sql:literal) => {
        concat!(
            "do $$ begin
                 if to_regnamespace('window_v1') is null then create schema window_v1; end if;
             end $$;",
            $sql
        )
    };
}
const TILL_STEPS: &[Step] = &[
    Step {
        version: 1,
        name: "0001_entry",
        sql: "create table entry (id bigint constraint entry_pk primary key, paisa bigint not null);
              insert into entry values (1, 100)",
    },
    Step {
        version: 2,
        name: "0002_window",
        sql: publishes!("create view window_v1.entry as select id, paisa from till.entry"),
    },
];
const TILL: SchemaMigrations =
    SchemaMigrations::new("till", "khaacho_till", TILL_STEPS).with_contract_views(VIEWS);
const SHELF: SchemaMigrations = SchemaMigrations::new(
    "shelf",
    "khaacho_shelf",
    &[Step {
        version: 1,
        name: "0001_box",
        sql: publishes!(
            "create table box (id bigint constraint box_pk primary key);
             create view window_v1.box as select id from shelf.box"
        ),
    }],
)
.with_contract_views(VIEWS);

/// Runs a statement as a role; the server's code when it refuses.
async fn as_role(url: &str, role: &str, sql: &str) -> Option<String> {
    let mut conn = PgConnection::connect(url).await.expect("the server answers");
    sqlx::raw_sql(AssertSqlSafe(format!("set role {role}")))
        .execute(&mut conn)
        .await
        .expect("a role");
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut conn)
        .await;
    conn.close().await.expect("the session ends");
    let error = done.err()?;
    let refusal = error.as_database_error().expect("the server says no");
    Some(refusal.code().expect("with a code").into_owned())
}

async fn reader(url: &str, sql: &str) -> Option<String> {
    as_role(url, "khaacho_test_reader", sql).await
}

#[tokio::test]
async fn a_reader_sees_the_views_of_all_services_and_nothing_else() {
    let database = Database::new().await;
    let url = database.url.as_str();
    let report = migrate(url, &[TILL, SHELF]).await.expect("migrates");
    assert_eq!(report.notes, Vec::<String>::new());

    for allowed in [
        "select id, paisa from window_v1.entry",
        "select id from window_v1.box",
    ] {
        assert_eq!(reader(url, allowed).await, None, "{allowed}");
    }
    for refused in [
        "select from till.entry",
        "select from till.migration",
        "select from shelf.box",
        "insert into window_v1.box values (1)",
        "update window_v1.entry set paisa = 1",
        "delete from window_v1.entry",
        "create table window_v1.mine ()",
        "drop view window_v1.entry",
    ] {
        assert_eq!(reader(url, refused).await.as_deref(), DENIED, "{refused}");
    }
    let own = "select from window_v1.entry";
    assert_eq!(
        as_role(url, "khaacho_till", own).await.as_deref(),
        DENIED,
        "a service needs no view"
    );
    let more: bool = {
        let mut conn = PgConnection::connect(url).await.expect("the server answers");
        let sql = "select rolcanlogin or rolsuper from pg_roles where rolname = 'khaacho_test_reader'";
        sqlx::query_scalar(sql)
            .fetch_one(&mut conn)
            .await
            .expect("a role")
    };
    assert!(!more, "a role to be member of, no user");
}

#[tokio::test]
async fn each_service_may_have_a_database_of_its_own() {
    let (till, shelf) = (Database::new().await, Database::new().await);
    let (one, other) =
        futures_util::future::join(migrate(&till.url, &[TILL]), migrate(&shelf.url, &[SHELF])).await;
    assert_eq!(one.expect("the till").notes, Vec::<String>::new());
    assert_eq!(other.expect("the shelf").notes, Vec::<String>::new());
    assert_eq!(reader(&till.url, "select from window_v1.entry").await, None);
    assert_eq!(reader(&shelf.url, "select from window_v1.box").await, None);
    let elsewhere = reader(&till.url, "select from window_v1.box").await;
    assert_eq!(
        elsewhere.as_deref(),
        Some("42P01"),
        "a view is where its service is"
    );
}

#[tokio::test]
async fn views_of_later_steps_and_later_services_are_opened_too() {
    const BEFORE: SchemaMigrations = SchemaMigrations {
        steps: TILL_STEPS.split_at(1).0,
        contract_views: &[],
        ..TILL
    };
    let database = Database::new().await;
    let url = database.url.as_str();
    migrate(url, &[BEFORE]).await.expect("as it was before");
    migrate(url, &[SHELF])
        .await
        .expect("another service publishes first");
    migrate(url, &[TILL]).await.expect("then this one");
    assert_eq!(reader(url, "select paisa from window_v1.entry").await, None);
    assert_eq!(reader(url, "select id from window_v1.box").await, None);
    assert!(
        migrate(url, &[TILL, SHELF])
            .await
            .expect("again")
            .applied
            .is_empty()
    );
}

#[tokio::test]
async fn views_that_no_step_makes_are_a_mistake() {
    const NOTHING: SchemaMigrations =
        SchemaMigrations::new("silent", "khaacho_silent", &[]).with_contract_views(VIEWS);
    let database = Database::new().await;
    let error = migrate(&database.url, &[NOTHING]).await.expect_err("a promise");
    assert_eq!(
        format!("{error:#}"),
        "schema silent: no step creates the schema window_v1, in which the service publishes views"
    );
    const ODD: &[ContractViews] = &[ContractViews {
        schema: "window_v1",
        role: "a; drop",
    }];
    let error = migrate(&database.url, &[TILL.with_contract_views(ODD)]).await;
    let error = error.expect_err("a name that needs quotes").to_string();
    assert_eq!(error, "\"a; drop\" is not a plain lower-case name");
}

#[tokio::test]
async fn without_the_right_to_create_roles_the_views_are_there_and_the_note_is_one() {
    const UNREAD: &[ContractViews] = &[ContractViews {
        schema: "window_v1",
        role: "khaacho_never_reads",
    }];
    const TILL_ALONE: SchemaMigrations =
        SchemaMigrations::new("till", "khaacho_never_till", TILL_STEPS).with_contract_views(UNREAD);
    const SHELF_ALONE: SchemaMigrations = SchemaMigrations {
        role: "khaacho_never_shelf",
        contract_views: UNREAD,
        ..SHELF
    };
    let database = Database::new().await;
    let user = format!("u{}", &database.name[3..]);
    let may = format!(
        "create role {user} login; grant create on database {} to {user}",
        database.name
    );
    admin(&database.url, may).await;
    let (_, tail) = database.url.split_once('@').expect("a user in the URL");
    let url = format!("postgres://{user}@{tail}");
    let report = migrate(&url, &[TILL_ALONE, SHELF_ALONE]).await.expect("migrates");
    assert_eq!(report.applied.len(), 3);
    let of_views: Vec<_> = report
        .notes
        .iter()
        .filter(|note| note.contains("window_v1"))
        .collect();
    assert_eq!(
        of_views,
        ["the views of window_v1 have no role for readers: this user may not create roles"]
    );
    assert_eq!(as_role(&url, &user, "select from window_v1.entry").await, None);
    assert_eq!(as_role(&url, &user, "select from window_v1.box").await, None);
    admin(&database.url, format!("drop owned by {user}; drop role {user}")).await;
}

#[tokio::test]
async fn a_role_of_that_name_that_is_not_ours_gets_nothing() {
    const TAKEN: &[ContractViews] = &[ContractViews {
        schema: "window_v1",
        role: "khaacho_taken_reader",
    }];
    const TILL_ALONE: SchemaMigrations =
        SchemaMigrations::new("till", "khaacho_never_till", TILL_STEPS).with_contract_views(TAKEN);
    let database = Database::new().await;
    let user = format!("u{}", &database.name[3..]);
    let taken = format!(
        "create role khaacho_taken_reader; create role {user} login; grant create on database {} to {user}",
        database.name
    );
    admin(&database.url, taken).await;
    let (_, tail) = database.url.split_once('@').expect("a user in the URL");
    let report = migrate(&format!("postgres://{user}@{tail}"), &[TILL_ALONE])
        .await
        .expect("migrates");
    let why =
        "the views of window_v1 have no role for readers: this user may not become khaacho_taken_reader";
    assert!(report.notes.iter().any(|note| note == why), "{:?}", report.notes);
    let seen = as_role(
        &database.url,
        "khaacho_taken_reader",
        "select from window_v1.entry",
    )
    .await;
    let gone = format!("drop owned by {user}; drop role {user}; drop role khaacho_taken_reader");
    admin(&database.url, gone).await;
    assert_eq!(seen.as_deref(), DENIED);
}
