//! What phones were sent.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// A message on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The provider's id of it.
    pub reference: String,
    /// Its text.
    pub text: String,
    /// Ids of its buttons.
    pub buttons: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Phones {
    heard: Mutex<HashMap<String, Vec<Heard>>>,
    news: Notify,
}

impl Phones {
    pub(super) fn show(&self, phone: &str, heard: Heard) {
        self.lock().entry(phone.to_owned()).or_default().push(heard);
        self.news.notify_waiters();
    }

    pub(super) fn count(&self, phone: &str) -> usize {
        self.lock().get(phone).map_or(0, Vec::len)
    }

    /// Messages from the given place on.
    pub(super) fn since(&self, phone: &str, from: usize) -> Vec<Heard> {
        self.lock()
            .get(phone)
            .and_then(|all| all.get(from..))
            .unwrap_or_default()
            .to_vec()
    }

    /// The first message from `from` on that is `wanted`.
    pub(super) async fn hear(
        &self,
        phone: &str,
        from: usize,
        within: Duration,
        wanted: impl Fn(&Heard) -> bool,
    ) -> Option<Heard> {
        let waiting = async {
            loop {
                // Before the look, so that nothing comes between look and wait unnoticed.
                let mut news = std::pin::pin!(self.news.notified());
                news.as_mut().enable();
                if let Some(found) = self.since(phone, from).into_iter().find(&wanted) {
                    return found;
                }
                news.await;
            }
        };
        tokio::time::timeout(within, waiting).await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Heard>>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Heard {
        Heard {
            reference: String::new(),
            text: text.to_owned(),
            buttons: Vec::new(),
        }
    }

    #[tokio::test]
    async fn hears_what_comes_later_and_not_what_came_before() {
        let phones = Phones::default();
        phones.show("a", said("one"));
        let from = phones.count("a");
        let soon = Duration::from_secs(5);
        let (heard, ()) = tokio::join!(phones.hear("a", from, soon, |heard| heard.text != "no"), async {
            tokio::task::yield_now().await;
            phones.show("b", said("x"));
            phones.show("a", said("no"));
            phones.show("a", said("two"));
        });
        assert_eq!(heard, Some(said("two")));
        assert_eq!(
            phones.hear("a", 3, Duration::from_millis(5), |_| true).await,
            None
        );
    }
}
