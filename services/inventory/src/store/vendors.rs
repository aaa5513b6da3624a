//! Rows of vendors.

use khaacho_fault::Fault;
use khaacho_phone::Phone;
use sqlx::FromRow;
use uuid::Uuid;

use super::unreadable;
use crate::domain::vendor::{Language, TimeOfDay, Vendor};

/// A vendor as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(super) struct VendorRow {
    vendor_id: Uuid,
    pub(super) code: String,
    name: String,
    phone: String,
    municipality: String,
    latitude: f64,
    longitude: f64,
    opens: String,
    closes: String,
    active: bool,
    language: String,
    language_given: Option<bool>,
}

impl TryFrom<VendorRow> for Vendor {
    type Error = Fault;

    fn try_from(row: VendorRow) -> Result<Self, Fault> {
        let time = |column, text: &str| text.parse::<TimeOfDay>().map_err(|_| unreadable(column, text));
        let language =
            Language::of_tag(&row.language).ok_or_else(|| unreadable("language", &row.language))?;
        // English of before there was a difference stood for none.
        let given = row.language_given.unwrap_or(language != Language::En);
        Ok(Self {
            vendor_id: row.vendor_id.into(),
            opens: time("opens", &row.opens)?,
            closes: time("closes", &row.closes)?,
            phone: Phone::parse(&row.phone).map_err(Fault::bug)?,
            language: given.then_some(language),
            code: row.code,
            name: row.name,
            municipality: row.municipality,
            latitude: row.latitude,
            longitude: row.longitude,
            active: row.active,
        })
    }
}
