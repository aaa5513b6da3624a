use futures_util::future::BoxFuture;
use tonic::service::RoutesBuilder;

use crate::Stop;

/// In which processes a background future runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Where the unit's RPCs are served.
    Serve,
    /// Where the unit's jobs run.
    Jobs,
    /// Wherever the unit is.
    Always,
}

/// A future that belongs to a unit.
pub struct Background {
    /// Name for logs.
    pub name: String,
    /// In which processes it runs.
    pub part: Part,
    /// Makes the future; it must end soon after the stop.
    pub start: Box<dyn FnOnce(Stop) -> BoxFuture<'static, ()> + Send>,
}

type Mount = Box<dyn FnOnce(&mut RoutesBuilder) + Send>;

/// What a service hands to the composition root, which never looks inside.
pub struct Unit {
    /// Name of the service.
    pub name: &'static str,
    /// Adds the gRPC services to a listener.
    pub mount: Option<Mount>,
    /// Full names of the gRPC services, for health and reflection.
    pub services: &'static [&'static str],
    /// Its background futures.
    pub background: Vec<Background>,
}

impl Unit {
    /// A unit that does nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            mount: None,
            services: &[],
            background: Vec::new(),
        }
    }

    /// Adds its gRPC services.
    #[must_use]
    pub fn serve(
        mut self,
        mount: impl FnOnce(&mut RoutesBuilder) + Send + 'static,
        services: &'static [&'static str],
    ) -> Self {
        self.mount = Some(Box::new(mount));
        self.services = services;
        self
    }

    /// Adds a background future.
    #[must_use]
    pub fn background<F>(
        mut self,
        name: impl Into<String>,
        part: Part,
        start: impl FnOnce(Stop) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let start = Box::new(move |stop| Box::pin(start(stop)) as BoxFuture<'static, ()>);
        self.background.push(Background {
            name: name.into(),
            part,
            start,
        });
        self
    }
}
