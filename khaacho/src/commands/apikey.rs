//! `khaacho apikey`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use khaacho_config::Strings;
use khaacho_lifecycle::Clock;
use khaacho_pg::Db;
use khaacho_pg::embedded::Embedded;
use khaacho_rpc::Role;

use crate::cli::ApikeyCommand;
use crate::local::DataDir;
use crate::settings::Purpose;

/// Makes an API key.
pub async fn run(command: &ApikeyCommand, strings: &Strings) -> anyhow::Result<()> {
    let ApikeyCommand::Create {
        role,
        scope,
        name,
        data_dir,
    } = command;
    let role = khaacho_gateway::auth::role_named(role)
        .context("the roles are owner, finance, operations, support, auditor, vendor and retailer")?;
    let confined = matches!(role, Role::Vendor | Role::Retailer);
    anyhow::ensure!(
        confined == scope.is_some(),
        "--scope goes with the roles vendor and retailer, and only with them"
    );
    let settings = super::settings(strings, &BTreeSet::new(), Purpose::Alone)?;
    let (url, private) = match &settings.database_url {
        Some(url) => (url.expose().to_owned(), None),
        None => of_data_dir(&DataDir::existing(data_dir)?).await?,
    };
    let db = Db::connect(khaacho_pg::Settings::new(url, "gateway", "khaacho apikey")).await?;
    let now = Clock::system().now();
    let key = khaacho_gateway::auth::create_api_key(&db, name, role, scope.as_deref(), now).await?;
    println!("{}", key.secret_text);
    db.close().await;
    if let Some(server) = private {
        tokio::task::spawn_blocking(move || server.stop()).await??;
    }
    Ok(())
}

/// The database of a data directory, started for this command when no `khaacho up` runs.
async fn of_data_dir(data: &DataDir) -> anyhow::Result<(String, Option<Embedded>)> {
    if let Some(running) = data.running() {
        return Ok((running.database_url, None));
    }
    let server = super::up::start_private(data.path()).await?;
    let url = server.url().to_owned();
    crate::migrate::migrate(&url).await?;
    Ok((url, Some(server)))
}
