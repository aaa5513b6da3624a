//! Media, from the providers that have them. What a message names could be ours, so: by id where there is one, else
//! only from the provider's own hosts, by addresses of the public internet that are connected to as they were looked
//! up; redirects are followed by hand and meet the same rules, without our credentials.

mod address;
mod meta;
mod resolve;
mod twilio;

use std::error::Error as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, Url};
use ring::digest;

use self::meta::MetaSource;
use self::resolve::{NotPublic, PublicOnly};
use self::twilio::TwilioSource;
use super::http::{CONNECT_TIMEOUT, RETRY_AFTER_MAX, TIMEOUT};
use crate::config::Config;
use crate::domain::Provider;
use crate::domain::media::host::Place;
use crate::domain::media::{BYTES_MAX, Found, Named, Unfit, is_hash, kind};

/// Redirects that are followed.
const REDIRECTS_MAX: u8 = 3;

/// Fetches media; one for a process.
pub(crate) struct Fetcher {
    twilio: Option<TwilioSource>,
    meta: Option<MetaSource>,
    wires: Wires,
    limit: Duration,
}

/// Why there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Miss {
    /// Asking again would not change it.
    Never(Unfit),
    /// The provider could not give it now.
    Later {
        /// Why, for the log: no address, which may hold a key.
        why: String,
        /// Wait that the provider asked for.
        retry_after: Option<Duration>,
    },
}

impl From<Unfit> for Miss {
    fn from(unfit: Unfit) -> Self {
        Miss::Never(unfit)
    }
}

/// What a provider gave.
struct Got {
    content: Vec<u8>,
    /// What the provider says that it is, beside what the message said.
    mime: String,
    sha256: String,
}

impl Fetcher {
    /// For the providers of this installation. Needs rustls' process-wide provider, like every client.
    pub(crate) fn new(config: &Config) -> Self {
        Self::with(config, PublicOnly::system(), TIMEOUT)
    }

    fn with(config: &Config, names: PublicOnly, limit: Duration) -> Self {
        Self {
            twilio: config.twilio.as_ref().and_then(|(s, _)| TwilioSource::new(s)),
            meta: config.meta.as_ref().and_then(|(s, _)| MetaSource::new(s)),
            wires: Wires::new(names),
            limit,
        }
    }

    /// Gets a medium and looks at it. Takes at most [`TIMEOUT`], whatever the provider does.
    ///
    /// # Errors
    /// [`Miss`].
    pub(crate) async fn fetch(&self, named: &Named) -> Result<Found, Miss> {
        let until = Instant::now() + self.limit;
        let got = match (named.provider, &self.twilio, &self.meta) {
            (Provider::Twilio, Some(twilio), _) => twilio.get(&self.wires, named, until).await?,
            (Provider::Meta, _, Some(meta)) => meta.get(&self.wires, named, until).await?,
            _ => return Err(Unfit::Unnamed.into()),
        };
        Ok(look(named, got)?)
    }
}

/// What it is, if it is something that is kept.
fn look(named: &Named, got: Got) -> Result<Found, Unfit> {
    let claimed = if named.mime.is_empty() {
        &got.mime
    } else {
        &named.mime
    };
    let mime = kind::kind(&got.content, claimed).ok_or(Unfit::Kind)?;
    let sha256 = digest::digest(&digest::SHA256, &got.content).as_ref().to_vec();
    let base64 = STANDARD.encode(&sha256);
    for stated in [&named.sha256, &got.sha256] {
        if !is_hash(stated, &sha256, &base64) {
            return Err(Unfit::Hash);
        }
    }
    Ok(Found {
        mime,
        sha256,
        content: got.content,
    })
}

/// Where a provider's API is.
struct Base {
    url: Url,
    /// Whether the owner has named it himself: it may lie in our own network, and media may lie there too.
    own: bool,
}

impl Base {
    /// `None`: an address that is none; the channel that sends says so.
    fn new(api_url: &str, usual: &str) -> Option<Self> {
        let url = Url::parse(api_url.trim_end_matches('/')).ok()?;
        let usual = Url::parse(usual).ok()?;
        let own = place(&url).authority() != place(&usual).authority();
        Some(Self { url, own })
    }

    /// Places beside the provider's own where media may lie.
    fn further(&self) -> Vec<String> {
        self.own
            .then(|| place(&self.url).authority())
            .into_iter()
            .collect()
    }

    /// Whether a request to this address goes to a place that the owner has named.
    fn trusts(&self, url: &Url) -> bool {
        self.own && place(url).is_at(&place(&self.url))
    }

    /// An address below the API's.
    fn at(&self, path: &str) -> Result<Url, Miss> {
        let text = format!("{}{path}", self.url.as_str().trim_end_matches('/'));
        Url::parse(&text).map_err(|_| Unfit::Unnamed.into())
    }
}

/// An address, taken apart by the reader that connects to it.
fn place(url: &Url) -> Place<'_> {
    Place {
        scheme: url.scheme(),
        host: url.host_str().unwrap_or_default(),
        port: url.port(),
        user: !url.username().is_empty() || url.password().is_some(),
    }
}

/// Two ways out: to places that the owner has named, and to the public internet and nowhere else.
struct Wires {
    named: reqwest::Client,
    public: reqwest::Client,
}

impl Wires {
    fn new(names: PublicOnly) -> Self {
        let builder = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("khaacho/", env!("CARGO_PKG_VERSION")))
        };
        let installed = "a process installs its TLS provider before it makes units";
        // A proxy would look names up for us, where nobody checks the addresses.
        let public = builder().no_proxy().https_only(true).dns_resolver(names);
        Self {
            named: builder().build().expect(installed),
            public: public.build().expect(installed),
        }
    }

    /// A request that ends by then, its answer read.
    fn get(&self, base: &Base, url: &Url, until: Instant) -> RequestBuilder {
        let client = if base.trusts(url) {
            &self.named
        } else {
            &self.public
        };
        let left = until.saturating_duration_since(Instant::now());
        client.get(url.clone()).timeout(left)
    }

    /// The content behind an answer of the provider, after its redirects.
    async fn content(
        &self,
        base: &Base,
        provider: Provider,
        mut response: Response,
        until: Instant,
    ) -> Result<Response, Miss> {
        for _ in 0..REDIRECTS_MAX {
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let to = to
                .and_then(|to| response.url().join(to).ok())
                .ok_or(Unfit::Place)?;
            if !place(&to).keeps_media_of(provider, &base.further()) {
                return Err(Unfit::Place.into());
            }
            response = send(self.get(base, &to, until)).await?;
        }
        Err(Unfit::Place.into())
    }
}

/// Sends a request that changes nothing.
async fn send(request: RequestBuilder) -> Result<Response, Miss> {
    request.send().await.map_err(|error| unanswered(&error))
}

fn unanswered(error: &reqwest::Error) -> Miss {
    let mut cause = error.source();
    while let Some(deeper) = cause {
        if deeper.is::<NotPublic>() {
            return Unfit::Place.into();
        }
        cause = deeper.source();
    }
    let why = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "could not connect"
    } else {
        "the connection broke"
    };
    later(why)
}

fn later(why: impl Into<String>) -> Miss {
    Miss::Later {
        why: why.into(),
        retry_after: None,
    }
}

/// What a status other than success means; `gone` where a 404 comes from who knows.
fn refused(response: &Response, gone: bool) -> Miss {
    let status = response.status().as_u16();
    if gone && matches!(status, 400 | 404 | 410) {
        return Unfit::Gone.into();
    }
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Miss::Later {
        why: format!("HTTP {status}"),
        retry_after: seconds.map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX)),
    }
}

/// Reads a body; what is too long is left where it is.
async fn body(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, Miss> {
    let stated = response.content_length().unwrap_or_default();
    if stated > bytes_max as u64 {
        return Err(Unfit::TooLarge.into());
    }
    let mut content = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(&error))? {
        if content.len() + chunk.len() > bytes_max {
            return Err(Unfit::TooLarge.into());
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

async fn medium(response: Response) -> Result<Vec<u8>, Miss> {
    if response.status().as_u16() != 200 {
        return Err(refused(&response, false));
    }
    body(response, BYTES_MAX).await
}

#[cfg(test)]
mod tests;
