//! Taking in what providers report about messages, in any order and any number of times.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::NotificationId;
use serde::{Deserialize, Serialize};

use super::delivery_state::merge;
use super::outbound::Problem;
use super::retry::Class;
use super::{Change, Moved, Provider, Refusal, State, provider_codes};

/// What a provider says about one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Provider.
    pub provider: Provider,
    /// Our own sender.
    pub account: String,
    /// The provider's id of the message.
    pub provider_message_id: String,
    /// Canonical status.
    pub status: String,
    /// Status as the provider wrote it.
    pub raw_status: String,
    /// Error code; empty for none.
    pub error_code: String,
    /// Error text.
    pub error_text: Option<String>,
    /// Our id that was sent along.
    pub notification_id: Option<NotificationId>,
    /// The provider's time.
    pub at: Option<DateTime<Utc>>,
}

/// Stores reports and merges them into the messages' states.
#[derive(Debug, Clone, Serialize)]
pub struct ReceiveStatus {
    /// The reports.
    pub reports: Vec<Report>,
    /// Providers that can carry a message in an approved template when the 24 hour window is closed.
    pub templates_at: Vec<Provider>,
}

/// What is known about the message of one report.
#[derive(Debug, Clone)]
pub struct Match {
    /// Place of the report, from 0.
    pub report: usize,
    /// Whether one of our tries got this message id, as opposed to our own id in the report.
    pub tried: bool,
    /// The message as it stands.
    pub message: Standing,
}

/// A message as it stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Id.
    pub id: NotificationId,
    /// State.
    pub state: State,
    /// Template.
    pub template: String,
    /// The provider's present id of it.
    pub provider_message_id: Option<String>,
    /// Whether it was an approved template already.
    pub window_closed: bool,
    /// Looks since the last try.
    pub looks: u32,
    /// Not before this.
    pub next_try_at: Option<DateTime<Utc>>,
}

/// What shall be written.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// Message of each report.
    pub owners: Vec<Option<NotificationId>>,
    /// Messages that change.
    pub changes: Vec<Change>,
    /// Messages whose words go again in an approved template.
    pub as_template: Vec<NotificationId>,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// New reports.
    pub stored: u32,
    /// Known reports.
    pub duplicates: u32,
    /// Reports of messages that are not ours, or that we do not know by this id yet.
    pub unmatched: u32,
    /// Messages that changed their state.
    pub moved: Vec<Moved>,
}

impl Command for ReceiveStatus {
    const NAME: &'static str = "ReceiveStatus";
    type Snapshot = Vec<Match>;
    type Decision = Merged;
    type Refusal = Refusal;

    fn decide(&self, seen: Vec<Match>, _now: DateTime<Utc>) -> Result<Merged, Refusal> {
        let mut owners = vec![None; self.reports.len()];
        let mut messages: BTreeMap<NotificationId, (Change, Standing)> = BTreeMap::new();
        let mut as_template = Vec::new();
        let mut seen = seen;
        // The order of the request decides which failure is the first.
        seen.sort_by_key(|matched| matched.report);
        for matched in seen {
            let Some(report) = self.reports.get(matched.report) else {
                continue;
            };
            owners[matched.report] = Some(matched.message.id);
            let (change, standing) = messages
                .entry(matched.message.id)
                .or_insert_with(|| (unchanged(&matched.message), matched.message));
            if let Some(reported) = counts(report, matched.tried, standing) {
                if standing.provider_message_id.is_none() {
                    standing.provider_message_id = Some(report.provider_message_id.clone());
                    change.provider_message_id = standing.provider_message_id.clone();
                }
                apply(change, report, reported);
                if reported == State::Failed && self.goes_as_template(report, standing) {
                    as_template.push(standing.id);
                }
            }
        }
        let differs = |change: &Change| {
            change.state != change.was || change.problem.is_some() || change.provider_message_id.is_some()
        };
        let changes = messages
            .into_values()
            .map(|(change, _)| change)
            .filter(differs)
            .collect();
        as_template.dedup();
        Ok(Merged {
            owners,
            changes,
            as_template,
        })
    }
}

impl ReceiveStatus {
    /// Whether the message failed only because its recipient had been silent for 24 hours.
    fn goes_as_template(&self, report: &Report, standing: &Standing) -> bool {
        !standing.window_closed
            && self.templates_at.contains(&report.provider)
            && class(report) == Class::Window
    }
}

/// The state that a report means for a message, if it says anything about the message's present try.
///
/// A message may have been sent more than once (a lost answer, an operator): what the provider says about an
/// earlier try counts only as proof of arrival.
fn counts(report: &Report, tried: bool, standing: &Standing) -> Option<State> {
    let reported = State::of_provider_status(&report.status)?;
    let present = match &standing.provider_message_id {
        Some(id) => *id == report.provider_message_id,
        None => !tried,
    };
    (present || reported >= State::Delivered).then_some(reported)
}

fn apply(change: &mut Change, report: &Report, reported: State) {
    change.state = merge(change.state, reported).unwrap_or(change.state);
    if reported == State::Failed && change.problem.is_none() {
        change.problem = Some(Problem {
            code: Some(report.error_code.clone()).filter(|code| !code.is_empty()),
            text: report
                .error_text
                .clone()
                .unwrap_or_else(|| format!("reported as {}", report.raw_status)),
        });
    }
}

fn unchanged(message: &Standing) -> Change {
    Change {
        id: message.id,
        state: message.state,
        provider_message_id: None,
        problem: None,
        next_try_at: message.next_try_at,
        looks: message.looks,
        template: message.template.clone(),
        was: message.state,
    }
}

/// Class of a reported failure.
fn class(report: &Report) -> Class {
    let code = report.error_code.parse().ok();
    provider_codes::reported(match report.provider {
        Provider::Twilio => code.and_then(provider_codes::twilio),
        Provider::Meta => code.and_then(provider_codes::meta),
        Provider::Simulator => None,
    })
}

#[cfg(test)]
mod tests;
