use super::*;
use crate::domain::product::examples::product;
use crate::domain::vendor::examples::vendor;

fn products() -> HashMap<Sku, Product> {
    let wai = product(
        "WAI-75G",
        "Wai Wai 75 g, carton of 30",
        &[(Unit::Packet, 1), (Unit::Carton, 30)],
        30,
        "",
    );
    let mut rice = product("RICE-25KG", "Rice 25 kg", &[(Unit::Sack, 1)], 1, "");
    rice.vat_class = VatClass::Exempt;
    [wai, rice].into_iter().map(|p| (p.sku.clone(), p)).collect()
}

fn asked(sku: &str, quantity: &str, unit: &str) -> Asked {
    Asked {
        sku: sku.to_owned(),
        quantity: quantity.parse().expect("a quantity"),
        unit: unit.to_owned(),
    }
}

fn offer(sku: &str, price: i64, available: i64, minimum: u32) -> Price {
    Price {
        sku: sku.parse().expect("a sku"),
        price: Paisa::new(price),
        lead_time_days: minimum,
        minimum_quantity: minimum,
        available: Quantity::from_units(available),
    }
}

fn quote(basket: &[Asked], prices: Vec<Price>) -> Quote {
    price(&understand(basket, &products()), vendor("V01"), prices).expect("no overflow")
}

fn obstacles(quote: &Quote) -> Vec<Option<Obstacle>> {
    quote.lines.iter().map(|l| l.obstacle).collect()
}

#[test]
fn vat_is_on_the_sum_of_the_taxable_lines_and_half_a_paisa_goes_up() {
    // 13 % of 50 paisa is 6.5: half up. 13 % of 3 × 13 is 5.07; line by line it would be 3 × 1.69 → 2 + 2 + 2
    let one = quote(
        &[asked("WAI-75G", "1", "packet")],
        vec![offer("WAI-75G", 50, 99, 1)],
    );
    assert_eq!((one.subtotal, one.vat), (Paisa::new(50), Paisa::new(7)));
    let basket: Vec<Asked> = (0..3).map(|_| asked("WAI-75G", "1", "packet")).collect();
    let three = quote(&basket, vec![offer("WAI-75G", 13, 99, 1)]);
    assert_eq!((three.subtotal, three.vat), (Paisa::new(39), Paisa::new(5)));
}

#[test]
fn exempt_goods_carry_no_vat() {
    let basket = [asked("RICE-25KG", "2", "bora"), asked("wai-75g", "1", "")];
    let quote = quote(
        &basket,
        vec![offer("RICE-25KG", 215_000, 9, 1), offer("WAI-75G", 1_500, 90, 1)],
    );
    assert!(quote.complete, "{quote:?}");
    assert_eq!(quote.subtotal, Paisa::new(430_000 + 45_000));
    assert_eq!(quote.vat, Paisa::new(5_850));
}

#[test]
fn two_lines_of_one_product_compete_for_the_same_stock() {
    let basket = [asked("WAI-75G", "1", "carton"), asked("WAI-75G", "1", "carton")];
    let short = quote(&basket, vec![offer("WAI-75G", 1_500, 59, 1)]);
    assert_eq!(obstacles(&short), [Some(Obstacle::StockShort); 2]);
    assert!(!short.complete);
    assert!(quote(&basket, vec![offer("WAI-75G", 1_500, 60, 1)]).complete);
}

#[test]
fn a_vendor_without_the_product_or_with_a_larger_minimum_is_incomplete() {
    let basket = [asked("WAI-75G", "5", "packet"), asked("RICE-25KG", "1", "")];
    let quote = quote(&basket, vec![offer("WAI-75G", 1_500, 60, 6)]);
    assert_eq!(
        obstacles(&quote),
        [Some(Obstacle::BelowMinimum), Some(Obstacle::OfferUnknown)]
    );
    assert!(!quote.complete && quote.lead_time_days == 6);
    assert_eq!(quote.lines[0].amount, Paisa::new(7_500));
}

#[test]
fn lines_that_cannot_be_sold_say_why_and_make_no_quote_complete() {
    let basket = [
        asked("NOTHING", "1", ""),
        asked("RICE-25KG", "0.5", "sack"),
        asked("RICE-25KG", "1", "carton"),
        asked("WAI-75G", "1", "bucket"),
    ];
    let lines = understand(&basket, &products());
    let problems: Vec<Option<Problem>> = lines.iter().map(|l| l.resolved.err()).collect();
    use Problem::{FractionNotSold, ProductUnknown, UnitNotSold};
    assert_eq!(
        problems,
        [
            Some(ProductUnknown),
            Some(FractionNotSold),
            Some(UnitNotSold),
            Some(UnitNotSold)
        ]
    );
    assert_eq!(
        [lines[2].unit.as_str(), lines[3].unit.as_str()],
        ["carton", "bucket"]
    );
    let quote = price(&lines, vendor("V01"), vec![offer("RICE-25KG", 100, 9, 1)]).expect("no overflow");
    assert!(!quote.complete && quote.subtotal == Paisa::ZERO);
    assert_eq!(
        obstacles(&quote),
        [None, None, None, Some(Obstacle::OfferUnknown)]
    );
}

#[test]
fn amounts_beyond_sixty_four_bits_are_an_error_and_no_price() {
    let basket = [asked("RICE-25KG", "1000000", "sack")];
    let lines = understand(&basket, &products());
    assert_eq!(
        price(&lines, vendor("V01"), vec![offer("RICE-25KG", i64::MAX, 9, 1)]),
        Err(Overflow)
    );
}
