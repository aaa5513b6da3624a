use khaacho_proto::inventory::v1 as pb;

use crate::world::{World, operator, reason, vendor};

fn offer(request_id: &str, vendor_id: &str) -> pb::SetOfferRequest {
    pb::SetOfferRequest {
        request_id: request_id.to_owned(),
        vendor_id: vendor_id.to_owned(),
        sku: "RICE".to_owned(),
        price_paisa: 9_000,
        ..Default::default()
    }
}

fn adjust(request_id: &str, vendor_id: &str) -> pb::AdjustStockRequest {
    pb::AdjustStockRequest {
        request_id: request_id.to_owned(),
        vendor_id: vendor_id.to_owned(),
        sku: "RICE".to_owned(),
        delta_milli: 1000,
        reason: "a delivery".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_vendor_changes_and_sees_its_own_things_only() {
    let world = World::new().await;
    let own = world.shelf("V01", "RICE", 5).await;
    let foreign = world.shelf("V02", "RICE", 5).await;
    let me = || vendor(&own);

    world
        .offers(me())
        .set_offer(offer("a", ""))
        .await
        .expect("its own, by default");
    world
        .offers(me())
        .set_offer(offer("b", "V01"))
        .await
        .expect("its own, by code");
    world
        .stock(me())
        .adjust_stock(adjust("c", &own))
        .await
        .expect("its own, by id");
    assert_eq!(world.on_shelf(&own, "RICE").await, (6, 0));

    // a foreign vendor answers like one that does not exist
    for other in [foreign.as_str(), "V02", "V99"] {
        assert_eq!(
            reason(world.offers(me()).set_offer(offer("d", other)).await),
            "VENDOR_UNKNOWN"
        );
        assert_eq!(
            reason(world.stock(me()).adjust_stock(adjust("e", other)).await),
            "VENDOR_UNKNOWN"
        );
        let moves = pb::ListMovesRequest {
            vendor_id: other.to_owned(),
            sku: "RICE".to_owned(),
            ..Default::default()
        };
        assert_eq!(
            reason(world.stock(me()).list_moves(moves).await),
            "VENDOR_UNKNOWN"
        );
        let get = pb::GetVendorRequest {
            vendor: other.to_owned(),
        };
        assert_eq!(
            reason(world.vendors(me()).get_vendor(get).await),
            "VENDOR_UNKNOWN"
        );
        let list = pb::ListOffersRequest {
            vendor_id: other.to_owned(),
            ..Default::default()
        };
        assert_eq!(
            reason(world.offers(me()).list_offers(list).await),
            "VENDOR_UNKNOWN"
        );
    }
    assert_eq!(world.on_shelf(&foreign, "RICE").await, (5, 0));

    let mine = world
        .offers(me())
        .list_offers(pb::ListOffersRequest::default())
        .await
        .expect("a list")
        .into_inner();
    assert!(
        mine.offers.len() == 1 && mine.offers[0].vendor_id == own,
        "{mine:?}"
    );
    let product = pb::ListOffersRequest {
        sku: "RICE".to_owned(),
        ..Default::default()
    };
    let mine = world
        .offers(me())
        .list_offers(product.clone())
        .await
        .expect("a list")
        .into_inner();
    assert!(
        mine.offers.len() == 1 && mine.offers[0].vendor_id == own,
        "{mine:?}"
    );
    let all = world
        .offers(operator())
        .list_offers(product)
        .await
        .expect("a list")
        .into_inner();
    assert_eq!(all.offers.len(), 2);
}

#[tokio::test]
async fn a_vendor_principal_without_vendor_sees_nothing() {
    let world = World::new().await;
    world.shelf("V01", "RICE", 5).await;
    let lost = khaacho_rpc::Principal {
        scope: None,
        ..vendor("x")
    };
    let list = world
        .offers(lost.clone())
        .list_offers(pb::ListOffersRequest::default())
        .await;
    assert_eq!(reason(list), "VENDOR_UNKNOWN");
    assert_eq!(
        reason(world.offers(lost).set_offer(offer("a", "V01")).await),
        "VENDOR_UNKNOWN"
    );
}

#[tokio::test]
async fn offers_are_listed_by_vendor_and_product_in_pages() {
    let world = World::demo().await;
    for filter in [
        pb::ListOffersRequest::default(),
        pb::ListOffersRequest {
            vendor_id: "V03".to_owned(),
            ..Default::default()
        },
        pb::ListOffersRequest {
            sku: "SUGAR-50KG".to_owned(),
            ..Default::default()
        },
    ] {
        let mut seen = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = pb::ListOffersRequest {
                page_size: 100,
                page_token,
                ..filter.clone()
            };
            let request = if filter.sku.is_empty() {
                request
            } else {
                pb::ListOffersRequest {
                    page_size: 2,
                    ..request
                }
            };
            let page = world
                .offers(operator())
                .list_offers(request)
                .await
                .expect("a page")
                .into_inner();
            seen.extend(page.offers.into_iter().map(|o| (o.vendor_id, o.sku)));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert!(seen.is_sorted(), "{filter:?}");
        let mut once = seen.clone();
        once.dedup();
        assert_eq!(once.len(), seen.len());
        let counted = match (filter.vendor_id.as_str(), filter.sku.as_str()) {
            ("", "") => "select count(*) from inventory.offer",
            ("", _) => "select count(*) from inventory.offer where sku = 'SUGAR-50KG'",
            _ => {
                "select count(*) from inventory.offer o join inventory.vendor v using (vendor_id) \
                 where v.code = 'V03'"
            }
        };
        let expected = world.number(counted).await;
        assert_eq!(i64::try_from(seen.len()), Ok(expected));
    }
    let both = pb::ListOffersRequest {
        vendor_id: "V99".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        reason(world.offers(operator()).list_offers(both).await),
        "VENDOR_UNKNOWN"
    );
}
