//! Our nouns as messages of the contract.

use chrono::{DateTime, Utc};
use khaacho_proto::common::v1::Language as PbLanguage;
use khaacho_proto::inventory::v1 as pb;
use prost_types::Timestamp;

use crate::domain::offer::Offer;
use crate::domain::product::{Product, VatClass};
use crate::domain::reservation::{Reservation, State};
use crate::domain::vendor::{Language, Vendor};
use crate::store::aliases::AliasRow;
use crate::store::list_moves::MoveRow;

pub(super) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    // below 1,000,000,000 by definition, also in a leap second as chrono tells it
    let nanos = i32::try_from(at.timestamp_subsec_nanos() % 1_000_000_000).unwrap_or_default();
    Timestamp {
        seconds: at.timestamp(),
        nanos,
    }
}

pub(super) fn product(product: Product) -> pb::Product {
    let vat_class = match product.vat_class {
        VatClass::Standard => pb::VatClass::Standard,
        VatClass::Exempt => pb::VatClass::Exempt,
    };
    let unit = |u: crate::domain::product::OrderUnit| pb::OrderUnit {
        unit: u.unit.to_string(),
        factor: u.factor,
    };
    pb::Product {
        sku: product.sku.to_string(),
        name: product.name,
        name_ne: product.name_ne,
        category: product.category,
        brand: product.brand,
        base_unit: product.base_unit.to_string(),
        pack_label: product.pack_label,
        pack_quantity: product.pack_quantity,
        order_units: product.order_units.into_iter().map(unit).collect(),
        vat_class: vat_class.into(),
        mrp_paisa: product.mrp.paisa(),
        typical_wholesale_paisa: product.typical_wholesale.paisa(),
        aliases: product.aliases,
        active: product.active,
        version: product.version,
    }
}

pub(super) fn alias(row: AliasRow) -> pb::Alias {
    pb::Alias {
        alias_id: khaacho_ids::AliasId::from(row.alias_id).to_string(),
        account_id: row.account_id,
        phrase: row.phrase,
        key: row.key,
        sku: row.sku,
        source: row.source,
        confirmations: row.confirmations.unsigned_abs(),
        active: row.active,
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
    }
}

pub(super) fn vendor(vendor: Vendor) -> pb::Vendor {
    let language = match vendor.language {
        None => PbLanguage::Unspecified,
        Some(Language::En) => PbLanguage::En,
        Some(Language::Ne) => PbLanguage::Ne,
        Some(Language::NeLatn) => PbLanguage::NeLatn,
        Some(Language::Hi) => PbLanguage::Hi,
    };
    pb::Vendor {
        vendor_id: vendor.vendor_id.to_string(),
        code: vendor.code,
        name: vendor.name,
        phone: vendor.phone.as_str().to_owned(),
        municipality: vendor.municipality,
        latitude: vendor.latitude,
        longitude: vendor.longitude,
        opens: vendor.opens.to_string(),
        closes: vendor.closes.to_string(),
        active: vendor.active,
        language: language.into(),
    }
}

pub(super) fn offer(offer: Offer) -> pb::Offer {
    pb::Offer {
        vendor_id: offer.vendor_id.to_string(),
        sku: offer.sku.to_string(),
        price_paisa: offer.terms.price.paisa(),
        on_hand_milli: offer.on_hand.milli(),
        reserved_milli: offer.reserved.milli(),
        lead_time_days: offer.terms.lead_time_days,
        minimum_quantity: offer.terms.minimum_quantity,
        active: offer.terms.active,
        version: offer.version,
    }
}

pub(super) fn reservation(reservation: Reservation) -> pb::Reservation {
    let state = match reservation.state {
        State::Pending => pb::ReservationState::Pending,
        State::Consumed => pb::ReservationState::Consumed,
        State::Released => pb::ReservationState::Released,
    };
    let line = |line: crate::domain::reservation::Line| pb::ReservedLine {
        sku: line.sku.to_string(),
        quantity_milli: line.quantity.milli(),
    };
    pb::Reservation {
        reservation_id: reservation.reservation_id.to_string(),
        order_id: reservation.attempt.order_id.to_string(),
        attempt: reservation.attempt.number,
        vendor_id: reservation.vendor_id.map(|id| id.to_string()).unwrap_or_default(),
        state: state.into(),
        lines: reservation.lines.into_iter().map(line).collect(),
        created_at: Some(timestamp(reservation.created_at)),
    }
}

pub(super) fn stock_move(row: MoveRow) -> pb::StockMove {
    let reservation = row.reservation_id.map(khaacho_ids::ReservationId::from);
    let order = row.order_id.map(khaacho_ids::OrderId::from);
    pb::StockMove {
        vendor_id: khaacho_ids::VendorId::from(row.vendor_id).to_string(),
        sku: row.sku,
        sequence: row.seq,
        kind: row.kind,
        on_hand_delta_milli: row.on_hand_delta_milli,
        reserved_delta_milli: row.reserved_delta_milli,
        reservation_id: reservation.map(|id| id.to_string()).unwrap_or_default(),
        order_id: order.map(|id| id.to_string()).unwrap_or_default(),
        reason: row.reason,
        at: Some(timestamp(row.at)),
    }
}
