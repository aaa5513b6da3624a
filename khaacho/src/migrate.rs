//! The schemas of all services, and bringing a database up to them.

use khaacho_durable::SCHEMA_SQL;
use khaacho_pg::migrate::{ContractViews, Report, SchemaMigrations};

const PRELUDE: &[(&str, &str)] = &[("durable", SCHEMA_SQL)];
/// See `docs/assay.md`.
const VIEWS: &[ContractViews] = &[ContractViews {
    schema: "assay_v1",
    role: "khaacho_assay",
}];

/// All schemas.
pub fn all() -> Vec<SchemaMigrations> {
    vec![
        SchemaMigrations::new("gateway", "khaacho_gateway", khaacho_gateway::MIGRATIONS)
            .with_prelude(PRELUDE),
        SchemaMigrations::new("orders", "khaacho_orders", khaacho_order::MIGRATIONS)
            .with_prelude(PRELUDE)
            .with_append_only(khaacho_order::APPEND_ONLY)
            .with_contract_views(VIEWS),
        SchemaMigrations::new("credit", "khaacho_credit", khaacho_credit::MIGRATIONS)
            .with_prelude(PRELUDE)
            .with_append_only(khaacho_credit::APPEND_ONLY)
            .with_contract_views(VIEWS),
        SchemaMigrations::new("inventory", "khaacho_inventory", khaacho_inventory::MIGRATIONS)
            .with_prelude(PRELUDE)
            .with_append_only(khaacho_inventory::APPEND_ONLY)
            .with_contract_views(VIEWS),
        SchemaMigrations::new(
            "notification",
            "khaacho_notification",
            khaacho_notification::MIGRATIONS,
        )
        .with_prelude(PRELUDE)
        .with_contract_views(VIEWS),
    ]
}

/// Brings a database up to date.
pub async fn migrate(url: &str) -> anyhow::Result<Report> {
    khaacho_pg::migrate::migrate(url, &all()).await
}

/// What was done, in one line.
pub fn told(report: &Report) -> String {
    let steps = report.applied.len();
    let done = if steps == 0 {
        "schema up to date".to_owned()
    } else {
        format!("{steps} migrations applied")
    };
    let roles = if report.roles.is_empty() {
        "no roles of its own"
    } else {
        "a role per service"
    };
    let notes = report.notes.join("; ");
    if notes.is_empty() {
        format!("{done}, {roles}")
    } else {
        format!("{done}, {roles} ({notes})")
    }
}
