//! Adds a `mod` line where the others are.

/// The text with `mod <name>;` added: in order among the declarations that are there, as visible as most of them,
/// else below the module's documentation.
pub fn declare(text: &str, name: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let numbered = lines.iter().enumerate();
    let declared: Vec<(usize, &str, &str)> = numbered
        .filter_map(|(at, line)| declaration(line).map(|(visibility, other)| (at, visibility, other)))
        .collect();
    if declared.iter().any(|(_, _, other)| *other == name) {
        return text.to_owned();
    }
    let count = |wanted: &str| {
        declared
            .iter()
            .filter(|(_, visibility, _)| *visibility == wanted)
            .count()
    };
    let visibility = declared
        .iter()
        .map(|(_, visibility, _)| *visibility)
        .max_by_key(|one| count(one));
    let visibility = visibility.unwrap_or_default();
    let before = declared.iter().rev().find(|(_, _, other)| *other < name);
    let at = match (before, declared.first()) {
        (Some((at, ..)), _) => at + 1,
        (None, Some((at, ..))) => *at,
        (None, None) => below_documentation(&lines),
    };
    let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
    lines.insert(at, format!("{visibility}mod {name};"));
    if declared.is_empty() {
        lines.insert(at + 1, String::new());
    }
    lines.join("\n") + "\n"
}

/// Visibility (with its space) and name of a line such as `pub(crate) mod place_order;`.
fn declaration(line: &str) -> Option<(&str, &str)> {
    let (visibility, rest) = line.split_at(line.find("mod ")?);
    let plain = visibility.is_empty() || (visibility.starts_with("pub") && visibility.ends_with(' '));
    let name = rest.strip_prefix("mod ")?.strip_suffix(';')?;
    plain.then_some((visibility, name))
}

fn below_documentation(lines: &[&str]) -> usize {
    lines
        .iter()
        .take_while(|line| line.starts_with("//!") || line.trim().is_empty())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_joins_the_others_in_order() {
        let text = "//! Verbs.\n\npub(crate) mod accept;\npub(crate) mod pack;\n\nuse x;\n";
        assert!(
            declare(text, "decline").contains("mod accept;\npub(crate) mod decline;\npub(crate) mod pack;\n")
        );
        assert!(declare(text, "aaa").contains("\n\npub(crate) mod aaa;\npub(crate) mod accept;"));
        assert!(declare(text, "zzz").contains("mod pack;\npub(crate) mod zzz;\n\nuse x;"));
    }

    #[test]
    fn a_module_is_as_visible_as_most() {
        let text = "mod page;\npub mod accept;\npub mod decline;\n";
        assert!(declare(text, "z").ends_with("pub mod z;\n"));
    }

    #[test]
    fn the_first_module_stands_below_the_documentation() {
        assert_eq!(
            declare("//! Verbs.\n\nuse x;\n", "pack"),
            "//! Verbs.\n\nmod pack;\n\nuse x;\n"
        );
    }

    #[test]
    fn a_module_is_declared_once() {
        assert_eq!(declare("mod pack;\n", "pack"), "mod pack;\n");
    }
}
