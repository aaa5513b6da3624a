//! What is repeated of people's words.

/// Most characters that are repeated of one word or phrase, the mark of a cut included.
pub const ECHO_MAX: usize = 40;

/// The words themselves, or their beginning and `…` when they are long.
pub fn echo(words: &str) -> String {
    if words.chars().count() <= ECHO_MAX {
        return words.to_owned();
    }
    let start: String = words.chars().take(ECHO_MAX - 1).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_and_short_ones_stay() {
        assert_eq!(echo("jeera masino"), "jeera masino");
        let forty = "9".repeat(40);
        assert_eq!(echo(&forty), forty);
        let long = echo(&"9".repeat(2000));
        assert_eq!((long.chars().count(), long.ends_with('…')), (ECHO_MAX, true));
        assert_eq!(echo(&"चिनी".repeat(20)).chars().count(), ECHO_MAX);
    }
}
