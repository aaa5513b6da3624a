//! A wire that can be cut or blocked.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::background::Background;

/// What the wire does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Carries everything.
    Whole,
    /// Refuses and drops connections, as a server that was stopped.
    Cut,
    /// Takes connections and carries nothing, as a server that hangs.
    Stuck,
}

/// A proxy on a loopback port.
#[derive(Debug)]
pub struct Proxy {
    /// Its address, `127.0.0.1:…`.
    pub address: String,
    wire: watch::Sender<Wire>,
    _task: Background,
}

impl Proxy {
    /// A whole wire to a server.
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let wire = watch::Sender::new(Wire::Whole);
        let task = Background::start(accept(listener, server.into(), wire.subscribe()));
        Self {
            address,
            wire,
            _task: task,
        }
    }

    /// Changes what the wire does, for connections that are there too.
    pub fn set(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }
}

async fn accept(listener: TcpListener, server: Arc<str>, wire: watch::Receiver<Wire>) {
    let mut carried = Vec::new();
    while let Ok((stream, _)) = listener.accept().await {
        carried.push(Background::start(carry(stream, server.clone(), wire.clone())));
    }
}

async fn carry(mut stream: TcpStream, server: Arc<str>, mut wire: watch::Receiver<Wire>) {
    loop {
        let now = *wire.borrow_and_update();
        match now {
            Wire::Cut => return,
            Wire::Stuck => {
                if wire.changed().await.is_err() {
                    return;
                }
            }
            Wire::Whole => {
                let Ok(mut other) = TcpStream::connect(&*server).await else {
                    return;
                };
                tokio::select! {
                    _ = copy_bidirectional(&mut stream, &mut other) => return,
                    // Bytes on their way may be lost in between, so a wire that was stuck does not go on: it is cut.
                    changed = wire.changed() => match changed {
                        Ok(()) if *wire.borrow() == Wire::Stuck => {
                            let _ = wire.changed().await;
                            return;
                        }
                        _ => return,
                    },
                }
            }
        }
    }
}
