//! Integer money and quantities. See the crate's README.

mod paisa;
mod quantity;
#[cfg(test)]
mod tests;

pub use paisa::Paisa;
pub use quantity::{NotAQuantity, Quantity};

/// The result does not fit into 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("amount out of range")]
pub struct Overflow;

/// `value × by ÷ per`, rounded half away from zero. `per` is above zero.
fn scale(value: i64, by: i64, per: i64) -> Result<i64, Overflow> {
    let (product, per) = (i128::from(value) * i128::from(by), i128::from(per));
    let half = if product < 0 { -(per / 2) } else { per / 2 };
    i64::try_from((product + half) / per).map_err(|_| Overflow)
}
