//! `khaacho apikey`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use khaacho_config::Strings;
use khaacho_lifecycle::Clock;
use khaacho_pg::Db;
use khaacho_rpc::Role;

use crate::cli::ApikeyCommand;
use crate::local::DataDir;

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
    let settings = super::settings(strings, &BTreeSet::new())?;
    let data = DataDir::open(data_dir)?;
    let mut private = None;
    let url = match (&settings.database_url, data.running()) {
        (Some(url), _) => url.expose().to_owned(),
        (None, Some(running)) => running.database_url,
        (None, None) => {
            let server = super::up::start_private(data.path()).await?;
            let url = server.url().to_owned();
            crate::migrate::migrate(&url).await?;
            private = Some(server);
            url
        }
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
