use std::time::Instant;

use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, provider};
use crate::channels::media::Miss;
use crate::domain::Provider;
use crate::domain::fetch_media::{FetchMedia, Fetched};
use crate::domain::media::{self, Named, Unfit};
use crate::store::fetch_media::known;

/// Media of one message.
const INDEX_MAX: u32 = 9;
const MESSAGE_ID_MAX: usize = 512;
const URL_MAX: usize = 2_048;
const NAME_MAX: usize = 255;

pub(super) async fn fetch_media(
    rpc: &Rpc,
    request: Request<pb::FetchMediaRequest>,
) -> Answer<pb::FetchMediaResponse> {
    let (ctx, body) = open(request)?;
    let last_try = body.last_try;
    let named = named(body)?;
    if let Some(known) = known(rpc.door.db().pool(), named.id).await? {
        return Ok(Response::new(ended(&named, known)));
    }
    let started = Instant::now();
    let found = rpc.media.fetch(&named).await;
    let took = started.elapsed().as_secs_f64();
    let provider = named.provider.as_str();
    metrics::histogram!("media_fetch_seconds", "provider" => provider).record(took);
    let found = match found {
        Ok(found) => Ok(found),
        Err(Miss::Never(unfit)) => Err(unfit),
        Err(Miss::Later { why, retry_after }) => {
            tracing::warn!(media.id = %named.id, provider.name = provider, media.why = %why,
                "a medium could not be fetched now");
            if !last_try {
                count(named.provider, "later");
                return Ok(Response::new(pb::FetchMediaResponse {
                    media_id: named.id.to_string(),
                    state: pb::MediaState::Later.into(),
                    reason: Unfit::Unreachable.as_str().to_owned(),
                    retry_after_seconds: retry_after.map_or(0, |wait| wait.as_secs() as u32),
                }));
            }
            Err(Unfit::Unreachable)
        }
    };
    count(
        named.provider,
        found.as_ref().map_or_else(|unfit| unfit.as_str(), |_| "stored"),
    );
    let fetch = FetchMedia {
        named: named.clone(),
        found,
        hears: rpc.config.transcriber.is_some(),
    };
    let done = durable::run(&rpc.door, &ctx, fetch).await?;
    Ok(Response::new(ended(&named, done.reply)))
}

fn count(provider: Provider, outcome: &'static str) {
    metrics::counter!("media_fetches_total", "provider" => provider.as_str(), "outcome" => outcome)
        .increment(1);
}

fn ended(named: &Named, fetched: Fetched) -> pb::FetchMediaResponse {
    let state = match fetched.reason {
        None => pb::MediaState::Stored,
        Some(_) => pb::MediaState::Refused,
    };
    pb::FetchMediaResponse {
        media_id: named.id.to_string(),
        state: state.into(),
        reason: fetched.reason.unwrap_or_default(),
        retry_after_seconds: 0,
    }
}

fn named(asked: pb::FetchMediaRequest) -> Result<Named, Fault> {
    let provider =
        provider(asked.provider, "provider")?.ok_or_else(|| Fault::invalid("provider", "is mandatory"))?;
    let inbound_id = asked.inbound_id.parse();
    let inbound_id = inbound_id.map_err(|_| Fault::invalid("inbound_id", "must be a message id, inb_…"))?;
    if asked.provider_message_id.is_empty() {
        return Err(Fault::invalid("provider_message_id", "is mandatory"));
    }
    if asked.index > INDEX_MAX {
        return Err(Fault::invalid("index", format!("must be at most {INDEX_MAX}")));
    }
    for (field, text, bytes_max) in [
        ("account", &asked.account, NAME_MAX),
        ("provider_message_id", &asked.provider_message_id, MESSAGE_ID_MAX),
        ("provider_media_id", &asked.provider_media_id, NAME_MAX),
        ("url", &asked.url, URL_MAX),
        ("mime_type", &asked.mime_type, NAME_MAX),
        ("sha256", &asked.sha256, NAME_MAX),
    ] {
        if text.len() > bytes_max {
            return Err(Fault::invalid(
                field,
                format!("must have at most {bytes_max} bytes"),
            ));
        }
    }
    Ok(Named {
        id: media::id(provider, &asked.account, &asked.provider_message_id, asked.index),
        provider,
        inbound_id,
        media_id: asked.provider_media_id,
        url: asked.url,
        mime: asked.mime_type,
        sha256: asked.sha256,
    })
}
