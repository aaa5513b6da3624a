//! Reports of what became of a message, as providers send them: late, early, twice, in any order, and repeated.

use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::harness::Client;

use super::incoming::{Provider, Webhook};
use super::manners::Manners;
use super::{PUBLIC_BASE, TWILIO_ACCOUNT, TWILIO_NUMBER, TWILIO_PATH};

/// Longest pause between two deliveries of the same report. Meta's grows to hours; a run lasts minutes.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// A message whose fate is reported.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub provider: Provider,
    pub reference: String,
    /// Meta gives back what it was given.
    pub notice: String,
    pub phone: String,
    /// Where Twilio was told to report to.
    pub callback: String,
}

/// The reports of a message in the order in which they will be sent.
pub(super) fn plan(manners: &Manners, random: &mut Rng) -> Vec<&'static str> {
    let mut reports = vec!["sent", "delivered"];
    if random.u32(0..10) < 6 {
        reports.push("read");
    }
    if random.u32(0..1000) < manners.shuffled {
        random.shuffle(&mut reports);
    }
    let twice = |report: &'static str, random: &mut Rng| {
        let times = if random.u32(0..1000) < manners.twice { 2 } else { 1 };
        std::iter::repeat_n(report, times).collect::<Vec<_>>()
    };
    reports
        .into_iter()
        .flat_map(|report| twice(report, random))
        .collect()
}

/// The request of one report.
pub(super) fn webhook(of: &Subject, status: &str) -> Webhook {
    match of.provider {
        Provider::Meta => {
            let digits = of.phone.trim_start_matches('+');
            let mut report = json!({
                "id": of.reference, "status": status, "timestamp": "1762934410", "recipient_id": digits,
            });
            if !of.notice.is_empty() {
                report["biz_opaque_callback_data"] = Value::from(of.notice.as_str());
            }
            Webhook::meta(&json!({ "statuses": [report] }))
        }
        Provider::Twilio => {
            let path = of.callback.strip_prefix(PUBLIC_BASE).unwrap_or(TWILIO_PATH);
            let to = format!("whatsapp:{}", of.phone);
            let from = format!("whatsapp:{TWILIO_NUMBER}");
            let fields = [
                ("AccountSid", TWILIO_ACCOUNT),
                ("From", from.as_str()),
                ("MessageSid", of.reference.as_str()),
                ("MessageStatus", status),
                ("SmsSid", of.reference.as_str()),
                ("SmsStatus", status),
                ("To", to.as_str()),
            ];
            Webhook::twilio(&of.callback, path, &fields)
        }
    }
}

/// Delivers a report as often as the provider would.
pub(super) async fn deliver(gateway: &Client, provider: Provider, webhook: &Webhook) {
    let mut pause = Duration::from_millis(100);
    for round in 1_u32.. {
        let done = webhook
            .deliver(gateway, "")
            .await
            .is_ok_and(|answer| (200..300).contains(&answer.status));
        if done || (provider == Provider::Twilio && round == 2) {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_come_twice_and_shuffled_only_when_told() {
        let mut random = Rng::with_seed(3);
        let good: Vec<_> = (0..200).map(|_| plan(&Manners::good(), &mut random)).collect();
        assert!(
            good.iter()
                .all(|reports| reports.starts_with(&["sent", "delivered"]) && reports.len() <= 3)
        );
        let rude = Manners {
            twice: 500,
            shuffled: 500,
            ..Manners::good()
        };
        let bad: Vec<_> = (0..200).map(|_| plan(&rude, &mut random)).collect();
        assert!(bad.iter().any(|reports| reports.len() > 3));
        assert!(bad.iter().any(|reports| reports[0] != "sent"));
    }
}
