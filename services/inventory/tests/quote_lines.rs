use khaacho_proto::inventory::v1 as pb;

use crate::world::{World, operator, reason, reserve};

fn line(sku: &str, quantity: &str, unit: &str) -> pb::AskedLine {
    pb::AskedLine {
        sku: sku.to_owned(),
        quantity: quantity.to_owned(),
        unit: unit.to_owned(),
    }
}

async fn quote(world: &World, lines: Vec<pb::AskedLine>) -> pb::QuoteLinesResponse {
    world
        .quotes()
        .quote_lines(pb::QuoteLinesRequest { lines })
        .await
        .expect("quoted")
        .into_inner()
}

#[tokio::test]
async fn a_basket_is_priced_at_every_vendor_that_offers_part_of_it() {
    let world = World::demo().await;
    let basket = vec![
        line("rice-jeera-25kg", "2", "bora"),
        line("OIL-MUST-1L", "0.5", ""),
    ];
    let quoted = quote(&world, basket).await;
    let told: Vec<(&str, &str, &str, i64, u32)> = quoted
        .lines
        .iter()
        .map(|l| {
            (
                l.sku.as_str(),
                l.quantity.as_str(),
                l.unit.as_str(),
                l.quantity_milli,
                l.vat_bp,
            )
        })
        .collect();
    let rice = ("RICE-JEERA-25KG", "2", "sack", 2_000, 0);
    let oil = ("OIL-MUST-1L", "0.5", "carton", 6_000, 1300);
    assert_eq!(told, [rice, oil]);
    assert!(quoted.vendors.len() > 2 && quoted.price_version > 0);
    let codes: Vec<&str> = quoted
        .vendors
        .iter()
        .filter_map(|v| v.vendor.as_ref())
        .map(|v| v.code.as_str())
        .collect();
    assert!(codes.is_sorted(), "{codes:?}");
    for vendor in &quoted.vendors {
        let [rice, oil] = vendor.lines.as_slice() else {
            panic!("one per line")
        };
        assert!(rice.offered || oil.offered);
        assert_eq!(rice.amount_paisa, rice.unit_price_paisa * 2);
        assert_eq!(oil.amount_paisa, oil.unit_price_paisa * 6);
        assert_eq!(vendor.subtotal_paisa, rice.amount_paisa + oil.amount_paisa);
        // rice carries no VAT; half a paisa goes up
        assert_eq!(vendor.vat_paisa, (oil.amount_paisa * 13 + 50) / 100);
        let can = |l: &pb::VendorLine| l.problem.is_empty();
        assert_eq!(vendor.complete, can(rice) && can(oil));
        assert_eq!(!rice.offered, rice.problem == "OFFER_UNKNOWN");
    }
    assert!(quoted.vendors.iter().any(|v| v.complete), "somebody has it all");
}

#[tokio::test]
async fn what_is_promised_to_others_is_not_there() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let before = quote(&world, vec![line("RICE", "3", "")]).await;
    assert!(before.vendors[0].complete);
    world
        .reservations()
        .reserve(reserve("order", 1, &vendor, &[("RICE", 3)]))
        .await
        .expect("reserved");
    let after = quote(&world, vec![line("RICE", "3", "")]).await;
    let line = &after.vendors[0].lines[0];
    assert_eq!(
        (line.problem.as_str(), line.available_milli),
        ("STOCK_SHORT", 2000)
    );
    assert!(!after.vendors[0].complete);
    assert_eq!(after.price_version, before.price_version, "stock is no price");
}

#[tokio::test]
async fn every_change_of_an_offer_gives_another_price_version() {
    let world = World::new().await;
    let vendor = world.shelf("V01", "RICE", 5).await;
    let first = quote(&world, vec![line("RICE", "1", "")]).await;
    let set = |request_id: &str, withdrawn| pb::SetOfferRequest {
        request_id: request_id.to_owned(),
        vendor_id: vendor.clone(),
        sku: "RICE".to_owned(),
        price_paisa: 11_000,
        minimum_quantity: 2,
        withdrawn,
        ..Default::default()
    };
    let dearer = world
        .offers(operator())
        .set_offer(set("a", false))
        .await
        .expect("set")
        .into_inner()
        .offer;
    assert_eq!(
        dearer.map(|o| (o.price_paisa, o.version, o.on_hand_milli)),
        Some((11_000, 2, 5_000))
    );
    let second = quote(&world, vec![line("RICE", "1", "")]).await;
    assert!(second.price_version > first.price_version);
    assert_eq!(second.vendors[0].lines[0].problem, "BELOW_MINIMUM");
    world
        .offers(operator())
        .set_offer(set("b", true))
        .await
        .expect("set");
    let third = quote(&world, vec![line("RICE", "2", "")]).await;
    assert!(third.price_version > second.price_version && third.vendors.is_empty());
}

#[tokio::test]
async fn lines_that_cannot_be_sold_say_why() {
    let world = World::demo().await;
    let basket = vec![
        line("NOTHING", "1", ""),
        line("no key at all!", "1", ""),
        line("RICE-JEERA-25KG", "0.5", "bora"),
        line("RICE-JEERA-25KG", "1", "carton"),
        line("OIL-MUST-5L", "5", "litre"),
        line("SPICE-JEERA-KG", "500", "gram"),
    ];
    let quoted = quote(&world, basket).await;
    let problems: Vec<&str> = quoted.lines.iter().map(|l| l.problem.as_str()).collect();
    assert_eq!(
        problems,
        [
            "PRODUCT_UNKNOWN",
            "PRODUCT_UNKNOWN",
            "FRACTION_NOT_SOLD",
            "UNIT_NOT_SOLD",
            "",
            ""
        ]
    );
    let oil = &quoted.lines[4];
    assert_eq!(
        (oil.quantity.as_str(), oil.unit.as_str(), oil.quantity_milli),
        ("1", "jar", 1000)
    );
    let cumin = &quoted.lines[5];
    assert_eq!(
        (cumin.quantity.as_str(), cumin.unit.as_str(), cumin.quantity_milli),
        ("0.5", "kg", 500)
    );
    assert!(quoted.vendors.iter().all(|v| !v.complete));
}

#[tokio::test]
async fn baskets_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let bad = [
        vec![],
        vec![line("RICE", "1", ""); 101],
        vec![line("RICE", "0", "")],
        vec![line("RICE", "-1", "")],
        vec![line("RICE", "1e3", "")],
        vec![line("RICE", "1.2345", "")],
        vec![line("RICE", "1000001", "")],
        vec![line("RICE", "", "")],
    ];
    for lines in bad {
        let answer = world
            .quotes()
            .quote_lines(pb::QuoteLinesRequest { lines: lines.clone() })
            .await;
        assert_eq!(reason(answer), "INVALID_ARGUMENT", "{lines:?}");
    }
}
