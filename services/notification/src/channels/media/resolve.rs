//! Names to addresses of the public internet. The client connects to what this gives and looks nothing up by itself, so
//! that a name cannot change its address between the look and the connection.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_public;

type Found = Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>;

/// Looks names up and leaves out what is not public.
#[derive(Clone)]
pub(super) struct PublicOnly(Arc<dyn Fn(String) -> Found + Send + Sync>);

impl PublicOnly {
    /// With the machine's own look-up.
    pub(super) fn system() -> Self {
        Self::with(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) }))
    }

    pub(super) fn with(look_up: impl Fn(String) -> Found + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }
}

/// A name that has no public address.
#[derive(Debug)]
pub(super) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address in the public internet")
    }
}

impl std::error::Error for NotPublic {}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (self.0)(name.as_str().to_owned());
        Box::pin(async move {
            let mut addresses = found.await?;
            let any = !addresses.is_empty();
            addresses.retain(|address| is_public(address.ip()));
            if any && addresses.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
