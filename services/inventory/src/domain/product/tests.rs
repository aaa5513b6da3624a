use super::examples::product;
use super::*;

#[test]
fn the_default_unit_is_the_first_that_holds_the_usual_pack() {
    let wai = product(
        "WAI",
        "Wai Wai 75 g",
        &[(Unit::Packet, 1), (Unit::Carton, 30)],
        30,
        "",
    );
    let cumin = product("JEERA", "Cumin, loose", &[(Unit::Kg, 1)], 1, "");
    let odd = product("ODD", "Odd", &[(Unit::Packet, 1)], 7, "");
    assert_eq!(
        [wai.default_unit(), cumin.default_unit(), odd.default_unit()],
        [Unit::Carton, Unit::Kg, Unit::Packet]
    );
}

#[test]
fn the_size_is_read_from_the_name_and_not_from_the_pack() {
    let oil = product(
        "OIL",
        "Mustard oil 5 L jar, carton of 4",
        &[(Unit::Jar, 1)],
        1,
        "",
    );
    assert_eq!(oil.size().map(|s| s.to_string()).as_deref(), Some("5000ml"));
    let pad = product(
        "PAD",
        "Sanitary pad XL 7 pcs, carton of 48",
        &[(Unit::Packet, 1)],
        1,
        "",
    );
    assert_eq!(pad.size(), None);
}

#[test]
fn every_flaw_is_told_at_once() {
    let mut bad = product("BAD", "", &[(Unit::Gram, 2), (Unit::Gram, 0)], 3, "x;x;!");
    bad.mrp = Paisa::new(-1);
    let fields: Vec<String> = bad.flaws().into_vec().into_iter().map(|f| f.field).collect();
    for field in [
        "product.name",
        "product.mrp_paisa",
        "product.base_unit",
        "product.order_units",
        "product.pack_quantity",
        "product.order_units[1]",
        "product.aliases[1]",
        "product.aliases[2]",
    ] {
        assert!(
            fields.iter().any(|f| f == field),
            "{field} is missing in {fields:?}"
        );
    }
    assert!(
        product("OK", "Fine", &[(Unit::Packet, 1)], 1, "fine")
            .flaws()
            .is_empty()
    );
}
