//! A client of the REST API.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A request that takes longer is a failure of its own.
const PATIENCE: Duration = Duration::from_secs(15);

/// A client with one API key, or none.
#[derive(Clone, Debug)]
pub struct Rest {
    client: reqwest::Client,
    base: String,
    key: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body when it is JSON, else null.
    pub body: Value,
    /// Body as text.
    pub text: String,
    what: String,
}

impl Rest {
    /// A client of the gateway at `base` (`http://host:port`).
    pub fn new(base: &str, key: Option<&str>) -> Self {
        install_tls();
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .build()
            .expect("a client without certificates");
        Self {
            client,
            base: base.to_owned(),
            key: key.map(str::to_owned),
        }
    }

    /// The gateway's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", self.base));
        self.send(format!("GET {path}"), request)
            .await
            .expect("the gateway answers")
    }

    /// `GET path`; an error when nobody answers.
    pub async fn try_get(&self, path: &str) -> reqwest::Result<Answer> {
        let request = self.client.get(format!("{}{path}", self.base));
        self.send(format!("GET {path}"), request).await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with(path, &[], body).await
    }

    /// `POST path` with further headers.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        self.try_post(path, headers, &body)
            .await
            .expect("the gateway answers")
    }

    /// `POST path`; an error when nobody answers.
    pub async fn try_post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> reqwest::Result<Answer> {
        let request = self.client.post(format!("{}{path}", self.base)).json(body);
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(format!("POST {path}"), request).await
    }

    /// `POST path` with a body as it is.
    pub async fn post_raw(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let request = self.client.post(format!("{}{path}", self.base)).body(body);
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(format!("POST {path}"), request)
            .await
            .expect("the gateway answers")
    }

    async fn send(&self, what: String, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let request = match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer {
            status,
            headers,
            body,
            text,
            what,
        })
    }
}

impl Answer {
    /// The body of a success.
    ///
    /// # Panics
    /// When it is a refusal.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{} was refused with {}: {}",
            self.what,
            self.status,
            self.text
        );
        self.body
    }

    /// Checks that it is this refusal: status and reason.
    ///
    /// # Panics
    /// When it is anything else.
    #[track_caller]
    pub fn refused(self, status: u16, reason: &str) -> Value {
        let seen = (self.status, self.body["reason"].as_str().unwrap_or_default());
        assert_eq!(seen, (status, reason), "{}: {}", self.what, self.text);
        self.body
    }

    /// A header's text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// Installs the TLS provider of the process, as `main` does.
pub fn install_tls() {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
