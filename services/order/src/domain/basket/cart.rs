//! Lines and questions of a catalogue cart.

use super::goods::{Shelf, add};
use super::{Open, Why};
use crate::domain::Asked;
use crate::domain::receive_message::CartItem;

/// The key of a thing, as the catalogue writes keys.
pub fn key(thing: &CartItem) -> String {
    thing.sku.trim().to_uppercase()
}

/// Takes a cart for a basket: sale units of products by their keys. A thing that is none of ours, or of which no proper
/// number is wanted, is asked about.
pub fn cart(things: &[CartItem], shelf: &Shelf) -> (Vec<Asked>, Vec<Open>) {
    let (mut lines, mut open) = (Vec::new(), Vec::new());
    for (n, thing) in things.iter().enumerate() {
        let at = lines.len() + open.len();
        let Some(goods) = shelf.get(&key(thing)) else {
            open.push(Open {
                phrase: match thing.sku.trim() {
                    // The cart does not say what it is: its place there.
                    "" => format!("#{}", n + 1),
                    sku => sku.to_owned(),
                },
                quantity: match thing.quantity {
                    0 => String::new(),
                    quantity => quantity.to_string(),
                },
                at: Some(at),
                why: Why::Unknown,
                ..Open::default()
            });
            continue;
        };
        match goods.line(i64::from(thing.quantity) * 1000, Some(goods.sale_unit())) {
            Ok(line) => {
                let last = lines.len();
                add(&mut lines, last, line, Some(goods));
            }
            Err(why) => open.push(Open {
                phrase: goods.name.clone(),
                options: vec![goods.clone()],
                unit: goods.sale_unit().to_owned(),
                at: Some(at),
                why,
                ..Open::default()
            }),
        }
    }
    (lines, open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::basket::{Goods, SoldIn};

    #[test]
    fn things_become_lines_in_sale_units_and_the_rest_is_asked() {
        let goods = Goods {
            sku: "NOOD".to_owned(),
            name: "Noodles".to_owned(),
            default_unit: "carton".to_owned(),
            units: vec![
                SoldIn {
                    unit: "packet".to_owned(),
                    factor: 1,
                },
                SoldIn {
                    unit: "carton".to_owned(),
                    factor: 30,
                },
            ],
            ..Goods::default()
        };
        let shelf: Shelf = [("NOOD".to_owned(), goods)].into();
        let thing = |sku: &str, quantity| CartItem {
            sku: sku.to_owned(),
            quantity,
        };
        let (lines, open) = cart(
            &[
                thing("nood", 60),
                thing("GONE", 2),
                thing("NOOD", 0),
                thing("NOOD", 5),
            ],
            &shelf,
        );
        assert_eq!(lines.len(), 1);
        assert_eq!(
            (lines[0].quantity.as_str(), lines[0].unit.as_str()),
            ("65", "packet")
        );
        assert_eq!((open[0].why, open[0].quantity.as_str()), (Why::Unknown, "2"));
        assert_eq!((open[1].why, open[1].asks_product()), (Why::Quantity, false));
        let (lines, open) = cart(&[thing("NOOD", u32::MAX)], &shelf);
        assert!(lines.is_empty() && open.len() == 1, "more than anybody can order");
    }
}
