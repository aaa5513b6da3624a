//! What can stand in for a product of which too little is there.

use super::size::Size;
use super::unit::Unit;

/// A product as a stand-in, or what it stands in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pack {
    /// Size of one sale unit, as the name says it.
    pub size: Option<Size>,
    /// Sale unit.
    pub base_unit: Unit,
}

/// Thousandths of the stand-in's sale unit that are as much as `milli` of the other; `None` when the sizes give no
/// whole number.
pub fn as_much(milli: i64, of: Pack, stand_in: Pack) -> Option<i64> {
    match (of.size, stand_in.size) {
        (Some(size), Some(other)) if size.measure == other.measure && other.amount > 0 => {
            let amount = i128::from(milli) * i128::from(size.amount);
            let other = i128::from(other.amount);
            let milli = i64::try_from(amount / other).ok()?;
            (amount % other == 0 && milli % 1000 == 0 && milli > 0).then_some(milli)
        }
        (None, None) if of.base_unit == stand_in.base_unit => Some(milli),
        _ => None,
    }
}

/// How far apart two sizes are, in thousandths of the larger one: 0 for equal ones, 1000 and more for what cannot be
/// compared.
pub fn distance(of: Pack, stand_in: Pack) -> u32 {
    match (of.size, stand_in.size) {
        (Some(a), Some(b)) if a.measure == b.measure => {
            let (less, more) = (a.amount.min(b.amount), a.amount.max(b.amount).max(1));
            u32::try_from(i128::from(more - less) * 1000 / i128::from(more)).unwrap_or(1000)
        }
        (None, None) if of.base_unit == stand_in.base_unit => 0,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sack(kilograms: i64) -> Pack {
        Pack {
            size: Size::of(kilograms * 1000, "kg"),
            base_unit: Unit::Sack,
        }
    }

    #[test]
    fn quantities_follow_the_sizes_and_are_never_rounded() {
        let loose = Pack {
            size: None,
            base_unit: Unit::Piece,
        };
        assert_eq!(as_much(2000, sack(25), sack(25)), Some(2000));
        assert_eq!(as_much(1000, sack(50), sack(25)), Some(2000));
        assert_eq!(as_much(1000, sack(25), sack(50)), None, "half a sack");
        assert_eq!(as_much(3000, sack(30), sack(20)), None);
        assert_eq!(as_much(5000, loose, loose), Some(5000));
        assert_eq!(as_much(1000, sack(25), loose), None);
        assert_eq!(as_much(i64::MAX, sack(50), sack(1)), None, "more than can be");
    }

    #[test]
    fn nearer_sizes_are_nearer() {
        assert_eq!(distance(sack(25), sack(25)), 0);
        assert!(distance(sack(25), sack(30)) < distance(sack(25), sack(5)));
        let bottle = Pack {
            size: Size::of(1000, "l"),
            base_unit: Unit::Sack,
        };
        assert_eq!(distance(sack(1), bottle), 1000);
    }
}
