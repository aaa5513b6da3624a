use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;

use super::timestamp;
use crate::domain::view::{AttemptView, View};
use crate::domain::{Provider, State};

pub(super) fn notification(view: View) -> pb::Notification {
    pb::Notification {
        notification_id: view.id.to_string(),
        template: view.template,
        state: state(view.state).into(),
        provider: provider(view.provider).into(),
        to_masked: view.to_masked,
        order_id: view.order_id.map(|id| id.to_string()).unwrap_or_default(),
        provider_message_id: view.provider_message_id.unwrap_or_default(),
        error_code: view.error_code.unwrap_or_default(),
        error_text: view.error_text.unwrap_or_default(),
        attempts: view.attempts.into_iter().map(attempt).collect(),
        created_at: Some(timestamp(view.created_at)),
        updated_at: Some(timestamp(view.updated_at)),
        deadline_at: Some(timestamp(view.deadline_at)),
    }
}

fn attempt(view: AttemptView) -> pb::Attempt {
    pb::Attempt {
        number: view.number,
        started_at: Some(timestamp(view.started_at)),
        result: view.result,
        code: view.code.unwrap_or_default(),
        text: view.text.unwrap_or_default(),
    }
}

pub(super) fn state(state: State) -> pb::NotificationState {
    match state {
        State::Queued => pb::NotificationState::Queued,
        State::Sending => pb::NotificationState::Sending,
        State::Sent => pb::NotificationState::Sent,
        State::Delivered => pb::NotificationState::Delivered,
        State::Read => pb::NotificationState::Read,
        State::Failed => pb::NotificationState::Failed,
        State::Escalated => pb::NotificationState::Escalated,
    }
}

/// The state that a list is filtered by; `None` for all.
pub(super) fn filter(number: i32) -> Option<Option<State>> {
    Some(Some(match pb::NotificationState::try_from(number).ok()? {
        pb::NotificationState::Unspecified => return Some(None),
        pb::NotificationState::Queued => State::Queued,
        pb::NotificationState::Sending => State::Sending,
        pb::NotificationState::Sent => State::Sent,
        pb::NotificationState::Delivered => State::Delivered,
        pb::NotificationState::Read => State::Read,
        pb::NotificationState::Failed => State::Failed,
        pb::NotificationState::Escalated => State::Escalated,
    }))
}

fn provider(provider: Provider) -> common::Provider {
    match provider {
        Provider::Twilio => common::Provider::Twilio,
        Provider::Meta => common::Provider::Meta,
        Provider::Simulator => common::Provider::Simulator,
    }
}
