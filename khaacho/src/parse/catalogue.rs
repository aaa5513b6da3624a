//! The catalogue of a file, and what the order service sees of it.

use anyhow::Context as _;
use khaacho_inventory::domain::matcher::{self, Described, Found, Matcher};
use khaacho_order::domain::interpret::{Fact, How, Mention, Mentions};
use khaacho_text::Unit;

/// Reads a catalogue: the columns of the demonstration data, of which prices and tax may be missing.
pub fn read(csv: &str) -> anyhow::Result<Vec<Described>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers()?.clone();
    let mut out = Vec::new();
    for row in reader.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        let field = |name: &str| {
            headers
                .iter()
                .position(|h| h == name)
                .and_then(|at| row.get(at))
                .unwrap_or("")
        };
        out.push(product(&field).with_context(|| format!("line {line} of the catalogue"))?);
    }
    Ok(out)
}

fn product<'a>(field: &impl Fn(&str) -> &'a str) -> anyhow::Result<Described> {
    let unit = |word: &str| Unit::of_canonical(word).with_context(|| format!("{word} is no unit"));
    let order_units = field("order_units").split(';').map(|pair| {
        let (word, factor) = pair
            .split_once('=')
            .with_context(|| format!("{pair} is no unit=factor"))?;
        Ok((unit(word)?, factor.parse::<u32>()?))
    });
    let order_units = order_units.collect::<anyhow::Result<Vec<_>>>()?;
    let pack_quantity = field("pack_qty").parse()?;
    let base_unit = unit(field("base_unit"))?;
    let pack = order_units.iter().find(|(_, factor)| *factor == pack_quantity);
    Ok(Described {
        sku: field("sku").to_owned(),
        name: field("name").to_owned(),
        name_ne: field("name_ne").to_owned(),
        brand: field("brand").to_owned(),
        aliases: field("aliases")
            .split(';')
            .filter(|a| !a.is_empty())
            .map(str::to_owned)
            .collect(),
        base_unit,
        default_unit: pack.map_or(base_unit, |(unit, _)| *unit),
        pack_quantity,
        order_units,
    })
}

/// Builds the matcher of a catalogue file.
pub fn matcher(csv: &str) -> anyhow::Result<Matcher> {
    Ok(Matcher::build(read(csv)?))
}

/// What the matcher found, in the words of the order service.
pub fn mentions(found: Found) -> Mentions {
    let mention = |m: matcher::Mention| Mention {
        start: m.start,
        end: m.end,
        how: match m.how {
            matcher::How::Key => How::Key,
            matcher::How::Alias => How::Alias,
            matcher::How::Word => How::Word,
        },
        score: m.score,
        products: m.products,
        cut: m.cut,
    };
    let fact = |f: matcher::Fact| Fact {
        sku: f.sku,
        base_unit: f.base_unit,
        default_unit: f.default_unit,
        pack_quantity: f.pack_quantity,
        order_units: f.order_units,
        size: f.size,
        numbers: f.numbers,
    };
    Mentions {
        products: found.products.into_iter().map(fact).collect(),
        mentions: found.mentions.into_iter().map(mention).collect(),
    }
}
