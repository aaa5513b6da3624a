//! Enough of the contracts to know their RPCs and refusal reasons.

use crate::tidy::tree::Tree;

/// One RPC of a proto file.
#[derive(Debug, PartialEq, Eq)]
pub struct Rpc {
    /// The service's directory under `services/`, from the package: `khaacho.order.v1` is `order`.
    pub service: String,
    /// As in `PlaceOrder`.
    pub name: String,
    pub path: String,
    /// Changes nothing: its verb or its options say so.
    pub read: bool,
}

/// One value of a `…Reason` enum, without the enum's prefix.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    pub name: String,
    pub path: String,
}

/// Verbs that only look.
pub const READING: &[&str] = &[
    "Get", "List", "Find", "Search", "Match", "Explain", "Check", "Watch",
];

/// The RPCs of all our proto files.
pub fn rpcs(tree: &Tree) -> Vec<Rpc> {
    let mut rpcs = Vec::new();
    for (path, file) in tree.ending(".proto") {
        let words = words(&file.code);
        let Some(service) = package_of(&words) else {
            continue;
        };
        let starts: Vec<usize> = (0..words.len()).filter(|at| words[*at] == "rpc").collect();
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(words.len());
            let Some(name) = words
                .get(start + 1)
                .filter(|_| words.get(start + 2) == Some(&"("))
            else {
                continue;
            };
            let read = is_read(name) || words[*start..end].contains(&"NO_SIDE_EFFECTS");
            let (name, path) = ((*name).to_owned(), path.to_owned());
            rpcs.push(Rpc {
                service: service.to_owned(),
                name,
                path,
                read,
            });
        }
    }
    rpcs
}

/// The values of all `…Reason` enums in `…_reason.proto` files, without the unspecified ones.
pub fn reasons(tree: &Tree) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (path, file) in tree.ending("_reason.proto") {
        let words = words(&file.code);
        for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == "enum") {
            let Some(name) = words.get(at + 1).filter(|name| name.ends_with("Reason")) else {
                continue;
            };
            let prefix = format!("{}_", snake(name).to_uppercase());
            let body = words[at + 2..].iter().take_while(|word| **word != "}");
            let values = body.filter_map(|word| word.strip_prefix(prefix.as_str()));
            for value in values.filter(|value| *value != "UNSPECIFIED") {
                reasons.push(Reason {
                    name: value.to_owned(),
                    path: path.to_owned(),
                });
            }
        }
    }
    reasons
}

/// Whether an RPC of this name only looks.
pub fn is_read(name: &str) -> bool {
    READING.iter().any(|verb| {
        let rest = name.strip_prefix(verb);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_uppercase))
    })
}

/// `PlaceOrder` as `place_order`.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `khaacho.<service>.v1`.
fn package_of<'a>(words: &[&'a str]) -> Option<&'a str> {
    let at = words.iter().position(|word| *word == "package")?;
    match words.get(at + 1)?.split('.').collect::<Vec<_>>()[..] {
        ["khaacho", service, _] => Some(service),
        _ => None,
    }
}

/// Names (with their dots) and single signs.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let length = if part(first) {
            rest.find(|letter| !part(letter)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = r#"
        package khaacho.order.v1;
        service OrderService {
          // rpc Commented(A) returns (B);
          rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
            option (google.api.http) = {post: "/rpc Quoted("};
          }
          rpc ListOrders(ListOrdersRequest) returns (ListOrdersResponse);
          rpc QuoteOrder(Q) returns (R) { option idempotency_level = NO_SIDE_EFFECTS; }
        }"#;

    #[test]
    fn rpcs_know_their_service_and_whether_they_read() {
        let mut tree = Tree::default();
        tree.add("proto/khaacho/order/v1/order_service.proto", SERVICE);
        let found: Vec<_> = rpcs(&tree)
            .into_iter()
            .map(|rpc| (rpc.service, rpc.name, rpc.read))
            .collect();
        let expected = [("PlaceOrder", false), ("ListOrders", true), ("QuoteOrder", true)];
        assert_eq!(
            found,
            expected.map(|(name, read)| ("order".to_owned(), name.to_owned(), read))
        );
    }

    #[test]
    fn reasons_lose_their_prefix() {
        let mut tree = Tree::default();
        let text = "package khaacho.order.v1;\nenum OrderReason {\n  ORDER_REASON_UNSPECIFIED = 0;\n  \
            // Never ORDER_REASON_COMMENTED.\n  ORDER_REASON_QUOTE_USED = 4 [deprecated = true];\n}\n\
            enum Other { OTHER_REASON_X = 0; }";
        tree.add("proto/khaacho/order/v1/order_reason.proto", text);
        let names: Vec<String> = reasons(&tree).into_iter().map(|reason| reason.name).collect();
        assert_eq!(names, ["QUOTE_USED"]);
    }

    #[test]
    fn reading_verbs_are_whole_words() {
        assert!(is_read("GetOrder") && is_read("CheckCredit") && is_read("Watch"));
        assert!(!is_read("GetterOrder") && !is_read("CheckoutBasket") && !is_read("PlaceOrder"));
    }

    #[test]
    fn names_become_snake_case() {
        assert_eq!(snake("PlaceOrder"), "place_order");
        assert_eq!(snake("OrderReason"), "order_reason");
    }
}
