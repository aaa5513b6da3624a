use super::*;

const CATALOGUE: &str = include_str!("../../../fixtures/catalogue.csv");
const VENDORS: &str = include_str!("../../../fixtures/vendors.csv");
const OFFERS: &str = include_str!("../../../fixtures/offers.csv");

#[test]
fn the_demo_files_are_without_mistakes() {
    let products = products(CATALOGUE).expect("a clean catalogue");
    let vendors = vendors(VENDORS).expect("clean vendors");
    let offers = offers(OFFERS).expect("clean offers");
    assert_eq!((products.len(), vendors.len(), offers.len()), (282, 12, 1452));
    let rice = &products[0];
    assert_eq!(
        (rice.sku.as_str(), rice.default_unit(), rice.vat_class),
        ("RICE-JEERA-25KG", Unit::Sack, VatClass::Exempt)
    );
    assert_eq!(vendors[0].phone.as_str(), "+9779759153969");
    assert_eq!(offers[0].stock, Quantity::from_units(2280));
    let offered = |o: &OfferRow| {
        products.iter().any(|p| p.sku == o.sku) && vendors.iter().any(|v| v.code == o.vendor_code)
    };
    assert!(offers.iter().all(offered));
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = "vendor_code,sku,price_paisa,stock,lead_time_days,min_order_qty\n\
                V01,A-1,100,5,1,1\n\
                V01,A-1,0,5,1,1\n\
                V 1,A-1,100,5,1,1\n\
                V01,A-1,100,-5,1,1\n\
                V01,A-1,100\n";
    let mistakes = offers(text).expect_err("four mistakes");
    let told: Vec<(u64, &str)> = mistakes.iter().map(|m| (m.line, m.field.as_str())).collect();
    assert_eq!(
        told,
        [(3, "price_paisa"), (4, "vendor_code"), (5, "stock"), (6, "row")]
    );
    assert!(
        mistakes[0].to_string().starts_with("line 3: price_paisa: "),
        "{}",
        mistakes[0]
    );
}

#[test]
fn a_missing_column_and_an_unknown_unit_are_mistakes() {
    assert_eq!(
        vendors("code,name\nV01,Bulbule\n").expect_err("no phone")[0].field,
        "phone"
    );
    let header = CATALOGUE.lines().next().expect("a header");
    let row = "A-1,A,क,test,,packet,packet,1,packet=1;thaan=4,standard,2,1,a";
    assert_eq!(
        products(&format!("{header}\n{row}\n")).expect_err("no such unit")[0].field,
        "order_units"
    );
}
