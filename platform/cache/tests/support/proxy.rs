//! A TCP proxy that can be cut, mended, and slowed down.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How late answers arrive.
#[derive(Clone, Copy, Default)]
struct Delays {
    /// The first one of each connection: the handshake.
    first: Duration,
    each: Duration,
}

/// Forwards to one address. Cutting it closes the port and every connection, as a stopped server would.
pub struct Proxy {
    pub url: String,
    address: SocketAddr,
    target: String,
    delays: watch::Sender<Delays>,
    running: JoinSet<()>,
}

impl Proxy {
    pub async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut proxy = Self {
            url: format!("redis://{address}"),
            address,
            target: target.to_owned(),
            delays: watch::Sender::new(Delays::default()),
            running: JoinSet::new(),
        };
        proxy
            .running
            .spawn(accept(listener, proxy.target.clone(), proxy.delays.subscribe()));
        proxy
    }

    /// Every answer arrives this much later.
    pub fn delay(&self, delay: Duration) {
        self.delays.send_modify(|delays| delays.each = delay);
    }

    /// The handshake of every new connection takes this much longer.
    pub fn delay_handshakes(&self, delay: Duration) {
        self.delays.send_modify(|delays| delays.first = delay);
    }

    pub async fn cut(&mut self) {
        self.running.shutdown().await;
    }

    pub async fn mend(&mut self) {
        let listener = TcpListener::bind(self.address)
            .await
            .expect("the port is still free");
        self.running
            .spawn(accept(listener, self.target.clone(), self.delays.subscribe()));
    }
}

async fn accept(listener: TcpListener, target: String, delays: watch::Receiver<Delays>) {
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.expect("accepting works");
        connections.spawn(forward(client, target.clone(), delays.clone()));
    }
}

async fn forward(mut client: TcpStream, target: String, delays: watch::Receiver<Delays>) {
    let mut server = TcpStream::connect(target)
        .await
        .expect("the server behind the proxy is there");
    let mut greeted = false;
    let (mut ask, mut answer) = (vec![0; 65536], vec![0; 65536]);
    loop {
        let forwarded = tokio::select! {
                   read = client.read(&mut ask) => match read {
                       Ok(0) | Err(_) => return,
                       Ok(bytes) => server.write_all(&ask[..bytes]).await,
                   },
                   read = server.read(&mut answer) => match read {
                       Ok(0) | Err(_) => return,
                       Ok(bytes) => {
                           let Delays { first, each } = *delays.borrow();
        let pause = if greeted { each } else { first.max(each) };
        greeted = true;
                           tokio::time::sleep(pause).await;
                           client.write_all(&answer[..bytes]).await
                       }
                   },
               };
        if forwarded.is_err() {
            return;
        }
    }
}
