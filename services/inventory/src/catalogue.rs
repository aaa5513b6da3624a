//! The catalogue in memory of this process: one matcher that everybody reads, replaced when the database has a
//! newer version.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use khaacho_fault::Fault;
use khaacho_lifecycle::Stop;
use khaacho_pg::Db;

use crate::domain::matcher::{Described, Matcher};
use crate::store;

/// Cheap to clone; all clones share the matcher.
#[derive(Clone)]
pub(crate) struct Catalogue {
    db: Db,
    known: Arc<RwLock<Arc<Known>>>,
    /// Held while a matcher is built: one process builds one at a time.
    building: Arc<tokio::sync::Mutex<()>>,
}

/// The catalogue at one version.
#[derive(Debug, Default)]
pub(crate) struct Known {
    version: i64,
    /// Finds its products.
    pub(crate) matcher: Matcher,
}

impl Catalogue {
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            known: Arc::default(),
            building: Arc::default(),
        }
    }

    /// The catalogue. An empty one is refreshed first: the process has just started, or the catalogue was just
    /// loaded.
    pub(crate) async fn known(&self) -> Result<Arc<Known>, Fault> {
        let known = self.present();
        if known.matcher.is_empty() {
            return self.refresh().await;
        }
        Ok(known)
    }

    fn present(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The catalogue, read again when the database has another version of it.
    pub(crate) async fn refresh(&self) -> Result<Arc<Known>, Fault> {
        let _building = self.building.lock().await;
        let version = store::catalogue::version(&self.db).await?;
        let present = self.present();
        if present.version == version {
            return Ok(present);
        }
        let mut products = store::catalogue::products(&self.db).await?;
        products.sort_by(|a, b| a.sku.cmp(&b.sku));
        let matcher = Matcher::build(products.iter().map(Described::from).collect());
        tracing::info!(
            catalogue.version = version,
            catalogue.products = matcher.len(),
            "catalogue indexed"
        );
        let known = Arc::new(Known { version, matcher });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known.clone();
        Ok(known)
    }

    /// Looks for a newer catalogue until the stop.
    pub(crate) async fn keep_fresh(self, every: Duration, stop: Stop) {
        let mut failing = false;
        loop {
            match self.refresh().await {
                Ok(_) => failing = false,
                // told once: the old catalogue stays in use, and the pool tells about the database
                Err(fault) if !failing => {
                    failing = true;
                    tracing::warn!(error = ?fault, "the catalogue in memory cannot be refreshed");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
        }
    }
}
