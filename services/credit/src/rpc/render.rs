//! Our nouns as the contract's messages.

use chrono::{DateTime, Utc};
use khaacho_proto::common::v1 as common;
use khaacho_proto::credit::v1 as pb;

use crate::domain::{Account, Balance, Hold, HoldState, Language, Method, Payment, Profile, State};

pub(crate) fn language(language: Option<Language>) -> common::Language {
    match language {
        None => common::Language::Unspecified,
        Some(Language::En) => common::Language::En,
        Some(Language::Ne) => common::Language::Ne,
        Some(Language::NeLatn) => common::Language::NeLatn,
        Some(Language::Hi) => common::Language::Hi,
    }
}

pub(super) fn time(at: DateTime<Utc>) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(999_999_999);
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos,
    }
}

/// An account with its balance.
pub(super) fn account(account: Account) -> pb::Account {
    let shown = balance(&account.balance);
    pb::Account {
        balance: Some(shown),
        version: account.version,
        ..party(account.profile)
    }
}

/// An account without balance and version.
pub(super) fn party(profile: Profile) -> pb::Account {
    let state = match profile.state {
        State::Active => pb::AccountState::Active,
        State::Blocked { .. } => pb::AccountState::Blocked,
    };
    pb::Account {
        account_id: profile.account_id.to_string(),
        code: profile.code,
        shop_name: profile.shop_name,
        owner_name: profile.owner_name,
        phones: profile.phones,
        language: language(profile.language).into(),
        municipality: profile.municipality,
        ward: profile.ward,
        latitude: profile.latitude,
        longitude: profile.longitude,
        terms_days: profile.terms_days,
        state: state.into(),
        block_reason: profile.state.block_reason().to_owned(),
        balance: None,
        version: 0,
        opened_at: Some(time(profile.opened_at)),
    }
}

pub(super) fn balance(balance: &Balance) -> pb::Balance {
    pb::Balance {
        limit_paisa: balance.limit.paisa(),
        owed_paisa: balance.owed.paisa(),
        held_paisa: balance.held.paisa(),
        available_paisa: balance.available().paisa(),
        next_due_paisa: balance.next_due.map_or(0, |due| due.open.paisa()),
        next_due_at: balance.next_due.map(|due| time(due.at)),
    }
}

pub(super) fn hold(hold: &Hold) -> pb::Hold {
    let state = match hold.state {
        HoldState::Pending => pb::HoldState::Pending,
        HoldState::Posted => pb::HoldState::Posted,
        HoldState::Released => pb::HoldState::Released,
    };
    pb::Hold {
        hold_id: hold.hold_id.to_string(),
        account_id: hold.account_id.to_string(),
        order_id: hold.order_id.to_string(),
        amount_paisa: hold.amount.paisa(),
        state: state.into(),
    }
}

pub(super) fn method(method: Method) -> pb::PaymentMethod {
    match method {
        Method::Cash => pb::PaymentMethod::Cash,
        Method::BankTransfer => pb::PaymentMethod::BankTransfer,
        Method::MobileMoney => pb::PaymentMethod::MobileMoney,
        Method::Cheque => pb::PaymentMethod::Cheque,
    }
}

pub(super) fn payment(payment: Payment) -> pb::Payment {
    let allocated = |part: crate::domain::Allocated| pb::Allocation {
        invoice_number: part.invoice_number,
        amount_paisa: part.amount.paisa(),
    };
    pb::Payment {
        payment_id: payment.payment_id.to_string(),
        account_id: payment.account_id.to_string(),
        amount_paisa: payment.amount.paisa(),
        method: method(payment.method).into(),
        reference: payment.reference,
        received_at: Some(time(payment.received_at)),
        entry_id: payment.entry_id.to_string(),
        recorded_by: payment.recorded_by,
        allocations: payment.allocations.into_iter().map(allocated).collect(),
    }
}
