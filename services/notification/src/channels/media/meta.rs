//! Meta: the medium's id gives an address that lives five minutes, and that address gives the medium. Both want the token.

use std::time::Instant;

use reqwest::Response;
use serde_json::Value;

use super::super::meta::{API_URL, Settings};
use super::{Base, Got, Miss, Wires, body, later, medium, place, refused, send};
use crate::domain::Provider;
use crate::domain::media::host::is_meta_id;
use crate::domain::media::{BYTES_MAX, Named, Unfit};
use crate::domain::provider_codes;
use crate::domain::retry::Class;

/// An answer about a medium takes about 500 bytes.
const ANSWER_MAX: usize = 64 * 1024;

pub(super) struct MetaSource {
    base: Base,
    settings: Settings,
}

impl MetaSource {
    pub(super) fn new(settings: &Settings) -> Option<Self> {
        let base = Base::new(&settings.api_url, API_URL)?;
        let settings = settings.clone();
        Some(Self { base, settings })
    }

    pub(super) async fn get(&self, wires: &Wires, named: &Named, until: Instant) -> Result<Got, Miss> {
        if !is_meta_id(&named.media_id) {
            return Err(Unfit::Unnamed.into());
        }
        let base = &self.base;
        let token = self.settings.access_token.expose();
        let about = base.at(&format!("/{}", named.media_id))?;
        let response = send(wires.get(base, &about, until).bearer_auth(token)).await?;
        let about = answer(response).await?;
        let text = |field: &str| about[field].as_str().unwrap_or_default().to_owned();
        if about["file_size"]
            .as_u64()
            .is_some_and(|size| size > BYTES_MAX as u64)
        {
            return Err(Unfit::TooLarge.into());
        }
        if text("url").is_empty() {
            return Err(later("an answer without an address"));
        }
        let url = reqwest::Url::parse(&text("url")).map_err(|_| Unfit::Place)?;
        if !place(&url).keeps_media_of(Provider::Meta, &base.further()) {
            return Err(Unfit::Place.into());
        }
        let response = send(wires.get(base, &url, until).bearer_auth(token)).await?;
        let response = wires.content(base, Provider::Meta, response, until).await?;
        Ok(Got {
            content: medium(response).await?,
            mime: text("mime_type"),
            sha256: text("sha256"),
        })
    }
}

/// What Meta says of a medium. A token that has run out is an error 400 like a medium that is gone: its code tells.
async fn answer(response: Response) -> Result<Value, Miss> {
    let whole = response.status().is_success();
    let unread = refused(&response, true);
    let bytes = body(response, ANSWER_MAX).await?;
    let json: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if whole {
        return Ok(json);
    }
    match json["error"]["code"].as_i64().and_then(provider_codes::meta) {
        Some(Class::Permanent) => Err(Unfit::Gone.into()),
        Some(class) => Err(later(format!("refused, {}", class.as_str()))),
        None => Err(unread),
    }
}
