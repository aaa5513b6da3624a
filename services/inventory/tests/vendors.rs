use khaacho_proto::common::v1::Language;
use khaacho_proto::inventory::v1 as pb;

use crate::world::{World, fault, operator, reason, vendor};

fn register(request_id: &str, code: &str, phone: &str) -> pb::RegisterVendorRequest {
    pb::RegisterVendorRequest {
        request_id: request_id.to_owned(),
        code: code.to_owned(),
        name: "Bulbule Traders".to_owned(),
        phone: phone.to_owned(),
        ..Default::default()
    }
}

async fn registered(world: &World, request: pb::RegisterVendorRequest) -> pb::Vendor {
    let answer = world
        .vendors(operator())
        .register_vendor(request)
        .await
        .expect("registered")
        .into_inner();
    answer.vendor.expect("a vendor")
}

#[tokio::test]
async fn a_vendor_without_code_gets_the_next_number() {
    let world = World::new().await;
    let first = registered(&world, register("a", "", "9841234501")).await;
    assert_eq!(
        (first.code.as_str(), first.phone.as_str()),
        ("V01", "+9779841234501")
    );
    assert_eq!(
        (first.opens.as_str(), first.closes.as_str(), first.active),
        ("07:00", "19:00", true)
    );
    assert_eq!(
        registered(&world, register("a", "", "9841234501")).await,
        first,
        "the same request id"
    );
    registered(&world, register("b", "v12", "9841234502")).await;
    assert_eq!(
        registered(&world, register("c", "", "9841234503")).await.code,
        "V13"
    );
    registered(&world, register("d", "SURKHET-1", "9841234504")).await;
    assert_eq!(
        registered(&world, register("e", "", "9841234505")).await.code,
        "V14"
    );
}

#[tokio::test]
async fn code_and_phone_belong_to_one_vendor() {
    let world = World::new().await;
    registered(&world, register("a", "V01", "9841234501")).await;
    let field = |answer| fault(answer).facts().get("field").cloned();
    let code = world
        .vendors(operator())
        .register_vendor(register("b", "V01", "9841234502"))
        .await;
    assert_eq!(field(code).as_deref(), Some("code"));
    let phone = world
        .vendors(operator())
        .register_vendor(register("c", "", "+977 984-1234501"))
        .await;
    assert_eq!(field(phone).as_deref(), Some("phone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn vendors_registered_at_once_get_different_codes() {
    let world = World::new().await;
    let all = (0..10).map(|number| {
        let mut client = world.vendors(operator());
        let request = register(&format!("r{number}"), "", &format!("98412345{number:02}"));
        async move {
            client
                .register_vendor(request)
                .await
                .expect("registered")
                .into_inner()
        }
    });
    let mut codes: Vec<String> = futures_util::future::join_all(all)
        .await
        .into_iter()
        .filter_map(|r| r.vendor)
        .map(|v| v.code)
        .collect();
    codes.sort();
    assert_eq!(
        codes,
        [
            "V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10"
        ]
    );
}

#[tokio::test]
async fn a_vendor_is_found_by_id_code_and_phone_also_after_it_was_looked_for_in_vain() {
    let world = World::new().await;
    let find = |phone: &str| pb::FindVendorRequest {
        phone: phone.to_owned(),
    };
    let get = |vendor: &str| pb::GetVendorRequest {
        vendor: vendor.to_owned(),
    };
    let before = world
        .vendors(operator())
        .find_vendor(find("9841234501"))
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!((before.found, before.vendor), (false, None));
    assert_eq!(
        reason(world.vendors(operator()).get_vendor(get("V01")).await),
        "VENDOR_UNKNOWN"
    );

    let vendor = registered(&world, register("a", "V01", "9841234501")).await;
    let found = world
        .vendors(operator())
        .find_vendor(find("+9779841234501"))
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(found.vendor.as_ref(), Some(&vendor));
    for key in ["V01", "v01", vendor.vendor_id.as_str()] {
        let got = world
            .vendors(operator())
            .get_vendor(get(key))
            .await
            .expect("a vendor")
            .into_inner();
        assert_eq!(got.vendor.as_ref(), Some(&vendor), "{key}");
    }
    assert_eq!(
        reason(world.vendors(operator()).find_vendor(find("12")).await),
        "INVALID_ARGUMENT"
    );
    assert_eq!(
        reason(world.vendors(operator()).get_vendor(get("")).await),
        "INVALID_ARGUMENT"
    );
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let world = World::new().await;
    let bad = pb::RegisterVendorRequest {
        code: "V 1".to_owned(),
        opens: "25:00".to_owned(),
        ..register("a", "", "12")
    };
    let fault = fault(world.vendors(operator()).register_vendor(bad).await);
    let fields: Vec<&str> = fault.violations().iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["code", "phone", "opens"]);
}

#[tokio::test]
async fn vendors_are_listed_by_code() {
    let world = World::demo().await;
    let list = |page_token: String| pb::ListVendorsRequest {
        page_size: 7,
        page_token,
    };
    let first = world
        .vendors(operator())
        .list_vendors(list(String::new()))
        .await
        .expect("a page")
        .into_inner();
    let rest = world
        .vendors(operator())
        .list_vendors(list(first.next_page_token))
        .await
        .expect("a page")
        .into_inner();
    let codes: Vec<String> = first
        .vendors
        .into_iter()
        .chain(rest.vendors)
        .map(|v| v.code)
        .collect();
    let expected: Vec<String> = (1..=12).map(|number| format!("V{number:02}")).collect();
    assert_eq!((codes, rest.next_page_token.as_str()), (expected, ""));
}

fn set(request_id: &str, vendor: &str, language: Language) -> pb::SetVendorLanguageRequest {
    pb::SetVendorLanguageRequest {
        request_id: request_id.to_owned(),
        vendor: vendor.to_owned(),
        language: language.into(),
    }
}

#[tokio::test]
async fn a_language_that_was_set_is_found_with_the_phone_and_a_repetition_sets_nothing() {
    let world = World::new().await;
    let own = registered(&world, register("a", "V01", "9841234501")).await;
    assert_eq!(own.language(), Language::Unspecified, "nobody has set one");
    let found = || async {
        let asked = pb::FindVendorRequest {
            phone: own.phone.clone(),
        };
        let answer = world.vendors(operator()).find_vendor(asked).await;
        answer.expect("found").into_inner().vendor.expect("a vendor")
    };
    assert_eq!(found().await, own);
    let first = set("1", "", Language::NeLatn);
    let by_itself = || world.vendors(vendor(&own.vendor_id));
    let done = by_itself().set_vendor_language(first.clone()).await.expect("set");
    assert_eq!(
        done.into_inner().vendor.expect("a vendor").language(),
        Language::NeLatn
    );
    assert_eq!(found().await.language(), Language::NeLatn);

    let by_operator = set("2", "v01", Language::En);
    world
        .vendors(operator())
        .set_vendor_language(by_operator)
        .await
        .expect("set");
    by_itself().set_vendor_language(first).await.expect("replayed");
    assert_eq!(found().await.language(), Language::En, "what came later stays");
    let again = set("3", "V01", Language::En);
    world
        .vendors(operator())
        .set_vendor_language(again)
        .await
        .expect("it is that one already");
    let rows: Vec<(i32, String, String, String)> =
        sqlx::query_as("select n, actor, before, after from inventory.vendor_event order by n")
            .fetch_all(world.door.db().pool())
            .await
            .expect("rows");
    let event = |n, actor: &str, before: &str, after: &str| {
        (n, actor.to_owned(), before.to_owned(), after.to_owned())
    };
    let expected = [
        event(1, &own.vendor_id, "", "ne-Latn"),
        event(2, "key_operator", "ne-Latn", "en"),
    ];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn a_vendor_sets_its_own_language_and_a_language_is_needed() {
    let world = World::new().await;
    let own = registered(&world, register("a", "V01", "9841234501")).await;
    registered(&world, register("b", "V02", "9841234502")).await;
    let mut client = world.vendors(vendor(&own.vendor_id));
    let foreign = client.set_vendor_language(set("1", "V02", Language::Ne)).await;
    assert_eq!(reason(foreign), "VENDOR_UNKNOWN");
    for (language, told) in [(0, "is mandatory"), (9, "is not a language that we know")] {
        let wrong = pb::SetVendorLanguageRequest {
            language,
            ..set("2", "V01", Language::Ne)
        };
        let fault = fault(client.set_vendor_language(wrong).await);
        let named = &fault.violations()[0];
        assert_eq!((named.field.as_str(), named.message.as_str()), ("language", told));
    }
}

/// English stood for no language before there was a difference; every other language was meant.
#[tokio::test]
async fn vendors_of_before_count_as_set_unless_they_say_english() {
    let world = World::new().await;
    for (code, stored, now) in [("V01", "en", Language::Unspecified), ("V02", "hi", Language::Hi)] {
        registered(&world, register(code, code, &format!("98412345{}", &code[1..]))).await;
        sqlx::query("update inventory.vendor set language = $1, language_given = null where code = $2")
            .bind(stored)
            .bind(code)
            .execute(world.door.db().pool())
            .await
            .expect("as before");
        let asked = pb::GetVendorRequest {
            vendor: code.to_owned(),
        };
        let got = world
            .vendors(operator())
            .get_vendor(asked)
            .await
            .expect("a vendor");
        let got = got.into_inner().vendor.expect("a vendor");
        assert_eq!(got.language(), now, "{stored}");
    }
}
