//! Writing down a voice, where the owner has named a program for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use khaacho_durable::{Finished, JobKind, JobRun};
use khaacho_fault::Fault;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::domain::keep_transcript::KeepTranscript;
use crate::store::fetch_media::{TRANSCRIBE_MEDIA, TranscribeBody};
use crate::store::get_media::sound;
use crate::transcriber::{Program, Transcriber};

/// Programs that run at once in a process: they take all the computing time that they can get.
const AT_ONCE: usize = 1;
/// When none of the places was free.
const PAUSE: TimeDelta = TimeDelta::seconds(2);
/// Reading the sound and writing the words.
const BESIDE: Duration = Duration::from_secs(10);

struct Listener {
    /// `None`: the program was there when the job was made, and is not any more.
    transcriber: Option<Box<dyn Transcriber>>,
    places: Semaphore,
}

pub(super) fn kind(config: &Config) -> JobKind {
    let settings = config.transcriber.clone();
    let limit = settings
        .as_ref()
        .map_or(Duration::ZERO, |settings| settings.limit);
    let transcriber = settings.map(|settings| Box::new(Program::new(settings)) as Box<dyn Transcriber>);
    let listener = Arc::new(Listener {
        transcriber,
        places: Semaphore::new(AT_ONCE),
    });
    JobKind::new(TRANSCRIBE_MEDIA, move |job| handle(listener.clone(), job)).budget(limit + BESIDE)
}

/// A voice of which nothing comes out is not tried again: a person hears it anyway.
async fn handle(listener: Arc<Listener>, job: Arc<JobRun>) -> Result<Finished, Fault> {
    let body: TranscribeBody = job.body()?;
    let Some(transcriber) = &listener.transcriber else {
        return job.finish().await;
    };
    let Ok(_place) = listener.places.try_acquire() else {
        return job.postpone(job.door().clock().now() + PAUSE).await;
    };
    let Some((mime, sound)) = sound(job.door().db().pool(), body.media_id).await? else {
        return job.finish().await;
    };
    let started = Instant::now();
    let heard = transcriber.hear(&mime, &sound).await;
    metrics::histogram!("media_transcript_seconds").record(started.elapsed().as_secs_f64());
    let outcome = heard.as_ref().map_or_else(|deaf| deaf.as_str(), |_| "written");
    metrics::counter!("media_transcripts_total", "outcome" => outcome).increment(1);
    match heard {
        Ok(words) => {
            let keep = KeepTranscript {
                media_id: body.media_id,
                words,
            };
            Ok(job.finish_with(keep).await?.0)
        }
        Err(deaf) => {
            tracing::warn!(media.id = %body.media_id, transcript.outcome = deaf.as_str(),
                "a voice was not written down");
            job.finish().await
        }
    }
}
