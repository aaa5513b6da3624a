//! The instruments of the service.

use khaacho_telemetry::metrics::STOCK_DRIFT;

/// Counter: what became of requests to reserve, consume and release. Label `result`.
const RESERVATIONS: &str = "inventory_reservations_total";

/// Made now.
pub(crate) const MADE: &str = "made";
/// Refused because too little is there.
pub(crate) const REFUSED: &str = "refused";
/// Left the stock now.
pub(crate) const CONSUMED: &str = "consumed";
/// Given back now.
pub(crate) const RELEASED: &str = "released";
/// Repetition that changed nothing.
pub(crate) const REPEATED: &str = "repeated";

/// Counts a request.
pub(crate) fn reservation(result: &'static str) {
    metrics::counter!(RESERVATIONS, "result" => result).increment(1);
}

/// Shows by how many sale units stock and its moves or reservations differ.
#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge; anything but zero is an incident whatever its last digits"
)]
pub(crate) fn drift(milli: i64) {
    metrics::gauge!(STOCK_DRIFT).set(milli as f64 / 1000.0);
}
