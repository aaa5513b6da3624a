//! The size of a pack as its name says it: `25 kg`, `500 ml`.

use std::fmt;

/// What a size measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Grams.
    Weight,
    /// Millilitres.
    Volume,
}

/// A weight in grams or a volume in millilitres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size {
    /// Grams or millilitres.
    pub measure: Measure,
    /// How many of them.
    pub amount: i64,
}

/// From this size on, a bare size names one pack ("tori tel 5 litre"): grams or millilitres.
const NAMES_A_PACK: i64 = 5_000;

impl Size {
    /// That many thousandths of a kilogram, gram, litre or millilitre word; `None` for other words and for
    /// parts of a gram.
    pub fn of(milli: i64, word: &str) -> Option<Self> {
        let (measure, per_unit) = match word {
            "kg" | "kgs" | "kilo" | "kilogram" | "केजी" | "किलो" => (Measure::Weight, 1000),
            "g" | "gm" | "gms" | "gram" | "grams" | "ग्राम" => (Measure::Weight, 1),
            "l" | "ltr" | "ltrs" | "litre" | "litres" | "liter" | "liters" | "लिटर" | "लीटर" => {
                (Measure::Volume, 1000)
            }
            "ml" | "mls" | "एमएल" => (Measure::Volume, 1),
            _ => return None,
        };
        let thousandths = milli.checked_mul(per_unit)?;
        (thousandths > 0 && thousandths % 1000 == 0).then_some(Self {
            measure,
            amount: thousandths / 1000,
        })
    }

    /// Whether a bare size like this means one pack of that size.
    pub fn names_a_pack(self) -> bool {
        self.amount >= NAMES_A_PACK
    }

    /// Reads `25kg`; `None` when it is something else.
    pub fn parse(token: &str) -> Option<Self> {
        let end = token.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, word) = token.split_at(end);
        let number: khaacho_money::Quantity = number.parse().ok()?;
        Self::of(number.milli(), word)
    }
}

/// One spelling for every way to write a size: `25000g`, `500ml`.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.measure {
            Measure::Weight => "g",
            Measure::Volume => "ml",
        };
        write!(f, "{}{unit}", self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_has_one_spelling() {
        for (text, spelling) in [
            ("25kg", "25000g"),
            ("1l", "1000ml"),
            ("1000ml", "1000ml"),
            ("0.5kg", "500g"),
            ("1.5litre", "1500ml"),
        ] {
            assert_eq!(
                Size::parse(text).map(|s| s.to_string()).as_deref(),
                Some(spelling),
                "{text}"
            );
        }
        for text in ["25", "kg", "9watt", "2pm", "1.23456kg", "0kg", "1.6g"] {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }
}
