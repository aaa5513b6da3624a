//! Words that tell what was said or ordered before.

use std::collections::HashSet;
use std::sync::LazyLock;

use khaacho_text::fold;

/// Participles and past forms of saying, writing and ordering, and "was" behind them.
const SAID: &str = "vaneko bhaneko vaneki bhanya vanya lekheko lekhayeko lekhiyeko mageko magako magayeko magaeko magnu \
                    thiyo thiye thie mangaya mangwaya bola boli likha likhaya said ordered wrote asked भनेको लेखेको मागेको थियो थिएँ बोला";

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| SAID.split_whitespace().map(fold).collect());

/// Whether the folded word is one of them.
pub fn said(key: &str) -> bool {
    WORDS.contains(key)
}
