//! Loads catalogue, vendors, offers and opening stock from files, for demonstrations and first starts.

use khaacho_durable::{self as durable, Door};
use khaacho_fault::{Fault, Kind, reason};
use khaacho_rpc::Ctx;

use crate::domain::load_demo::{BadFile, LoadDemo, Loaded};

/// Most mistakes that are told at once.
const MISTAKES_MAX: usize = 20;

/// Writes the products, vendors, offers and opening stock of the three files (texts of `catalogue.csv`,
/// `vendors.csv` and `offers.csv`) in one transaction. What exists already stays as it is, so that it may be
/// repeated at any time.
///
/// # Errors
/// `Invalid` with every mistake of the first file that has any; faults of the database.
pub async fn load_demo(
    door: &Door,
    ctx: &Ctx,
    catalogue: &str,
    vendors: &str,
    offers: &str,
) -> Result<Loaded, Fault> {
    let command = LoadDemo::parse(catalogue, vendors, offers).map_err(bad_file)?;
    Ok(durable::run(door, ctx, command).await?.reply)
}

fn bad_file(bad: BadFile) -> Fault {
    let fault = Fault::new(Kind::Invalid, reason::INVALID_ARGUMENT).say(format!(
        "the file of the {} has {} mistakes",
        bad.file,
        bad.mistakes.len()
    ));
    bad.mistakes
        .iter()
        .take(MISTAKES_MAX)
        .fold(fault, |fault, mistake| {
            fault.field(
                format!("{} line {} {}", bad.file, mistake.line, mistake.field),
                mistake.message.clone(),
            )
        })
}
