//! Pages of lists: sizes, and tokens that name the last row of the page before.

use std::str::FromStr;

use khaacho_fault::Fault;

/// Rows of a page when the caller does not say.
const SIZE_DEFAULT: u32 = 20;
/// Most rows of a page.
const SIZE_MAX: u32 = 100;
/// Between the parts of a token; no part contains it.
const SEPARATOR: char = '~';

/// A wanted page.
#[derive(Debug, Clone)]
pub(super) struct Page {
    size: usize,
    token: String,
}

impl Page {
    /// Reads size and token of a request.
    pub(super) fn of(size: u32, token: &str) -> Result<Self, Fault> {
        let size = match size {
            0 => SIZE_DEFAULT,
            1..=SIZE_MAX => size,
            _ => return Err(Fault::invalid("page_size", "must be 1 to 100, or 0 for 20")),
        };
        if token.len() > 200 {
            return Err(bad_token());
        }
        Ok(Self {
            size: size as usize,
            token: token.to_owned(),
        })
    }

    /// What the first page begins behind: `None`. Later pages: the parts of the token, as many as asked for.
    pub(super) fn after<const N: usize>(&self) -> Result<Option<[&str; N]>, Fault> {
        if self.token.is_empty() {
            return Ok(None);
        }
        let parts: Vec<&str> = self.token.split(SEPARATOR).collect();
        parts.try_into().map(Some).map_err(|_| bad_token())
    }

    /// How many rows to read: one more than the page has, to see whether there is another page.
    pub(super) fn limit(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// Cuts the rows to the page. Returns the token of the next one, made of the last row; empty on the last
    /// page.
    pub(super) fn cut<T, const N: usize>(
        &self,
        rows: &mut Vec<T>,
        parts: impl Fn(&T) -> [String; N],
    ) -> String {
        if rows.len() <= self.size {
            return String::new();
        }
        rows.truncate(self.size);
        let separator = SEPARATOR.to_string();
        rows.last()
            .map(|last| parts(last).join(&separator))
            .unwrap_or_default()
    }
}

/// Reads one part of a token.
pub(super) fn part<T: FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| bad_token())
}

/// The fault of a token that is none of ours.
pub(super) fn bad_token() -> Fault {
    Fault::invalid("page_token", "must be a next_page_token of this list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_default_and_a_limit() {
        let limit = |size| Page::of(size, "").map(|page| page.limit()).ok();
        assert_eq!(
            [limit(0), limit(1), limit(100), limit(101)],
            [Some(21), Some(2), Some(101), None]
        );
    }

    #[test]
    fn a_token_names_the_last_row_and_the_last_page_has_none() {
        let page = Page::of(2, "").expect("a page");
        let mut rows = vec![1, 2, 3];
        let token = page.cut(&mut rows, |row| [row.to_string(), "x".to_owned()]);
        assert_eq!((rows, token.as_str()), (vec![1, 2], "2~x"));
        let next = Page::of(2, &token).expect("a page");
        assert_eq!(next.after::<2>().ok().flatten(), Some(["2", "x"]));
        assert!(next.after::<1>().is_err(), "a token of another list");
        assert_eq!(next.cut(&mut vec![3], |row| [row.to_string()]), "");
        assert!(page.after::<2>().is_ok_and(|first| first.is_none()));
        assert!(part::<i64>("x").is_err());
    }
}
