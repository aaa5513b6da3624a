//! A proxy in front of the server that loses the answer to a commit, or the commit.

use std::str::FromStr;
use std::sync::{Arc, Mutex};

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinSet;

/// What becomes of the next commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It arrives, its answer does not.
    Answer,
    /// It does not arrive.
    Commit,
}

type Next = Arc<Mutex<Option<Cut>>>;

pub struct Proxy {
    url: String,
    next: Next,
    _tasks: JoinSet<()>,
}

impl Proxy {
    pub async fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let target = PgConnectOptions::from_str(url).expect("a URL");
        let next = Next::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, target, next.clone()));
        let rest = url.split_once("://").expect("a URL").1;
        let user = rest.rsplit_once('@').map_or("postgres", |(user, _)| user);
        let path = rest.split('?').next().unwrap_or(rest);
        let database = path.rsplit_once('/').expect("with a database").1;
        Self {
            url: format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable"),
            next,
            _tasks: tasks,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Cuts the connection of the next commit; all others stay.
    pub fn cut_next(&self, cut: Cut) {
        *self.next.lock().expect("no panic") = Some(cut);
    }
}

async fn accept(listener: TcpListener, target: PgConnectOptions, next: Next) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (host, port) = (target.get_host().to_owned(), target.get_port());
        let socket = target.get_socket().cloned();
        let next = next.clone();
        connections.spawn(async move {
            let socket = socket.or_else(|| host.starts_with('/').then(|| host.clone().into()));
            if let Some(directory) = socket {
                let path = directory.join(format!(".s.PGSQL.{port}"));
                let server = UnixStream::connect(path).await.expect("the server answers");
                pass(client, server, next).await;
            } else {
                let server = TcpStream::connect((host, port))
                    .await
                    .expect("the server answers");
                pass(client, server, next).await;
            }
        });
    }
}

/// Passes bytes both ways until one side ends or a commit is cut.
async fn pass(client: TcpStream, server: impl AsyncRead + AsyncWrite + Send, next: Next) {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = from_client.read(&mut asked) => {
                let Ok(read @ 1..) = read else { return };
                let cut = asked[..read].windows(7).any(|w| w == b"COMMIT\0").then(|| next.lock().expect("no panic").take());
                if cut == Some(Some(Cut::Commit)) || to_server.write_all(&asked[..read]).await.is_err() {
                    return;
                }
                if cut == Some(Some(Cut::Answer)) {
                    // the server has committed when it answers
                    let _ = from_server.read(&mut answered).await;
                    return;
                }
            }
            read = from_server.read(&mut answered) => {
                let Ok(read @ 1..) = read else { return };
                if to_client.write_all(&answered[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}
