//! The credit service through real gRPC, against a real database.
#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "5_250_00 is Rs 5,250.00 in paisa"
)]

mod accounts;
mod explain_credit;
mod find_party;
mod guards;
mod history;
mod languages;
mod lists;
mod notify_payment;
mod place_hold;
mod post_hold;
mod record_payment;
mod regressions;
mod release_hold;
mod shared_phones;
mod world;
