//! `khaacho migrate`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use khaacho_config::Strings;

use crate::settings::Purpose;

/// Brings the database of `DATABASE_DIRECT_URL` or `DATABASE_URL` up to date.
pub async fn run(strings: &Strings) -> anyhow::Result<()> {
    let settings = super::settings(strings, &BTreeSet::new(), Purpose::Alone)?;
    let url = settings
        .database_direct_url
        .as_ref()
        .or(settings.database_url.as_ref());
    let url = url.context("DATABASE_URL is not set; `khaacho up` migrates its private database by itself")?;
    let report = crate::migrate::migrate(url.expose()).await?;
    println!("{}", crate::migrate::told(&report));
    Ok(())
}
