use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::client::MeshChannel;
use crate::discovery;
use crate::token::MeshKeys;

/// Where a peer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One fixed address, such as our own listener.
    Address(SocketAddr),
    /// All addresses behind `host:port`, or behind several with commas between them.
    Name(String),
}

impl Target {
    /// `127.0.0.1:50051` is an address, `order:50051` a name, `a:50051,b:50051` several.
    pub fn parse(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Name(text.to_owned()), Self::Address)
    }
}

/// Who we are and where the others are.
#[derive(Debug, Clone)]
pub struct PeerSettings {
    /// Our own name in tokens.
    pub identity: String,
    /// Keys of the mesh.
    pub keys: MeshKeys,
    /// Peers by service name.
    pub targets: BTreeMap<String, Target>,
}

/// Channels to all peers, shared and cheap to clone.
#[derive(Clone)]
pub struct Peers(Arc<BTreeMap<String, MeshChannel>>);

impl Peers {
    /// Makes the channels. Nothing is connected yet; discovery loops for names are handed to `run`, which must keep
    /// them going until the process ends.
    pub fn new(
        settings: PeerSettings,
        run: &mut dyn FnMut(String, futures_util::future::BoxFuture<'static, ()>),
    ) -> Self {
        let mut channels = BTreeMap::new();
        for (name, target) in settings.targets {
            let trouble = Arc::new(Notify::new());
            let channel = match target {
                Target::Address(address) => discovery::fixed(address),
                Target::Name(authority) => {
                    let (channel, feed) = discovery::balanced(authority, trouble.clone());
                    run(format!("discovery of {name}"), Box::pin(feed));
                    channel
                }
            };
            let channel =
                MeshChannel::new(channel, &settings.identity, &name, settings.keys.clone(), trouble);
            channels.insert(name, channel);
        }
        Self(Arc::new(channels))
    }

    /// The channel to a service. Panics when the composition root gave no address for it: that is a bug of the root,
    /// found at start.
    pub fn channel(&self, service: &str) -> MeshChannel {
        self.0
            .get(service)
            .unwrap_or_else(|| panic!("no address was given for the service {service}"))
            .clone()
    }

    /// Names of all known services.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
