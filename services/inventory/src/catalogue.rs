//! The catalogue in memory of this process: one index that everybody reads, replaced when the database has a
//! newer version.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use khaacho_fault::Fault;
use khaacho_lifecycle::Stop;
use khaacho_pg::Db;

use crate::domain::catalogue_index::CatalogueIndex;
use crate::store;

/// Cheap to clone; all clones share the index.
#[derive(Clone)]
pub(crate) struct Catalogue {
    db: Db,
    index: Arc<RwLock<Arc<CatalogueIndex>>>,
    /// Held while an index is built: one process builds one at a time.
    building: Arc<tokio::sync::Mutex<()>>,
}

impl Catalogue {
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            index: Arc::default(),
            building: Arc::default(),
        }
    }

    /// The index. An empty one is refreshed first: the process has just started, or the catalogue was just
    /// loaded.
    pub(crate) async fn index(&self) -> Result<Arc<CatalogueIndex>, Fault> {
        let index = self.present();
        if index.is_empty() {
            return self.refresh().await;
        }
        Ok(index)
    }

    fn present(&self) -> Arc<CatalogueIndex> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The index, rebuilt when the database has another version of the catalogue.
    pub(crate) async fn refresh(&self) -> Result<Arc<CatalogueIndex>, Fault> {
        let _building = self.building.lock().await;
        let version = store::catalogue::version(&self.db).await?;
        let present = self.present();
        if present.version() == version {
            return Ok(present);
        }
        let products = store::catalogue::products(&self.db).await?;
        // A large catalogue takes a moment, in which other requests go on.
        let built = tokio::task::spawn_blocking(move || CatalogueIndex::build(version, products)).await;
        let index = Arc::new(built.map_err(Fault::bug)?);
        tracing::info!(
            catalogue.version = version,
            catalogue.products = index.len(),
            "catalogue indexed"
        );
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index.clone();
        Ok(index)
    }

    /// Looks for a newer catalogue until the stop.
    pub(crate) async fn keep_fresh(self, every: Duration, stop: Stop) {
        let mut failing = false;
        loop {
            match self.refresh().await {
                Ok(_) => failing = false,
                // told once: the old index stays in use, and the pool tells about the database
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
