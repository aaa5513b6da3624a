//! Twilio: the message's address names a medium of our account, and Twilio's API redirects to where it lies.

use std::time::Instant;

use super::super::twilio::{API_URL, Settings};
use super::{Base, Got, Miss, Wires, medium, place, refused, send};
use crate::domain::Provider;
use crate::domain::media::host::twilio_path;
use crate::domain::media::{Named, Unfit};

pub(super) struct TwilioSource {
    base: Base,
    settings: Settings,
}

impl TwilioSource {
    pub(super) fn new(settings: &Settings) -> Option<Self> {
        let base = Base::new(&settings.api_url, API_URL)?;
        let settings = settings.clone();
        Some(Self { base, settings })
    }

    pub(super) async fn get(&self, wires: &Wires, named: &Named, until: Instant) -> Result<Got, Miss> {
        if named.url.is_empty() {
            return Err(Unfit::Unnamed.into());
        }
        let said = reqwest::Url::parse(&named.url).map_err(|_| Unfit::Place)?;
        let base = &self.base;
        let account = &self.settings.account_sid;
        let path = twilio_path(&place(&said), &place(&base.url), said.path(), account).ok_or(Unfit::Place)?;
        let request = wires
            .get(base, &base.at(&path)?, until)
            .basic_auth(&self.settings.user, Some(self.settings.secret.expose()));
        let response = send(request).await?;
        if response.status().is_client_error() {
            return Err(refused(&response, true));
        }
        let response = wires.content(base, Provider::Twilio, response, until).await?;
        Ok(Got {
            content: medium(response).await?,
            mime: String::new(),
            sha256: String::new(),
        })
    }
}
