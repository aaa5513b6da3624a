//! Many looks become one word of the table.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::cell::{Cell, Dependency, Fault};
use super::diary::Sample;
use super::seen::{LATE, NORMAL, Probe};

/// A fault is fully there after this; what was answered sooner may be from before.
const SETTLE: Duration = Duration::from_secs(1);
/// Background probes look every two seconds; what they say is true after this.
const NOTICED: Duration = Duration::from_millis(3500);
/// A talk that began later than this before the end of the fault had no chance.
const CHANCE: Duration = Duration::from_millis(1800);
/// A talk that ended when everything was mended.
const LATER: &str = "once it is back";
/// The same where a provider may or may not have got what was on its way.
const MUCH_LATER: &str = "once it is back, at times minutes later";
/// Looks that are enough to say that it is always so.
const ENOUGH: usize = 3;

/// When something was broken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) broken: Duration,
    pub(super) healed: Duration,
}

impl Window {
    /// Looks that say what it is like.
    pub(super) fn counted(self, samples: &[Sample], probe: Probe, fault: Fault) -> Vec<&Sample> {
        let settle = match probe {
            Probe::Health | Probe::Ready if fault != Fault::Flapping => NOTICED,
            _ => SETTLE,
        };
        let own = samples.iter().filter(|sample| sample.probe == probe);
        let settled = own.filter(|sample| sample.ended >= self.broken + settle);
        let counted = settled.filter(|sample| {
            if probe.talks() {
                sample.began + CHANCE <= self.healed
            } else {
                self.mostly(sample) && sample.ended <= self.healed
            }
        });
        counted.collect()
    }
}

impl Window {
    /// Whether a look fell into the fault but for a little at its beginning.
    fn mostly(self, sample: &Sample) -> bool {
        let before = self.broken.saturating_sub(sample.began);
        before * 4 <= sample.ended.saturating_sub(self.broken)
    }
}

/// What a probe saw while something was broken; `open` are looks that have not ended at all.
pub(super) fn word(
    samples: &[Sample],
    open: &BTreeSet<(Probe, Duration)>,
    probe: Probe,
    cell: Cell,
    window: Window,
) -> String {
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for sample in window.counted(samples, probe, cell.fault) {
        let later = probe.talks() && sample.ended > window.healed;
        let word = if later { LATER } else { sample.seen.text.as_str() };
        *words.entry(word).or_default() += 1;
    }
    let waiting =
        |(of, began): &&(Probe, Duration)| *of == probe && probe.talks() && *began + CHANCE <= window.healed;
    let waiting = open.iter().filter(waiting).count();
    if waiting > 0 {
        *words.entry(LATER).or_default() += waiting;
    }
    if let Some(told) = by_chance(&words, probe, cell) {
        return told;
    }
    let told = joined(&words, cell);
    if cell.dependency == Dependency::Provider && told == LATER {
        return MUCH_LATER.to_owned();
    }
    told
}

/// Where it is chance alone whether anything is noticed.
fn by_chance(words: &BTreeMap<&str, usize>, probe: Probe, cell: Cell) -> Option<String> {
    let kinds: BTreeSet<Kind> = words.keys().map(|word| Kind::of(word)).collect();
    let only = |allowed: [Kind; 2]| !kinds.is_empty() && kinds.iter().all(|kind| allowed.contains(kind));
    let flaps = cell.fault == Fault::Flapping;
    let asked = !matches!(cell.dependency, Dependency::Redis | Dependency::Collector);
    if probe.talks() && asked && only([Kind::Good, Kind::Later]) {
        // Whether a talk of a few messages ends before the fault does.
        match cell.fault {
            Fault::Flapping => return Some(format!("by turns: {NORMAL}, {LATER}")),
            Fault::Slow => return Some(format!("after seconds, or {LATER}")),
            // Who got such an answer before is not written to until it is clear what became of that message.
            Fault::Wrong if cell.dependency == Dependency::Provider => {
                return Some(format!("{NORMAL} or {LATER}"));
            }
            _ => {}
        }
    }
    let redis = cell.dependency == Dependency::Redis && (flaps || cell.fault == Fault::Wrong);
    if probe == Probe::Health && redis && only([Kind::Good, Kind::Degraded]) {
        return Some(format!("{NORMAL} or 200 degraded"));
    }
    None
}

/// One word where it is always the same; else kinds, because their shares differ from time to time by chance.
fn joined(words: &BTreeMap<&str, usize>, cell: Cell) -> String {
    let all: usize = words.values().sum();
    let often: BTreeMap<&str, usize> = words
        .iter()
        .map(|(word, times)| (*word, *times))
        .filter(|(word, times)| *times > all / 8 || !word.starts_with(NORMAL))
        .collect();
    let kinds: BTreeSet<Kind> = often.keys().map(|word| Kind::of(word)).collect();
    let bad: Vec<&str> = kinds.iter().filter_map(|kind| kind.bad()).collect();
    let only = often.keys().next().filter(|_| often.len() == 1);
    let garbled = cell.dependency == Dependency::Postgresql && cell.fault == Fault::Wrong;
    // How many of its round trips fit into a deadline is chance.
    let marginal = cell.dependency == Dependency::Postgresql && cell.fault == Fault::Slow;
    match (cell.fault, only) {
        _ if often.is_empty() => "not seen".to_owned(),
        _ if bad.is_empty() => {
            let late = words.get(LATE).copied().unwrap_or(0);
            let slow = cell.fault != Fault::Flapping && late * 2 > all;
            if slow { LATE } else { NORMAL }.to_owned()
        }
        (Fault::Flapping, _) => format!("by turns: {NORMAL}, {}", bad.join(", ")),
        (Fault::Slow, _) if kinds.contains(&Kind::Later) => format!("after seconds, or {LATER}"),
        // Which of the wrong bytes is seen first decides.
        _ if garbled && (kinds.contains(&Kind::Mistake) || kinds.contains(&Kind::Refused)) => {
            format!("500, {REFUSED}")
        }
        _ if marginal && !kinds.contains(&Kind::Refused) => bad.join(" or "),
        _ if marginal => format!("after seconds, or {REFUSED}"),
        (_, Some(word)) if often[word] >= ENOUGH || kinds.contains(&Kind::Later) => (*word).to_owned(),
        (Fault::Slow, _) if bad == [REFUSED] => format!("after seconds, or {REFUSED}"),
        _ if kinds.contains(&Kind::Good) => format!("{NORMAL} or {}", bad.join(" or ")),
        _ => bad.join(" or "),
    }
}

const REFUSED: &str = "503 or 504";

/// Words that mean the same to whoever reads the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Good,
    Refused,
    Mistake,
    NotReady,
    Degraded,
    OutcomeLater,
    Later,
    Other,
}

impl Kind {
    fn of(word: &str) -> Self {
        match word {
            _ if word.starts_with("503 from") => Self::NotReady,
            _ if word.starts_with("503 ") || word.starts_with("504 ") => Self::Refused,
            _ if word.starts_with("500 ") => Self::Mistake,
            _ if word.starts_with("200 degraded") => Self::Degraded,
            _ if word.starts_with("202") => Self::OutcomeLater,
            LATER => Self::Later,
            _ if word.starts_with(NORMAL) => Self::Good,
            _ => Self::Other,
        }
    }

    fn bad(self) -> Option<&'static str> {
        match self {
            Self::Good => None,
            Self::Refused => Some(REFUSED),
            Self::Mistake => Some("500"),
            Self::NotReady => Some("503"),
            Self::Degraded => Some("200 degraded"),
            Self::OutcomeLater => Some("202, outcome later"),
            Self::Later => Some(LATER),
            Self::Other => Some("something else"),
        }
    }
}

/// The middle of some times, in milliseconds; nothing of none.
pub(super) fn median_ms(mut times: Vec<Duration>) -> Option<f64> {
    times.sort_unstable();
    let middle = times.get(times.len() / 2)?;
    Some(middle.as_secs_f64() * 1000.0)
}

/// How long until everything was normal again, in words.
pub(super) fn recovery(took: Option<Duration>) -> &'static str {
    match took.map(|took| took.as_secs_f64()) {
        Some(seconds) if seconds <= 10.0 => "≤ 10 s",
        Some(seconds) if seconds <= 30.0 => "≤ 30 s",
        Some(_) => "> 30 s",
        None => "NEVER",
    }
}

#[cfg(test)]
mod tests {
    use super::super::seen::Seen;
    use super::*;

    const WINDOW: Window = Window {
        broken: Duration::from_secs(10),
        healed: Duration::from_secs(15),
    };

    fn sample(probe: Probe, began: f64, ended: f64, text: &str) -> Sample {
        Sample {
            probe,
            began: Duration::from_secs_f64(began),
            ended: Duration::from_secs_f64(ended),
            seen: if text == NORMAL {
                Seen::normal()
            } else {
                Seen::other(text)
            },
        }
    }

    fn told(samples: &[Sample], probe: Probe, cell: &str) -> String {
        word(
            samples,
            &BTreeSet::new(),
            probe,
            cell.parse().expect("a cell"),
            WINDOW,
        )
    }

    fn orders(texts: &[&str]) -> Vec<Sample> {
        let each = texts.iter().map(|text| sample(Probe::Order, 12.0, 12.1, text));
        each.collect()
    }

    #[test]
    fn only_what_was_seen_of_the_fault_counts() {
        let mut samples = vec![
            sample(Probe::Order, 9.0, 9.1, NORMAL),
            sample(Probe::Order, 9.0, 12.0, NORMAL),
            sample(Probe::Order, 10.1, 10.2, NORMAL),
            sample(Probe::Order, 14.9, 15.2, NORMAL),
            sample(Probe::Payment, 12.0, 12.1, NORMAL),
        ];
        assert_eq!(told(&samples, Probe::Order, "order:down"), "not seen");
        samples.extend(orders(&["503 UNAVAILABLE"; 3]));
        assert_eq!(told(&samples, Probe::Order, "order:down"), "503 UNAVAILABLE");
        // But for a moment all of this one was in the fault.
        samples.push(sample(Probe::Order, 9.9, 14.0, "504 DEADLINE_EXCEEDED"));
        assert_eq!(told(&samples, Probe::Order, "order:down"), "503 or 504");
        // Background probes may not have looked yet.
        let early = [
            sample(Probe::Health, 12.0, 12.1, NORMAL),
            sample(Probe::Health, 14.0, 14.1, "200 degraded: redis"),
        ];
        assert_eq!(told(&early, Probe::Health, "redis:down"), "200 degraded");
    }

    #[test]
    fn a_talk_that_waits_is_answered_later() {
        let waits = [
            sample(Probe::Talk, 9.5, 16.0, LATE),
            sample(Probe::Talk, 10.5, 16.0, LATE),
            sample(Probe::Talk, 11.5, 16.0, LATE),
        ];
        assert_eq!(
            told(&waits, Probe::Talk, "credit:slow"),
            "after seconds, or once it is back"
        );
        assert_eq!(told(&waits, Probe::Talk, "credit:down"), LATER);
        assert_eq!(told(&waits, Probe::Talk, "provider:down"), MUCH_LATER);
        let fresh = [
            sample(Probe::Talk, 11.0, 11.5, NORMAL),
            sample(Probe::Talk, 14.5, 15.5, NORMAL),
        ];
        assert_eq!(told(&fresh, Probe::Talk, "redis:slow"), NORMAL);
        let open = BTreeSet::from([
            (Probe::Talk, Duration::from_secs(12)),
            (Probe::Talk, Duration::from_secs(14)),
        ]);
        let cell = "credit:down".parse().expect("a cell");
        assert_eq!(word(&[], &open, Probe::Talk, cell, WINDOW), LATER);
        assert_eq!(
            word(&fresh, &open, Probe::Talk, cell, WINDOW),
            "normal or once it is back"
        );
    }

    #[test]
    fn kinds_of_a_flap_are_told_and_not_their_number() {
        let of = |texts: &[&str]| told(&orders(texts), Probe::Order, "order:flapping");
        let both = [NORMAL, "503 UNAVAILABLE, Retry-After", "504 DEADLINE_EXCEEDED"];
        assert_eq!(of(&both), "by turns: normal, 503 or 504");
        assert_eq!(of(&[NORMAL, LATE]), NORMAL);
        assert_eq!(of(&["503 UNAVAILABLE"]), "by turns: normal, 503 or 504");
        assert_eq!(of(&[NORMAL, "500 INTERNAL"]), "by turns: normal, 500");
    }

    #[test]
    fn what_is_mixed_is_told_in_kinds() {
        let of = |cell: &str, texts: &[&str]| told(&orders(texts), Probe::Order, cell);
        assert_eq!(
            of("order:slow", &[LATE, "504 DEADLINE_EXCEEDED after seconds"]),
            "after seconds, or 503 or 504"
        );
        assert_eq!(
            of("order:slow", &["504 DEADLINE_EXCEEDED after seconds"]),
            "after seconds, or 503 or 504"
        );
        assert_eq!(of("order:slow", &[LATE, LATE, NORMAL]), LATE);
        assert_eq!(of("order:slow", &[LATE, NORMAL, NORMAL]), NORMAL);
        assert_eq!(
            of("order:wrong", &["500 INTERNAL", "503 UNAVAILABLE"]),
            "503 or 504 or 500"
        );
        assert_eq!(
            of("order:down", &[NORMAL, "503 UNAVAILABLE"]),
            "normal or 503 or 504"
        );
    }

    #[test]
    fn a_rare_normal_look_is_left_out_and_a_rare_bad_one_is_not() {
        let mut texts = vec!["503 A"; 9];
        texts.push(NORMAL);
        assert_eq!(told(&orders(&texts), Probe::Order, "order:down"), "503 A");
        let mut texts = vec![NORMAL; 9];
        texts.push("503 A");
        assert_eq!(
            told(&orders(&texts), Probe::Order, "order:down"),
            "normal or 503 or 504"
        );
    }

    #[test]
    fn recovery_is_told_in_steps() {
        let told = |seconds: f64| recovery(Some(Duration::from_secs_f64(seconds)));
        assert_eq!(
            [told(0.4), told(9.9), told(29.0), told(31.0), recovery(None)],
            ["≤ 10 s", "≤ 10 s", "≤ 30 s", "> 30 s", "NEVER"]
        );
        let times = [3, 1, 2].map(Duration::from_millis);
        assert_eq!(median_ms(times.into()), Some(2.0));
        assert_eq!(median_ms(Vec::new()), None);
    }
}
