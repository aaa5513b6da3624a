//! Reads our own metrics back, in the text format of Prometheus.

/// Sum of a metric's samples whose labels are `wanted`; `None` when there is none.
pub(super) fn sum(text: &str, name: &str, wanted: impl Fn(&str) -> bool) -> Option<f64> {
    let values = text.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once('}')?,
            None if rest.starts_with(' ') => ("", rest),
            None => return None,
        };
        wanted(labels).then_some(())?;
        value.split_whitespace().next()?.parse::<f64>().ok()
    });
    values.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
}

/// A counter as a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counters are whole, not negative and far below 2^53"
)]
pub(super) fn whole(value: f64) -> u64 {
    value.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_added_by_label() {
        let text = "# TYPE hits counter\nhits{layer=\"memory\",cache=\"a}\"} 3\nhits{layer=\"redis\"} 4\nhits_more 9\n";
        assert_eq!(sum(text, "hits", |_| true), Some(7.0));
        assert_eq!(sum(text, "hits", |labels| labels.contains("redis")), Some(4.0));
        assert_eq!(sum(text, "misses", |_| true), None);
    }
}
