//! A client of HTTP/1.1 that says exactly what became of a request.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde_json::Value;

/// A request that takes longer is given up, unless the caller says otherwise.
const PATIENCE: Duration = Duration::from_secs(15);

/// A client of one server, perhaps with a key. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    base: String,
    key: Option<String>,
    patience: Duration,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as it came.
    pub bytes: Bytes,
    /// Body when it is JSON, else null.
    pub body: Value,
    /// How long it took.
    pub took: Duration,
}

impl Answer {
    /// A header's text, empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// How an answer failed to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// No connection: the request was not sent.
    Refused(String),
    /// None in time.
    Timeout,
    /// The connection ended after the request may have been sent.
    Cut(String),
}

impl std::fmt::Display for Lost {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(to, "refused: {why}"),
            Self::Timeout => write!(to, "timeout"),
            Self::Cut(why) => write!(to, "cut: {why}"),
        }
    }
}

impl Client {
    /// A client of `http://host:port`.
    pub fn new(base: &str, key: Option<&str>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        connector.set_nodelay(true);
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(5))
            // What became of a request is the caller's business.
            .retry_canceled_requests(false)
            .build(connector);
        Self {
            pool,
            base: base.to_owned(),
            key: key.map(str::to_owned),
            patience: PATIENCE,
        }
    }

    /// The same connections with another key.
    pub fn with_key(&self, key: Option<&str>) -> Self {
        Self {
            key: key.map(str::to_owned),
            ..self.clone()
        }
    }

    /// Another time limit.
    pub fn patient(&self, patience: Duration) -> Self {
        Self {
            patience,
            ..self.clone()
        }
    }

    /// The server's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET path`.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn get(&self, path: &str) -> Result<Answer, Lost> {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    /// `POST path` with a JSON body.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Answer, Lost> {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, Bytes::from(body.to_string()))
            .await
    }

    /// Any request. The key goes along unless `headers` have an authorization.
    ///
    /// # Errors
    /// When no answer comes, or the request is none.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, Lost> {
        let began = std::time::Instant::now();
        let request = self.request(method, path, headers, body)?;
        let exchange = async {
            let answer = self.pool.request(request).await.map_err(|error| lost(&error))?;
            let (head, body) = answer.into_parts();
            let bytes = body
                .collect()
                .await
                .map_err(|error| Lost::Cut(chain(&error)))?
                .to_bytes();
            Ok((head, bytes))
        };
        let (head, bytes) = tokio::time::timeout(self.patience, exchange)
            .await
            .map_err(|_elapsed| Lost::Timeout)??;
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            bytes,
            took: began.elapsed(),
        })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, Lost> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
            .body(Full::new(body))
            .map_err(|error| Lost::Refused(error.to_string()))
    }
}

fn lost(error: &hyper_util::client::legacy::Error) -> Lost {
    if error.is_connect() {
        Lost::Refused(chain(error))
    } else {
        Lost::Cut(chain(error))
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn tells_answers_from_losses() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let client = Client::new(&base, Some("k")).patient(Duration::from_millis(300));
        let server = async {
            let mut buffer = [0; 4096];
            let (mut first, _) = listener.accept().await.expect("a connection");
            let read = first.read(&mut buffer).await.expect("a request");
            let head = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 7\r\n\r\n{\"a\":1}";
            first.write_all(answer.as_bytes()).await.expect("sent");
            drop(first);
            let (mut second, _) = listener.accept().await.expect("a connection");
            let _ = second.read(&mut buffer).await;
            drop(second);
            let silent = listener.accept().await.expect("a connection");
            tokio::time::sleep(Duration::from_millis(500)).await;
            drop(silent);
            head
        };
        let asking = async {
            let ok = client.get("/x").await.expect("an answer");
            assert_eq!((ok.status, &ok.body["a"]), (200, &Value::from(1)));
            assert!(matches!(client.get("/x").await, Err(Lost::Cut(_))));
            assert_eq!(client.get("/x").await.expect_err("silence"), Lost::Timeout);
        };
        let (head, ()) = tokio::join!(server, asking);
        assert!(head.to_lowercase().contains("authorization: bearer k"), "{head}");
        drop(listener);
        assert!(matches!(client.get("/x").await, Err(Lost::Refused(_))));
    }
}
