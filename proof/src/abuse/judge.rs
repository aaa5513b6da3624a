//! Whether what came back may come back.

use serde_json::Value;

use super::case::{Case, Expect, Send, Want};
use super::mesh;
use super::wire::{End, Reply, Seen};

/// Words that no answer may hold: what only our own logs should say.
const LEAKS: [&str; 9] = [
    "panicked",
    "PgDatabase",
    "sqlx",
    "stack backtrace",
    "postgres://",
    "/src/",
    mesh::MESH_SECRET,
    mesh::META_SECRET,
    mesh::TWILIO_TOKEN,
];

/// Everything that is wrong with what was seen; nothing when the case holds.
pub fn judge(case: &Case, seen: &Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    for reply in &seen.replies {
        wrong.extend(always(case, reply));
    }
    wrong.extend(wanted(&case.expect.want, seen));
    if seen.took > case.expect.within {
        wrong.push(format!(
            "took {} ms, may take {} ms",
            seen.took.as_millis(),
            case.expect.within.as_millis()
        ));
    }
    if let Some((pointer, value)) = &case.expect.echo {
        wrong.extend(echo(pointer, value, seen));
    }
    if case.expect.once {
        wrong.extend(once(seen));
    }
    wrong.dedup();
    wrong
}

/// What holds for every answer whatever the case.
fn always(case: &Case, reply: &Reply) -> Vec<String> {
    let mut wrong = Vec::new();
    let allowed = match &case.expect.want {
        Want::Status(statuses) | Want::StatusOrEnd(statuses) | Want::Only(statuses) => {
            statuses.contains(&reply.status)
        }
        _ => false,
    };
    if reply.status >= 500 && !allowed {
        wrong.push(format!("status {}", reply.status));
    }
    let body = String::from_utf8_lossy(&reply.body);
    for leak in LEAKS.iter().filter(|leak| body.contains(**leak)) {
        wrong.push(format!("the answer says {leak:?}"));
    }
    let kind = reply.header("content-type").unwrap_or_default();
    if kind.contains("json")
        && serde_json::from_slice::<Value>(&reply.body).is_err()
        && !reply.body.is_empty()
    {
        wrong.push("the answer says that it is JSON and is not".to_owned());
    }
    let ours = reply.header("x-request-id").is_some();
    if ours && reply.header("x-content-type-options") != Some("nosniff") {
        wrong.push("the answer may be sniffed".to_owned());
    }
    if ours
        && reply.status >= 400
        && kind != "application/problem+json"
        && !matches!(case.send, Send::Frames(..))
    {
        wrong.push(format!("a refusal of type {kind:?} instead of problem details"));
    }
    wrong
}

fn wanted(want: &Want, seen: &Seen) -> Option<String> {
    let statuses: Vec<u16> = seen.replies.iter().map(|reply| reply.status).collect();
    let all_in = |set: &[u16]| statuses.iter().all(|status| set.contains(status));
    let ended = seen.end == End::Closed;
    let held = match want {
        Want::Status(set) => !statuses.is_empty() && all_in(set),
        Want::StatusOrEnd(set) => all_in(set) && (!statuses.is_empty() || ended),
        Want::Each(sets) => {
            sets.len() == statuses.len()
                && sets
                    .iter()
                    .zip(&statuses)
                    .all(|(set, status)| set.contains(status))
        }
        Want::Only(set) => statuses.len() == 1 && all_in(set) && ended,
        Want::End => ended,
        Want::Refusal => ended || seen.reset || statuses.iter().any(|status| (400..500).contains(status)),
        Want::Survive => seen.end != End::Refused,
        Want::Code(codes) => {
            let refused = |reply: &Reply| reply.code.is_none() && (400..500).contains(&reply.status);
            let coded = |reply: &Reply| reply.code.is_some_and(|code| codes.contains(&code));
            !seen.replies.is_empty() && seen.replies.iter().all(|reply| coded(reply) || refused(reply))
        }
        Want::ClosedAtLeast(count) => seen.closed >= *count,
    };
    (!held).then(|| format!("wanted {}, saw {}", told_want(want), told_seen(seen)))
}

fn told_want(want: &Want) -> String {
    match want {
        Want::Status(set) => format!("{set:?}"),
        Want::StatusOrEnd(set) => format!("{set:?} or the end"),
        Want::Each(sets) => format!("{sets:?} in turn"),
        Want::Only(set) => format!("one of {set:?} and the end"),
        Want::End => "the end of the connection".to_owned(),
        Want::Refusal => "a refusal or the end".to_owned(),
        Want::Survive => "a connection".to_owned(),
        Want::Code(codes) => format!("code {codes:?}"),
        Want::ClosedAtLeast(count) => format!("at least {count} closed"),
    }
}

/// What was seen, in short.
pub fn told_seen(seen: &Seen) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for reply in &seen.replies {
        let told = match reply.code {
            Some(code) => format!("{} with code {code}", reply.status),
            None => reply.status.to_string(),
        };
        match counts.last_mut() {
            Some((last, count)) if *last == told => *count += 1,
            _ => counts.push((told, 1)),
        }
    }
    let replies: Vec<String> = counts
        .iter()
        .map(|(told, count)| format!("{told} ×{count}"))
        .collect();
    let reason = seen
        .replies
        .iter()
        .rev()
        .find(|reply| reply.status >= 400)
        .map_or_else(String::new, |reply| {
            let body: String = String::from_utf8_lossy(&reply.body).chars().take(160).collect();
            format!(" {body:?}")
        });
    let message = seen
        .replies
        .iter()
        .find_map(|reply| reply.header("grpc-message"))
        .unwrap_or_default();
    format!(
        "[{}] {:?}{reason} {message} {}",
        replies.join(", "),
        seen.end,
        seen.note
    )
    .trim()
    .to_owned()
}

fn echo(pointer: &str, value: &Value, seen: &Seen) -> Option<String> {
    let reply = seen.replies.last().filter(|reply| reply.status < 300)?;
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let found = body.pointer(pointer);
    (found != Some(value)).then(|| format!("{pointer} is {found:?} instead of {value:?}"))
}

/// Many requests with one key: one effect, one body.
fn once(seen: &Seen) -> Vec<String> {
    let done: Vec<&Reply> = seen.replies.iter().filter(|reply| reply.status < 300).collect();
    let first = done
        .iter()
        .filter(|reply| reply.header("idempotent-replay").is_none())
        .count();
    let mut wrong = Vec::new();
    if done.is_empty() || first > 1 {
        wrong.push(format!(
            "{first} of {} successes are not marked as repetitions",
            done.len()
        ));
    }
    if done.windows(2).any(|two| two[0].body != two[1].body) {
        wrong.push("repetitions have other bodies".to_owned());
    }
    wrong
}

/// Whether the only thing wrong is the time, which a busy machine may be to blame for.
pub fn only_late(case: &Case, seen: &Seen) -> bool {
    let patient = Case {
        expect: Expect {
            within: std::time::Duration::MAX,
            ..case.expect.clone()
        },
        ..case.clone()
    };
    seen.took > case.expect.within && judge(&patient, seen).is_empty()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::case::{Class, Request};
    use super::*;

    fn case(want: Want) -> Case {
        Case {
            id: "B1-001".to_owned(),
            class: Class::B1,
            name: "test".to_owned(),
            send: Send::Http(Request::new("GET", "/")),
            expect: Expect::of(want),
        }
    }

    fn seen(statuses: &[u16], end: End) -> Seen {
        let reply = |status: &u16| Reply {
            status: *status,
            ..Reply::default()
        };
        Seen {
            replies: statuses.iter().map(reply).collect(),
            ..Seen::nothing(end)
        }
    }

    #[test]
    fn each_want_has_what_holds_and_what_does_not() {
        let table = [
            (
                Want::Status(vec![400]),
                seen(&[400], End::Open),
                seen(&[200], End::Open),
            ),
            (
                Want::Status(vec![400]),
                seen(&[400, 400], End::Open),
                seen(&[], End::Closed),
            ),
            (
                Want::StatusOrEnd(vec![400]),
                seen(&[], End::Closed),
                seen(&[], End::Open),
            ),
            (
                Want::Each(vec![vec![200], vec![404]]),
                seen(&[200, 404], End::Open),
                seen(&[404, 200], End::Open),
            ),
            (
                Want::Only(vec![200]),
                seen(&[200], End::Closed),
                seen(&[200, 200], End::Closed),
            ),
            (Want::Refusal, seen(&[404], End::Open), seen(&[503], End::Open)),
            (Want::End, seen(&[], End::Closed), seen(&[], End::Open)),
            (Want::Refusal, seen(&[431], End::Open), seen(&[200], End::Open)),
            (Want::Survive, seen(&[], End::Open), seen(&[], End::Refused)),
        ];
        for (want, good, bad) in table {
            assert!(judge(&case(want.clone()), &good).is_empty(), "{want:?}");
            assert!(!judge(&case(want.clone()), &bad).is_empty(), "{want:?}");
        }
    }

    #[test]
    fn codes_late_answers_leaks_and_echoes_are_seen() {
        let mut coded = seen(&[200], End::Open);
        coded.replies[0].code = Some(16);
        assert!(judge(&case(Want::Code(vec![16])), &coded).is_empty());
        assert!(!judge(&case(Want::Code(vec![3])), &coded).is_empty());

        let mut late = seen(&[200], End::Open);
        late.took = Duration::from_secs(2);
        assert!(only_late(&case(Want::Status(vec![200])), &late));
        assert!(!only_late(&case(Want::Status(vec![400])), &late));

        let mut leaking = seen(&[400], End::Open);
        leaking.replies[0].body = b"thread panicked at".to_vec();
        assert_eq!(judge(&case(Want::Status(vec![400])), &leaking).len(), 1);

        let mut echoing = seen(&[200], End::Open);
        echoing.replies[0].body = br#"{"a":{"b":"x"}}"#.to_vec();
        let mut wanting = case(Want::Status(vec![200]));
        wanting.expect.echo = Some(("/a/b".to_owned(), "x".into()));
        assert!(judge(&wanting, &echoing).is_empty());
        wanting.expect.echo = Some(("/a/b".to_owned(), "y".into()));
        assert_eq!(judge(&wanting, &echoing).len(), 1);
    }

    #[test]
    fn one_effect_has_one_first_answer() {
        let mut storm = seen(&[200, 200, 409], End::Open);
        storm.replies[1]
            .headers
            .push(("idempotent-replay".to_owned(), "true".to_owned()));
        assert!(once(&storm).is_empty());
        storm.replies[1].headers.clear();
        assert_eq!(once(&storm).len(), 1);
        storm.replies[0].body = b"other".to_vec();
        assert_eq!(once(&storm).len(), 2);
    }
}
