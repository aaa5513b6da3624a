use super::*;

#[test]
fn news_name_the_shop_only_where_their_reader_acts_for_several() {
    let order = fixtures::order();
    let told = order.to_buyer("packing", "order_packing", order.progress());
    assert_eq!(
        (told.template.as_str(), &told.data),
        ("order_packing", &order.progress())
    );
    let one = Order {
        buyer: Buyer {
            one_of_several: true,
            ..fixtures::buyer()
        },
        ..order
    };
    let named = one.to_buyer("packing", "order_packing", one.progress());
    assert_eq!(
        (named.template.as_str(), &named.dedup_key),
        ("for_shop", &told.dedup_key)
    );
    assert_eq!(named.data["shop"], "Khadka Kirana Pasal");
    assert_eq!(
        (&named.data["template"], &named.data["data"]),
        (&"order_packing".into(), &one.progress())
    );
}
