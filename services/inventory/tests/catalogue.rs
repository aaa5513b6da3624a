use khaacho_inventory::Loaded;
use khaacho_proto::inventory::v1 as pb;

use crate::world::{World, fault, operator, reason, sacks};

fn create(request_id: &str, product: pb::Product) -> pb::CreateProductRequest {
    pb::CreateProductRequest {
        request_id: request_id.to_owned(),
        product: Some(product),
    }
}

fn phrase(phrase: &str, unit: &str, quantity: &str) -> pb::MatchPhrase {
    pb::MatchPhrase {
        phrase: phrase.to_owned(),
        unit: unit.to_owned(),
        quantity: quantity.to_owned(),
    }
}

#[tokio::test]
async fn the_demo_data_are_loaded_once() {
    let world = World::new().await;
    let first = world.load_demo().await.expect("loaded");
    assert_eq!(
        first,
        Loaded {
            products: 282,
            vendors: 12,
            offers: 1452,
            stock: 1452
        }
    );
    assert_eq!(world.load_demo().await.expect("loaded"), Loaded::default());
    let opening = "select count(*) from inventory.stock_move where kind = 'opening' and cause = 'test-cause'";
    assert_eq!(world.number(opening).await, 1452);
    world.assert_conserved().await;
}

#[tokio::test]
async fn a_product_is_created_read_found_and_matched_at_once() {
    let world = World::demo().await;
    let product = pb::Product {
        aliases: vec!["Jhapa chiya".to_owned()],
        ..sacks("TEA-ILAM-20KG")
    };
    let get = || pb::GetProductRequest {
        sku: "tea-ilam-20kg".to_owned(),
    };
    assert_eq!(
        reason(world.catalog().get_product(get()).await),
        "PRODUCT_UNKNOWN"
    );
    let made = world
        .catalog()
        .create_product(create("a", product.clone()))
        .await
        .expect("made")
        .into_inner();
    let made = made.product.expect("a product");
    assert_eq!((made.active, made.version), (true, 1));
    let got = world
        .catalog()
        .get_product(get())
        .await
        .expect("a product")
        .into_inner()
        .product;
    assert_eq!(got.as_ref(), Some(&made));
    let search = pb::SearchProductsRequest {
        query: "jhapa chi".to_owned(),
        limit: 0,
    };
    let found = world
        .catalog()
        .search_products(search)
        .await
        .expect("found")
        .into_inner()
        .products;
    assert_eq!(found, std::slice::from_ref(&made));
    let matched = pb::MatchProductsRequest {
        phrases: vec![phrase("JHAPA  chiya", "bora", "2")],
        ..Default::default()
    };
    let matched = world
        .catalog()
        .match_products(matched)
        .await
        .expect("matched")
        .into_inner()
        .matches
        .remove(0);
    assert_eq!(
        matched
            .candidates
            .iter()
            .map(|c| c.sku.as_str())
            .collect::<Vec<_>>(),
        ["TEA-ILAM-20KG"]
    );
    assert_eq!(
        (matched.unit.as_str(), matched.candidates[0].price_paisa),
        ("sack", 0)
    );

    assert_eq!(
        world
            .catalog()
            .create_product(create("a", product.clone()))
            .await
            .expect("again")
            .into_inner()
            .product,
        Some(made)
    );
    assert_eq!(
        reason(world.catalog().create_product(create("b", product)).await),
        "PRODUCT_EXISTS"
    );
}

#[tokio::test]
async fn phrases_are_matched_in_their_order_with_prices_of_the_moment() {
    let world = World::demo().await;
    let request = pb::MatchProductsRequest {
        phrases: vec![
            phrase("jeera masino", "bora", "2"),
            phrase("chini", "bora", "1"),
            phrase("vim", "", ""),
            phrase("RICE-JEERA-25KG", "bucket", ""),
        ],
        ..Default::default()
    };
    let matches = world
        .catalog()
        .match_products(request.clone())
        .await
        .expect("matched")
        .into_inner()
        .matches;
    let skus = |at: usize| {
        matches[at]
            .candidates
            .iter()
            .map(|c| c.sku.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(skus(0), ["RICE-JEERA-25KG", "RICE-JEERA-30KG"]);
    assert_eq!(skus(1), ["SUGAR-50KG"]);
    assert_eq!(skus(2), Vec::<&str>::new());
    assert_eq!(skus(3), ["RICE-JEERA-25KG"]);
    assert_eq!(
        [
            matches[0].unit.as_str(),
            matches[2].unit.as_str(),
            matches[3].unit.as_str()
        ],
        ["sack", "", "?"]
    );
    assert!(matches.iter().all(|m| !m.because.is_empty()));
    let sugar = &matches[1].candidates[0];
    assert_eq!(
        (sugar.default_unit.as_str(), sugar.units[0].as_str()),
        ("sack", "sack")
    );

    let cheaper = pb::SetOfferRequest {
        request_id: "cheap".to_owned(),
        vendor_id: "V01".to_owned(),
        sku: "SUGAR-50KG".to_owned(),
        price_paisa: sugar.price_paisa - 1,
        ..Default::default()
    };
    world
        .offers(operator())
        .set_offer(cheaper)
        .await
        .expect("an offer");
    let now = world
        .catalog()
        .match_products(request)
        .await
        .expect("matched")
        .into_inner()
        .matches;
    assert_eq!(now[1].candidates[0].price_paisa, sugar.price_paisa - 1);
}

/// Whoever reads the message needs places, facts, prices and stock, all of them true at this moment.
#[tokio::test]
async fn a_message_is_told_what_it_mentions_with_price_and_stock_of_the_moment() {
    let world = World::demo().await;
    let text = "नमस्ते, 2 bora chini ra wai wai veg";
    let request = pb::MatchProductsRequest {
        text: text.to_owned(),
        ..Default::default()
    };
    let ask = async || {
        let found = world.catalog().match_products(request.clone()).await;
        found.expect("matched").into_inner()
    };
    let found = ask().await;
    let place = |m: &pb::ProductMention| text.get(m.start as usize..m.end as usize).expect("a place");
    let meant = |phrase: &str| {
        let mention = found
            .mentions
            .iter()
            .find(|m| place(m) == phrase)
            .expect("mentioned");
        let products = mention.products.iter().map(|p| &found.products[*p as usize]);
        products.collect::<Vec<_>>()
    };
    let veg = meant("wai wai veg");
    assert_eq!(veg.len(), 1, "{veg:?}");
    let facts = (
        veg[0].sku.as_str(),
        veg[0].default_unit.as_str(),
        veg[0].size_grams,
    );
    assert_eq!(facts, ("NOOD-WAIWAI-VEG-75G", "carton", 75));
    let sugar = meant("chini");
    let sack = sugar.iter().find(|p| p.sku == "SUGAR-50KG").expect("among them");
    assert!(sack.price_paisa > 0 && sack.available_milli > 0, "{sack:?}");

    let cheaper = pb::SetOfferRequest {
        request_id: "cheap".to_owned(),
        vendor_id: "V01".to_owned(),
        sku: "SUGAR-50KG".to_owned(),
        price_paisa: sack.price_paisa - 1,
        ..Default::default()
    };
    let offer = world.offers(operator()).set_offer(cheaper).await;
    offer.expect("an offer");
    let now = ask().await;
    let now = now
        .products
        .iter()
        .find(|p| p.sku == "SUGAR-50KG")
        .expect("still there");
    assert_eq!(now.price_paisa, sack.price_paisa - 1);
}

#[tokio::test]
async fn every_wrong_field_of_a_product_is_named() {
    let world = World::new().await;
    let fields = |answer| {
        let fault = fault(answer);
        fault
            .violations()
            .iter()
            .map(|v| v.field.clone())
            .collect::<Vec<_>>()
    };
    let mut unreadable = sacks("A B");
    unreadable.base_unit = "thaan".to_owned();
    unreadable.vat_class = 0;
    let unreadable = world.catalog().create_product(create("a", unreadable)).await;
    assert_eq!(
        fields(unreadable),
        ["product.sku", "product.base_unit", "product.vat_class"]
    );
    let mut wrong = sacks("A");
    wrong.name = " ".to_owned();
    wrong.order_units[0].factor = 2;
    wrong.mrp_paisa = -1;
    let wrong = world.catalog().create_product(create("a", wrong)).await;
    assert_eq!(
        fields(wrong),
        [
            "product.name",
            "product.mrp_paisa",
            "product.order_units",
            "product.pack_quantity"
        ]
    );
    let none = pb::CreateProductRequest {
        request_id: "a".to_owned(),
        product: None,
    };
    assert_eq!(fields(world.catalog().create_product(none).await), ["product"]);
}

#[tokio::test]
async fn products_are_listed_by_key_and_category() {
    let world = World::demo().await;
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = pb::ListProductsRequest {
            page_size: 100,
            page_token,
            category: String::new(),
        };
        let page = world
            .catalog()
            .list_products(request)
            .await
            .expect("a page")
            .into_inner();
        all.extend(page.products.into_iter().map(|p| p.sku));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert!(all.len() == 282 && all.is_sorted(), "{}", all.len());
    let rice = pb::ListProductsRequest {
        category: "rice".to_owned(),
        ..Default::default()
    };
    let rice = world
        .catalog()
        .list_products(rice)
        .await
        .expect("a page")
        .into_inner()
        .products;
    assert!(rice.len() == 17 && rice.iter().all(|p| p.category == "rice"));
}

#[tokio::test]
async fn requests_beyond_their_limits_are_refused() {
    let world = World::new().await;
    let search = |query: &str, limit| pb::SearchProductsRequest {
        query: query.to_owned(),
        limit,
    };
    for request in [search("", 0), search(&"x".repeat(81), 0), search("x", 21)] {
        assert_eq!(
            reason(world.catalog().search_products(request).await),
            "INVALID_ARGUMENT"
        );
    }
    let long = "x".repeat(16 * 1024 + 1);
    for (phrases, text) in [
        (vec![], ""),
        (vec![phrase("a", "", ""); 51], ""),
        (vec![phrase(&"x".repeat(201), "", "")], ""),
        (vec![phrase("a", "", "x")], ""),
        (vec![phrase("a", "", "")], "2 bora chini"),
        (vec![], long.as_str()),
    ] {
        let text = text.to_owned();
        let request = pb::MatchProductsRequest { phrases, text };
        assert_eq!(
            reason(world.catalog().match_products(request).await),
            "INVALID_ARGUMENT"
        );
    }
    let page = pb::ListProductsRequest {
        page_size: 101,
        ..Default::default()
    };
    assert_eq!(
        reason(world.catalog().list_products(page).await),
        "INVALID_ARGUMENT"
    );
}
