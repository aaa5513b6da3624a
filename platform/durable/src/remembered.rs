//! What a request was answered, as the next one with the same id finds it: a reply, or a no.

use std::collections::BTreeMap;

use khaacho_fault::{Fault, Kind, reason};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Key of the object that a no is stored as. Everything else is a reply.
const REFUSED: &str = "$refused";

/// An answer from before.
pub(crate) enum Remembered<R> {
    /// It was carried out.
    Reply(R),
    /// It was refused, and nothing happened.
    Refused(Fault),
}

/// A no, as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    kind: StoredKind,
    reason: String,
    sentence: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    facts: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    violations: Vec<(String, String)>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum StoredKind {
    NotFound,
    Conflict,
    Refused,
}

/// A no that another day might be a yes, as it is stored; `None` for what need not be: a request that is wrong in
/// itself stays wrong, and trouble that passes is no answer.
pub(crate) fn refusal(fault: &Fault) -> Option<Value> {
    let kind = match fault.kind() {
        Kind::NotFound => StoredKind::NotFound,
        Kind::Conflict => StoredKind::Conflict,
        Kind::Refused => StoredKind::Refused,
        Kind::Invalid
        | Kind::Unauthenticated
        | Kind::Forbidden
        | Kind::Exhausted
        | Kind::Late
        | Kind::Unavailable
        | Kind::Bug => return None,
    };
    let passes = fault.retryable() || fault.retry_after().is_some();
    if passes || fault.reason() == reason::REQUEST_ID_REUSED {
        return None;
    }
    let violations = fault.violations().iter();
    let stored = Stored {
        kind,
        reason: fault.reason().to_owned(),
        sentence: fault.sentence().to_owned(),
        facts: fault.facts().clone(),
        violations: violations.map(|v| (v.field.clone(), v.message.clone())).collect(),
    };
    Some(serde_json::json!({ REFUSED: stored }))
}

/// Reads a stored answer.
///
/// # Errors
/// `Bug` for what this program did not write.
pub(crate) fn read<R: DeserializeOwned>(mut stored: Value) -> Result<Remembered<R>, Fault> {
    let refused = match &mut stored {
        Value::Object(fields) if fields.len() == 1 => fields.remove(REFUSED),
        _ => None,
    };
    match refused {
        Some(refused) => serde_json::from_value(refused).map(|it| Remembered::Refused(fault(it))),
        None => serde_json::from_value(stored).map(Remembered::Reply),
    }
    .map_err(Fault::bug)
}

fn fault(stored: Stored) -> Fault {
    let kind = match stored.kind {
        StoredKind::NotFound => Kind::NotFound,
        StoredKind::Conflict => Kind::Conflict,
        StoredKind::Refused => Kind::Refused,
    };
    let fault = Fault::new(kind, stored.reason).say(stored.sentence);
    let fault = stored
        .facts
        .into_iter()
        .fold(fault, |fault, (key, value)| fault.fact(key, value));
    stored
        .violations
        .into_iter()
        .fold(fault, |fault, (field, message)| fault.field(field, message))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use khaacho_fault::{Fault, Kind, reason};
    use serde_json::{Value, json};

    use super::{Remembered, read, refusal};

    #[test]
    fn a_no_comes_back_as_it_was() {
        let no = Fault::refused("CREDIT_SHORT")
            .say("the order costs more than is left")
            .fact("available_paisa", 52_500)
            .field("lines[0]", "too many");
        let stored = refusal(&no).expect("it is remembered");
        let Ok(Remembered::Refused(told)) = read::<Value>(stored) else {
            panic!("it is a refusal");
        };
        assert_eq!(
            (told.kind(), told.reason(), told.sentence()),
            (no.kind(), no.reason(), no.sentence())
        );
        assert_eq!((told.facts(), told.violations()), (no.facts(), no.violations()));
    }

    #[test]
    fn a_reply_stays_a_reply() {
        for reply in [json!("ord_1"), json!(null), json!({ "refused": true }), json!({})] {
            match read::<Value>(reply.clone()) {
                Ok(Remembered::Reply(told)) => assert_eq!(told, reply),
                _ => panic!("{reply} is a reply"),
            }
        }
    }

    #[test]
    fn only_a_no_that_could_become_a_yes_is_remembered() {
        for kind in Kind::ALL {
            let remembered = refusal(&Fault::new(kind, "ANY")).is_some();
            let expected = matches!(kind, Kind::NotFound | Kind::Conflict | Kind::Refused);
            assert_eq!(remembered, expected, "{kind:?}");
        }
        let passing = [
            Fault::conflict(reason::CONCURRENT_UPDATE),
            Fault::refused("PAUSED").retry_after_of(Duration::from_secs(3)),
            Fault::refused(reason::REQUEST_ID_REUSED),
        ];
        assert!(passing.iter().all(|fault| refusal(fault).is_none()));
    }
}
