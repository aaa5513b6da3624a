use khaacho_proto::common::v1::Language;
use khaacho_proto::credit::v1 as pb;
use serde_json::{Value, json};

use crate::world::{World, answer, by_finance, by_order, by_shop, reason};

fn set(world: &World, account: &str, language: Language) -> pb::SetLanguageRequest {
    pb::SetLanguageRequest {
        request_id: world.request_id(),
        account: account.to_owned(),
        language: language.into(),
    }
}

async fn changes(world: &World) -> Vec<(String, Value, Value)> {
    sqlx::query_as(
        "select actor, before, after from credit.account_change where kind = 'language_set' order by n",
    )
    .fetch_all(world.db.pool())
    .await
    .expect("rows")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_was_set_is_found_with_the_phone_and_written_down_with_who_set_it() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    assert_eq!(shop.language(), Language::Unspecified, "nobody has set one");
    let find = pb::FindPartyRequest {
        phone: shop.phones[0].clone(),
        ..pb::FindPartyRequest::default()
    };
    let found = || async { answer(world.parties().find_party(by_order(find.clone())).await).expect("found") };
    assert_eq!(found().await.accounts[0].language(), Language::Unspecified);

    let by = by_shop(&shop.account_id, set(&world, &shop.code, Language::NeLatn));
    let done = answer(world.accounts().set_language(by).await).expect("set");
    let account = done.account.expect("an account");
    assert_eq!((account.language(), account.version), (Language::NeLatn, 1));
    assert_eq!(found().await.accounts[0].language(), Language::NeLatn);

    let by = by_finance(set(&world, &shop.account_id, Language::En));
    answer(world.accounts().set_language(by).await).expect("set");
    let expected = [
        (
            shop.account_id.clone(),
            json!({ "language": null }),
            json!({ "language": "ne-Latn" }),
        ),
        (
            "key_finance".to_owned(),
            json!({ "language": "ne-Latn" }),
            json!({ "language": "en" }),
        ),
    ];
    assert_eq!(changes(&world).await, expected);
    assert_eq!(found().await.accounts[0].language(), Language::En);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_sets_nothing_over_what_came_after_it() {
    let world = World::new().await;
    let shop = world.shop(0).await;
    let first = set(&world, &shop.code, Language::Ne);
    let said = answer(world.accounts().set_language(by_finance(first.clone())).await).expect("set");
    let later = set(&world, &shop.code, Language::Hi);
    answer(world.accounts().set_language(by_finance(later.clone())).await).expect("set");
    let again = answer(world.accounts().set_language(by_finance(first.clone())).await).expect("replayed");
    assert_eq!(said, again, "the answer of then");
    let same = pb::SetLanguageRequest {
        request_id: world.request_id(),
        ..later
    };
    let same = answer(world.accounts().set_language(by_finance(same)).await).expect("it is that one already");
    assert_eq!(same.account.expect("an account").language(), Language::Hi);
    assert_eq!(
        changes(&world).await.len(),
        2,
        "what changes nothing is no change"
    );
    let other = pb::SetLanguageRequest {
        language: Language::En.into(),
        ..first
    };
    let refused = answer(world.accounts().set_language(by_finance(other)).await);
    assert_eq!(reason(refused), "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_sets_its_own_language_and_a_language_is_needed() {
    let world = World::new().await;
    let (own, other) = (world.shop(0).await, world.shop(0).await);
    let foreign = by_shop(&own.account_id, set(&world, &other.account_id, Language::Ne));
    let refused = answer(world.accounts().set_language(foreign).await);
    assert_eq!(reason(refused), "ACCOUNT_UNKNOWN");
    let none = set(&world, &own.code, Language::Unspecified);
    let refused = answer(world.accounts().set_language(by_finance(none)).await).expect_err("a mistake");
    assert_eq!(refused.violations()[0].field, "language");
    assert!(changes(&world).await.is_empty());
}

/// English stood for no language before there was a difference; every other language was meant.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_before_count_as_set_unless_they_say_english() {
    let world = World::new().await;
    for (stored, now) in [("en", Language::Unspecified), ("hi", Language::Hi)] {
        let shop = world.shop(0).await;
        sqlx::query("update credit.account set language = $1, language_given = null where code = $2")
            .bind(stored)
            .bind(&shop.code)
            .execute(world.db.pool())
            .await
            .expect("as before");
        let body = pb::ListAccountsRequest::default();
        let listed = answer(world.accounts().list_accounts(by_finance(body)).await).expect("listed");
        let account = listed.accounts.into_iter().find(|a| a.code == shop.code);
        assert_eq!(account.expect("it is there").language(), now, "{stored}");
    }
    let request = pb::OpenAccountRequest {
        language: Language::En.into(),
        ..world.new_shop(0)
    };
    let opened = answer(world.accounts().open_account(by_finance(request)).await).expect("opened");
    assert_eq!(
        opened.account.expect("an account").language(),
        Language::En,
        "said so"
    );
}
