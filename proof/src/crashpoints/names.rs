//! Names instead of ids: the same thing of two plays has the same name.

use std::collections::BTreeMap;

use serde_json::Value;

use super::state::Rows;
use super::world::World;

/// Names by what they stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Longest first, so that no name is put into the middle of a longer text.
    known: Vec<(String, String)>,
}

impl Names {
    /// The names of a world and of what came into being in it.
    pub(super) fn of(world: &World, rows: &Rows) -> Self {
        let mut known = BTreeMap::new();
        known.insert(world.account.clone(), "<shop>".to_owned());
        for (n, store) in world.stores.iter().enumerate() {
            known.insert(store.vendor.clone(), format!("<vendor {n}>"));
        }
        let mut phones: Vec<&str> = world.stores.iter().map(|store| store.phone.as_str()).collect();
        phones.push(&world.phone);
        for (n, phone) in phones.into_iter().enumerate() {
            known.insert(phone.to_owned(), format!("<phone {n}>"));
            known.insert(phone.trim_start_matches('+').to_owned(), format!("<digits {n}>"));
        }
        known.insert(world.tag.clone(), "<w>".to_owned());
        known.insert(world.tag.to_uppercase(), "<W>".to_owned());
        messages(&mut known, rows);
        orders(&mut known, rows);
        related(&mut known, rows);
        let mut names = Self {
            known: known.into_iter().filter(|(id, _)| !id.is_empty()).collect(),
        };
        names.sort();
        // Their names are made of names.
        let mut more = Vec::new();
        for row in rows.get("inbound").into_iter().flatten() {
            more.push((
                text(row, "inbound_id"),
                format!("<message {}>", names.put(&text(row, "mid"))),
            ));
        }
        names.known.append(&mut more);
        for row in rows.get("notice").into_iter().flatten() {
            let name = format!("<notice {} {}>", names.put(&text(row, "dedup_key")), row["part"]);
            more.push((text(row, "notice_id"), name));
        }
        names.known.append(&mut more);
        names.sort();
        names
    }

    fn sort(&mut self) {
        self.known
            .sort_by(|one, other| (other.0.len(), &other.0).cmp(&(one.0.len(), &one.0)));
    }

    /// A text with names instead of ids; ids without a name become their kind.
    pub(super) fn put(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (id, name) in &self.known {
            if text.contains(id.as_str()) {
                text = text.replace(id.as_str(), name);
            }
        }
        without_ids(&text)
    }
}

fn text(row: &Value, column: &str) -> String {
    row[column].as_str().unwrap_or_default().to_owned()
}

/// Providers' ids of messages, in the order in which they came.
fn messages(known: &mut BTreeMap<String, String>, rows: &Rows) {
    let mut messages: Vec<&Value> = rows.get("inbound").into_iter().flatten().collect();
    messages.sort_by_key(|row| text(row, "received_at"));
    for (n, row) in messages.into_iter().enumerate() {
        known.insert(text(row, "mid"), format!("<mid {}>", n + 1));
    }
}

/// Orders are numbered as they were placed: actions come one after the other.
fn orders(known: &mut BTreeMap<String, String>, rows: &Rows) {
    let mut orders: Vec<&Value> = rows.get("orders").into_iter().flatten().collect();
    orders.sort_by_key(|row| text(row, "placed_at"));
    for (n, row) in orders.into_iter().enumerate() {
        let n = n + 1;
        known.insert(text(row, "order_id"), format!("<order {n}>"));
        known.insert(text(row, "number"), format!("<number {n}>"));
        known.insert(text(row, "quote_id"), format!("<quote {n}>"));
        known.insert(text(row, "invoice_number"), format!("<invoice number {n}>"));
    }
}

fn related(known: &mut BTreeMap<String, String>, rows: &Rows) {
    let of = |known: &BTreeMap<String, String>, row: &Value, column: &str| {
        known.get(&text(row, column)).cloned().unwrap_or_default()
    };
    let mut add = |view: &str, id: &str, name: &dyn Fn(&BTreeMap<String, String>, &Value) -> String| {
        for row in rows.get(view).into_iter().flatten() {
            let name = name(known, row);
            known.insert(text(row, id), name);
        }
    };
    add("hold", "hold_id", &|known, row| {
        format!("<hold of {}>", of(known, row, "order_id"))
    });
    add("reservation", "res_id", &|known, row| {
        format!(
            "<reservation {} of {}>",
            row["attempt"],
            of(known, row, "order_id")
        )
    });
    add("payment", "payment_id", &|_, row| {
        format!("<payment of {}>", row["amount_paisa"])
    });
    add("entry", "entry_id", &|known, row| {
        let of_what = format!("{}{}", of(known, row, "order_id"), of(known, row, "payment_id"));
        format!("<entry {} of {of_what}>", text(row, "kind"))
    });
    add("invoice", "invoice_id", &|known, row| {
        format!("<invoice of {}>", of(known, row, "order_id"))
    });
    add("invoice", "number", &|known, row| {
        format!("<invoice number of {}>", of(known, row, "order_id"))
    });
}

/// Replaces `abc_` and 32 hexadecimal digits by `abc_?`, the public part of an API key (12 digits) by `key_?`, and a
/// bare uuid by `uuid?`.
fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(kind) = prefixed(rest) {
            out.push_str(kind);
            out.push('?');
            rest = rest.get(36..).unwrap_or_default();
        } else if is_key(rest) {
            out.push_str("key_?");
            rest = rest.get(16..).unwrap_or_default();
        } else if is_uuid(rest) {
            out.push_str("uuid?");
            rest = rest.get(36..).unwrap_or_default();
        } else {
            let mut chars = rest.chars();
            out.extend(chars.next());
            rest = chars.as_str();
        }
    }
    out
}

fn prefixed(text: &str) -> Option<&str> {
    let (kind, digits) = (text.get(..4)?, text.get(4..36)?);
    let letters = kind.bytes().take(3).all(|byte| byte.is_ascii_lowercase());
    (letters && kind.ends_with('_') && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(kind)
}

fn is_key(text: &str) -> bool {
    let digits = text.strip_prefix("key_").and_then(|rest| rest.get(..12));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_uuid(text: &str) -> bool {
    text.get(..36).is_some_and(|id| {
        id.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_without_names_become_their_kind() {
        let id = "0".repeat(32);
        assert_eq!(without_ids(&format!("by job_{id} then")), "by job_? then");
        assert_eq!(
            without_ids("x/0198c0de-0000-7000-8000-000000000001/y"),
            "x/uuid?/y"
        );
        assert_eq!(without_ids("key_0123456789ab."), "key_?.");
        assert_eq!(without_ids("job_12 नमस्ते"), "job_12 नमस्ते");
    }

    #[test]
    fn longer_texts_are_named_first() {
        let mut names = Names {
            known: vec![
                ("977".to_owned(), "<b>".to_owned()),
                ("+977".to_owned(), "<a>".to_owned()),
            ],
        };
        names.sort();
        assert_eq!(names.put("+977 and 977"), "<a> and <b>");
    }
}
