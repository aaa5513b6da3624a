//! Tasks of a test.

use std::future::Future;

use tokio::task::JoinHandle;

/// A task that ends with its handle, at the latest with the test's runtime.
#[derive(Debug)]
pub struct Background(JoinHandle<()>);

impl Background {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "owned by this handle, which ends it")]
    pub fn start(task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(task))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}
