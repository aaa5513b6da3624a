//! Units of sale and measures, with the words that people use for them.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use crate::fold::{fold, near_enough, skeleton};

/// A unit somebody states. The last four are measures that no product lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Kilogram.
    Kg,
    /// One each: the sale unit, whatever that is.
    Piece,
    /// Packet.
    Packet,
    /// Bottle.
    Bottle,
    /// Jar.
    Jar,
    /// Tin.
    Tin,
    /// Sack.
    Sack,
    /// Carton.
    Carton,
    /// Crate; never the same as a carton.
    Crate,
    /// Box.
    Box,
    /// Strip.
    Strip,
    /// Bundle.
    Bundle,
    /// Twelve, where a product lists it.
    Dozen,
    /// Two, where a product lists it.
    Pair,
    /// A hundred kilograms, where a product lists it.
    Quintal,
    /// Gram.
    Gram,
    /// Litre.
    Litre,
    /// Millilitre.
    Millilitre,
    /// A local measure, 200 g or 250 g depending on the speaker.
    Pau,
}

/// Words of each unit; the canonical one comes first. Spellings that fold to the same key need no entry.
const WORDS: &[(Unit, &str)] = &[
    (
        Unit::Kg,
        "kg kgs kilo kilos kilogram kilograms keji kiloo kgr किलो केजी किग्रा",
    ),
    (
        Unit::Piece,
        "piece pieces pcs pc nos pis peece pees ota wota vata wata oda gota gotaa dana nag thaan than वटा ओटा गोटा दाना थान पिस",
    ),
    (
        Unit::Packet,
        "packet packets pkt pkts pket pack packs paket pakets packat poka pokaa pouch pouches pauch sachet प्याकेट पाकेट \
         प्याकेटहरू पोका पैकेट प्याक पाउच",
    ),
    (Unit::Bottle, "bottle bottles botal botol btl btls बोतल बोटल"),
    (Unit::Jar, "jar jars जार"),
    (Unit::Tin, "tin tins टिन"),
    (
        Unit::Sack,
        "sack sacks bora boras bori boris bhora bhori boree katta kattaa bag bags byag boraa बोरा बोरी कट्टा ब्याग",
    ),
    (
        Unit::Carton,
        "carton cartons ctn ctns crtn crtns cartoon cartoons katun kartun karton kartoon cartun cartan kartan petti peti \
         pettis petis petiya case cases kes कार्टुन कार्टन पेटी पेटि काटुन कार्टून",
    ),
    (
        Unit::Crate,
        "crate crates kret krets kreta kreat tray trays tre क्रेट ट्रे",
    ),
    (
        Unit::Box,
        "box boxes bakas bakasa baks baksa baakas boks bakkas बाकस बक्स बक्सा",
    ),
    (Unit::Strip, "strip strips patta lari laree पत्ता लरी"),
    (Unit::Bundle, "bundle bundles bandal bandel bundal बन्डल बण्डल"),
    (
        Unit::Dozen,
        "dozen dozens doz drjn drzn dzn dz darjan darjon darzan dargan darjen darjun दर्जन",
    ),
    (Unit::Pair, "pair pairs jodi jodee jora jor joda जोडी जोडा जोर"),
    (
        Unit::Quintal,
        "quintal quintals kuintal kwintal kuntal qtl क्विन्टल क्विंटल कुन्टल",
    ),
    (Unit::Gram, "g gm gms gr gram grams graam ग्राम"),
    (
        Unit::Litre,
        "l ltr ltrs lt lit litre litres liter liters litar leetar लिटर लीटर ली",
    ),
    (Unit::Millilitre, "ml mls मिलि मिलिलिटर एमएल"),
    (Unit::Pau, "pau pauwa पाउ"),
];

/// The Devanagari letters of units that are written letter by letter fold to something nobody would look up.
static BY_KEY: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| {
    let pairs = WORDS
        .iter()
        .flat_map(|(unit, words)| words.split_whitespace().map(|w| (fold(w), *unit)));
    pairs.collect()
});
static BY_SKELETON: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| {
    let long = BY_KEY.iter().filter(|(key, _)| key.len() >= 4);
    long.map(|(key, unit)| (skeleton(key), *unit)).collect()
});

impl Unit {
    /// Every unit.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(unit, _)| *unit)
    }

    /// The canonical word.
    pub fn as_str(self) -> &'static str {
        let found = WORDS.iter().find(|(unit, _)| *unit == self);
        found.map_or("", |(_, words)| words.split(' ').next().unwrap_or(""))
    }

    /// The unit whose canonical word this is.
    pub fn of_canonical(word: &str) -> Option<Self> {
        Self::all().find(|unit| unit.as_str() == word)
    }

    /// The unit that a folded word means.
    pub fn of_key(key: &str) -> Option<Self> {
        BY_KEY.get(key).copied()
    }

    /// The unit that a word means with a slip of the finger. `None` where two units are as near.
    pub fn near_key(key: &str) -> Option<Self> {
        if key.len() < 4 || key.len() > 12 {
            return None;
        }
        if let Some(unit) = BY_SKELETON.get(&skeleton(key)) {
            return Some(*unit);
        }
        let near = BY_KEY
            .iter()
            .filter_map(|(known, unit)| near_enough(key, known).map(|_| *unit));
        let mut found: Vec<Unit> = near.collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// What it measures, when it is a weight or a volume.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Self::Kg | Self::Gram => Some(Measure::Weight),
            Self::Litre | Self::Millilitre => Some(Measure::Volume),
            _ => None,
        }
    }

    /// So many thousandths of this unit as a size; `None` for counts and for parts of a gram or millilitre.
    pub fn size(self, milli: i64) -> Option<Size> {
        let measure = self.measure()?;
        let thousandths = match self {
            Self::Kg | Self::Litre => milli.checked_mul(1000)?,
            _ => milli,
        };
        (thousandths > 0 && thousandths % 1000 == 0).then_some(Size {
            measure,
            amount: thousandths / 1000,
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a size measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Grams.
    Weight,
    /// Millilitres.
    Volume,
}

/// The size of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size {
    /// Grams or millilitres.
    pub measure: Measure,
    /// How many of them.
    pub amount: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_words_of_three_languages_are_read() {
        for (word, unit) in [
            ("boree", Unit::Sack),
            ("bhora", Unit::Sack),
            ("katun", Unit::Carton),
            ("पेटी", Unit::Carton),
            ("kret", Unit::Crate),
            ("pkt", Unit::Packet),
            ("darzan", Unit::Dozen),
            ("के.जी.", Unit::Kg),
            ("मि.लि.", Unit::Millilitre),
            ("वटा", Unit::Piece),
            ("K.G.", Unit::Kg),
        ] {
            assert_eq!(Unit::of_key(&fold(word)), Some(unit), "{word}");
        }
        assert_eq!(Unit::near_key(&fold("cartonn")), Some(Unit::Carton));
        assert_eq!(Unit::near_key(&fold("packit")), Some(Unit::Packet));
        assert_eq!(Unit::of_key("khata"), None);
        for unit in Unit::all() {
            assert_eq!(Unit::of_canonical(unit.as_str()), Some(unit));
        }
    }
}
