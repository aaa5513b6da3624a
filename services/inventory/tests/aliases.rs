use khaacho_ids::AccountId;
use khaacho_proto::inventory::v1 as pb;

use crate::world::{World, reason};

fn shop(n: u32) -> String {
    AccountId::derive(&["shop", &n.to_string()]).to_string()
}

fn learned(shop: &str, phrase: &str, sku: &str, cause: &str) -> pb::LearnPhrasesRequest {
    pb::LearnPhrasesRequest {
        account_id: shop.to_owned(),
        learned: vec![pb::LearnedPhrase {
            phrase: phrase.to_owned(),
            sku: sku.to_owned(),
        }],
        unmatched: Vec::new(),
        cause_id: cause.to_owned(),
    }
}

async fn learn(world: &World, request: pb::LearnPhrasesRequest) -> u32 {
    let done = world.catalog_of_order().learn_phrases(request).await;
    done.expect("learned").into_inner().promoted
}

async fn meant(world: &World, shop: &str, phrase: &str) -> (String, bool) {
    let asked = pb::FindAliasesRequest {
        account_id: shop.to_owned(),
        phrases: vec!["nobody ever said this".to_owned(), phrase.to_owned()],
    };
    let found = world.catalog_of_order().find_aliases(asked).await;
    let [nothing, alias] = <[_; 2]>::try_from(found.expect("found").into_inner().aliases).expect("one each");
    assert_eq!(nothing.sku, "");
    (alias.sku, alias.own)
}

async fn all(world: &World, account: &str) -> Vec<pb::Alias> {
    let mut out = Vec::new();
    let mut page_token = String::new();
    loop {
        let asked = pb::ListAliasesRequest {
            page_size: 1,
            page_token,
            account_id: account.to_owned(),
            sku: String::new(),
        };
        let page = world
            .catalog()
            .list_aliases(asked)
            .await
            .expect("a page")
            .into_inner();
        out.extend(page.aliases);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return out;
        }
    }
}

async fn story(world: &World, alias: &str) -> Vec<String> {
    let asked = pb::GetAliasRequest {
        alias: alias.to_owned(),
    };
    let found = world
        .catalog()
        .get_alias(asked)
        .await
        .expect("an alias")
        .into_inner();
    found.events.into_iter().map(|event| event.kind).collect()
}

const RED: &str = "OIL-SUN-1L";
const MUSTARD: &str = "OIL-MUSTARD-1L";

async fn oils() -> World {
    let world = World::new().await;
    for sku in [RED, MUSTARD] {
        world.shelf("V01", sku, 10).await;
    }
    world
}

#[tokio::test]
async fn what_a_shop_confirms_is_its_alias_and_another_answer_takes_its_place() {
    let world = oils().await;
    let one = shop(1);
    learn(&world, learned(&one, "Rato  Tel", RED, "inb_1")).await;
    // the job ran twice
    learn(&world, learned(&one, "Rato  Tel", RED, "inb_1")).await;
    assert_eq!(meant(&world, &one, "raato tel").await, (RED.to_owned(), true));
    assert_eq!(meant(&world, &shop(2), "rato tel").await, (String::new(), false));
    let mut twice = learned(&one, "rato tel", RED, "inb_2");
    twice.learned.extend(twice.learned.clone());
    learn(&world, twice).await;
    let aliases = all(&world, &one).await;
    assert_eq!(aliases.len(), 1);
    assert_eq!(
        (aliases[0].confirmations, aliases[0].phrase.as_str()),
        (2, "Rato  Tel")
    );
    learn(&world, learned(&one, "rato tel", MUSTARD, "inb_3")).await;
    assert_eq!(meant(&world, &one, "rato tel").await, (MUSTARD.to_owned(), true));
    assert_eq!(
        story(&world, &aliases[0].alias_id).await,
        ["learned", "confirmed", "replaced"]
    );
    assert_eq!(all(&world, &one).await.len(), 2, "the old one is still told");
    let unknown = pb::GetAliasRequest {
        alias: "als_x".to_owned(),
    };
    assert_eq!(reason(world.catalog().get_alias(unknown).await), "ALIAS_UNKNOWN");
}

#[tokio::test]
async fn the_third_shop_makes_it_everybodys_until_it_is_revoked() {
    let world = oils().await;
    for n in 1..=2 {
        assert_eq!(learn(&world, learned(&shop(n), "lal tel", RED, "inb_1")).await, 0);
    }
    assert_eq!(meant(&world, &shop(9), "lal tel").await.0, "");
    assert_eq!(learn(&world, learned(&shop(3), "lal tel", RED, "inb_1")).await, 1);
    assert_eq!(meant(&world, &shop(9), "lal tel").await, (RED.to_owned(), false));
    // what a shop says itself comes first
    learn(&world, learned(&shop(9), "lal tel", MUSTARD, "inb_1")).await;
    assert_eq!(
        meant(&world, &shop(9), "lal tel").await,
        (MUSTARD.to_owned(), true)
    );

    // and a shop that does not want what others mean is asked again
    let forget = pb::ForgetAliasRequest {
        account_id: shop(7),
        phrase: "lal tel".to_owned(),
        request_id: "f".to_owned(),
    };
    let forgotten = world.catalog_of_order().forget_alias(forget).await;
    assert_eq!(forgotten.expect("done").into_inner().sku, RED);
    assert_eq!(meant(&world, &shop(7), "lal tel").await.0, "");
    assert_eq!(meant(&world, &shop(8), "lal tel").await.0, RED);

    let promoted = all(&world, "all").await.pop().expect("the promoted one");
    assert_eq!(
        (promoted.source.as_str(), promoted.confirmations),
        ("promotion", 3)
    );
    let revoke = |reason: &str| pb::RevokeAliasRequest {
        request_id: format!("revoke-{}", reason.len()),
        alias: promoted.alias_id.clone(),
        reason: reason.to_owned(),
    };
    assert_eq!(
        reason(world.catalog().revoke_alias(revoke("")).await),
        "REASON_MISSING"
    );
    let revoked = world.catalog().revoke_alias(revoke("two kinds of it")).await;
    assert!(!revoked.expect("revoked").into_inner().alias.expect("it").active);
    assert_eq!(meant(&world, &shop(8), "lal tel").await.0, "");
    assert_eq!(story(&world, &promoted.alias_id).await, ["promoted", "revoked"]);
    // and it does not come back by itself
    assert_eq!(learn(&world, learned(&shop(4), "lal tel", RED, "inb_1")).await, 0);
    assert_eq!(meant(&world, &shop(8), "lal tel").await.0, "");
}

#[tokio::test]
async fn shops_that_learn_at_once_promote_once() {
    let world = oils().await;
    let each = (1..=6).map(|n| {
        let world = &world;
        async move { learn(world, learned(&shop(n), "lal tel", RED, "inb_1")).await }
    });
    let promoted: u32 = futures_util::future::join_all(each).await.into_iter().sum();
    assert_eq!(promoted, 1);
    assert_eq!(all(&world, "all").await.len(), 1);
}

#[tokio::test]
async fn a_shop_forgets_what_it_said() {
    let world = oils().await;
    let one = shop(1);
    learn(&world, learned(&one, "lal tel", RED, "inb_1")).await;
    let forget = |id: &str| pb::ForgetAliasRequest {
        account_id: one.clone(),
        phrase: "Lal tel!".to_owned(),
        request_id: id.to_owned(),
    };
    let mut orders = world.catalog_of_order();
    let forgotten = orders.forget_alias(forget("a")).await.expect("done").into_inner();
    assert_eq!(forgotten.sku, RED);
    let repeated = orders.forget_alias(forget("a")).await.expect("done").into_inner();
    assert_eq!(repeated.sku, RED, "the same request tells the same");
    let again = orders.forget_alias(forget("b")).await.expect("done").into_inner();
    assert_eq!(again.sku, "");
    assert_eq!(meant(&world, &one, "lal tel").await.0, "");
    // the message that taught it, handled once more, teaches nothing
    learn(&world, learned(&one, "lal tel", RED, "inb_1")).await;
    assert_eq!(meant(&world, &one, "lal tel").await.0, "");
}

#[tokio::test]
async fn an_operators_alias_is_known_to_the_matcher_at_once() {
    let world = oils().await;
    let set = |phrase: &str, sku: &str| pb::SetAliasRequest {
        request_id: format!("set-{}-{sku}", phrase.len()),
        phrase: phrase.to_owned(),
        sku: sku.to_owned(),
        account_id: String::new(),
    };
    assert_eq!(
        reason(world.catalog().set_alias(set("zzz", "NONE")).await),
        "PRODUCT_UNKNOWN"
    );
    assert_eq!(
        reason(world.catalog().set_alias(set("?!", RED)).await),
        "INVALID_ARGUMENT"
    );
    let made = world.catalog().set_alias(set("gulafi botal", RED)).await;
    let made = made.expect("set").into_inner().alias.expect("it");
    assert_eq!((made.source.as_str(), made.active), ("operator", true));
    let text = pb::MatchProductsRequest {
        phrases: Vec::new(),
        text: "2 gulafi botal".to_owned(),
    };
    let found = world
        .catalog()
        .match_products(text.clone())
        .await
        .expect("read")
        .into_inner();
    assert!(found.products.iter().any(|p| p.sku == RED), "{found:?}");
    let revoke = pb::RevokeAliasRequest {
        request_id: "r".to_owned(),
        alias: made.alias_id,
        reason: "not sold any more".to_owned(),
    };
    world.catalog().revoke_alias(revoke).await.expect("revoked");
    let found = world
        .catalog()
        .match_products(text)
        .await
        .expect("read")
        .into_inner();
    assert!(found.products.is_empty(), "{found:?}");
}

#[tokio::test]
async fn phrases_that_nobody_could_match_are_ranked_by_what_they_may_have_cost() {
    let world = World::demo().await;
    let missed = |phrase: &str, milli: i64, unit: &str| pb::UnmatchedPhrase {
        phrase: phrase.to_owned(),
        quantity_milli: milli,
        unit: unit.to_owned(),
    };
    let tell = |shop: String, cause: &str, unmatched: Vec<pb::UnmatchedPhrase>| pb::LearnPhrasesRequest {
        account_id: shop,
        learned: Vec::new(),
        unmatched,
        cause_id: cause.to_owned(),
    };
    let both = vec![missed("zorblax", 1000, ""), missed("kwixmop", 50_000, "")];
    learn(&world, tell(shop(1), "inb_1", both.clone())).await;
    learn(&world, tell(shop(1), "inb_1", both)).await;
    learn(&world, tell(shop(2), "inb_2", vec![missed("Zorblax", 1000, "")])).await;
    learn(&world, tell(shop(2), "inb_3", vec![missed("hmm", 0, "")])).await;
    let mut told = Vec::new();
    let mut page_token = String::new();
    loop {
        let asked = pb::ListUnmatchedPhrasesRequest {
            page_size: 2,
            page_token,
        };
        let page = world
            .catalog()
            .list_unmatched_phrases(asked)
            .await
            .expect("a page")
            .into_inner();
        told.extend(page.phrases);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let short: Vec<_> = told
        .iter()
        .map(|p| (p.phrase.as_str(), p.times, p.shops))
        .collect();
    assert_eq!(short, [("kwixmop", 1, 1), ("Zorblax", 2, 2), ("hmm", 1, 1)]);
    assert_eq!(
        told[0].lost_paisa,
        25 * told[1].lost_paisa,
        "the median price, both"
    );
    assert_eq!(told[2].lost_paisa, 0);

    let alias = pb::SetAliasRequest {
        request_id: "s".to_owned(),
        phrase: "kwixmop".to_owned(),
        sku: "RICE-JEERA-25KG".to_owned(),
        account_id: String::new(),
    };
    world.catalog().set_alias(alias).await.expect("set");
    let asked = pb::ListUnmatchedPhrasesRequest::default();
    let left = world
        .catalog()
        .list_unmatched_phrases(asked)
        .await
        .expect("a page")
        .into_inner();
    assert!(
        left.phrases.iter().all(|p| p.phrase != "kwixmop"),
        "it is explained now"
    );
}

#[tokio::test]
async fn stand_ins_are_of_the_same_kind_and_in_stock() {
    let world = World::demo().await;
    let asked = |milli| pb::FindAlternativesRequest {
        sku: "RICE-JEERA-25KG".to_owned(),
        quantity_milli: milli,
        limit: 0,
    };
    let found = world
        .quotes()
        .find_alternatives(asked(2000))
        .await
        .expect("found")
        .into_inner();
    assert!(!found.alternatives.is_empty() && found.alternatives.len() <= 5);
    for alternative in &found.alternatives {
        let product = alternative.product.as_ref().expect("a product");
        assert!(product.sku.starts_with("RICE-"), "{}", product.sku);
        assert_ne!(product.sku, "RICE-JEERA-25KG");
        assert!(product.available_milli >= alternative.quantity_milli && product.available_milli > 0);
        if alternative.quantity_milli > 0 {
            let wanted = 2000 * 25_000;
            assert_eq!(
                alternative.quantity_milli * product.size_grams,
                wanted,
                "{}",
                product.sku
            );
        }
    }
    let unknown = pb::FindAlternativesRequest {
        sku: "NONE".to_owned(),
        ..asked(1)
    };
    let none = world
        .quotes()
        .find_alternatives(unknown)
        .await
        .expect("found")
        .into_inner();
    assert!(none.alternatives.is_empty());
}
