//! A larger catalogue than anybody has, to measure with: invented brands of the products that there are.

use khaacho_inventory::domain::matcher::Described;

const SYLLABLES: [&str; 24] = [
    "ba", "chi", "da", "ghi", "ha", "jo", "ka", "lu", "ma", "ne", "pa", "ri", "sa", "ti", "bu", "che", "du",
    "ga", "ho", "ja", "ki", "la", "mo", "nu",
];

/// The products and so many more that there are `number` in all. Every added one has a brand of its own, and is called by
/// the names of the product that it is made of, too.
pub fn enlarged(products: &[Described], number: usize) -> Vec<Described> {
    let added = products
        .iter()
        .cycle()
        .take(number.saturating_sub(products.len()));
    let added = added.enumerate().map(|(n, product)| another(product, n));
    products.iter().cloned().chain(added).collect()
}

fn another(product: &Described, n: usize) -> Described {
    let brand = brand(n);
    let mut aliases = vec![brand.clone()];
    aliases.extend(product.aliases.first().map(|name| format!("{brand} {name}")));
    aliases.extend(product.aliases.iter().cloned());
    Described {
        sku: format!("N{n}-{}", product.sku),
        name: format!("{} {}", brand, product.name),
        name_ne: String::new(),
        brand,
        aliases,
        ..product.clone()
    }
}

/// A word of four syllables, another one for each of 331,776 numbers.
fn brand(mut n: usize) -> String {
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[n % SYLLABLES.len()]);
        n /= SYLLABLES.len();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_added_products_are_all_different_and_can_be_found() {
        let products = crate::parse::catalogue::read(crate::parse::CATALOGUE).expect("the catalogue");
        let all = enlarged(&products, 1_000);
        assert_eq!(all.len(), 1_000);
        let last = all.last().expect("one").clone();
        let brands: std::collections::HashSet<_> = all[products.len()..].iter().map(|p| &p.brand).collect();
        assert_eq!(brands.len(), 1_000 - products.len());
        let matcher = khaacho_inventory::domain::matcher::Matcher::build(all);
        let found = matcher.search(&last.brand, 5);
        assert_eq!(found.first().map(|p| &p.sku), Some(&last.sku));
        assert_eq!(enlarged(&products, 1), products, "never fewer");
    }
}
