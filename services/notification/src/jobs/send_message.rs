//! Moving one line of messages: the first one that waits is sent, looked for, or waited for.
//!
//! A job belongs to a line and not to a message: a line has one job, which takes the first message, so a message
//! that has to wait keeps its place and nothing overtakes it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use khaacho_durable::{Finished, JobKind, JobRun, gather};
use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};

use super::count;
use crate::channels::meta::Meta;
use crate::channels::twilio::Twilio;
use crate::channels::{self, Address, Channel, Lookup, Outgoing, SendFault};
use crate::config::Config;
use crate::domain::begin_attempt::BeginAttempt;
use crate::domain::deliver_simulated::DeliverSimulated;
use crate::domain::end_line::EndLine;
use crate::domain::finish_attempt::{FinishAttempt, Result as Outcome};
use crate::domain::finish_look::{FinishLook, Found};
use crate::domain::outbound::{Problem, Step};
use crate::domain::pacing::Pacer;
use crate::domain::retry::{Class, Failure, Jitter, Next, next};
use crate::domain::settle_overdue::SettleOverdue;
use crate::domain::{Outbound, Provider, Queue};
use crate::store::outbound::{Firsts, firsts, taken};
use crate::store::queue::SEND_MESSAGE;

/// A look and a send may each take as long as a provider is waited for, and both have to be written down.
const BUDGET: Duration = Duration::from_secs(40);

/// What sends.
pub(super) struct Sender {
    twilio: Option<Arc<dyn Channel>>,
    meta: Option<Arc<dyn Channel>>,
    simulator: bool,
    pacer: Mutex<Pacer>,
    firsts: Firsts,
    reporting: Vec<Provider>,
    templates_at: Vec<Provider>,
}

pub(super) fn kind(sender: Arc<Sender>) -> JobKind {
    JobKind::new(SEND_MESSAGE, move |job| handle(sender.clone(), job)).budget(BUDGET)
}

async fn handle(sender: Arc<Sender>, job: Arc<JobRun>) -> Result<Finished, Fault> {
    let queue: Queue = job.body()?;
    if queue.provider == Provider::Simulator && sender.simulator {
        let (finished, moved) = job.finish_with(DeliverSimulated { queue }).await?;
        count(&moved);
        return Ok(finished);
    }
    let line = queue.recipient.clone();
    let Some(message) = sender.firsts.ask(job.door().db().pool(), line).await? else {
        return Ok(job.finish_with(EndLine { queue }).await?.0);
    };
    match message.next_step(job.door().clock().now()) {
        Step::Wait(at) => job.postpone(at).await,
        Step::Overdue => {
            let settle = SettleOverdue {
                reporting: sender.reporting.clone(),
                queue: Some(queue),
            };
            let (finished, moved) = job.finish_with(settle).await?;
            count(&moved);
            Ok(finished)
        }
        Step::Look { number, since } => sender.look(&job, queue, &message, number, since).await,
        Step::Send => sender.send(&job, queue, &message).await,
    }
}

impl Sender {
    pub(super) fn new(config: &Config) -> Self {
        // One client for all: connections are kept per host anyway.
        let client =
            || channels::client().expect("a process installs its TLS provider before it makes units");
        let twilio = config
            .twilio
            .as_ref()
            .map(|(settings, _)| Twilio::new(client(), settings.clone()));
        let meta = config
            .meta
            .as_ref()
            .map(|(settings, _)| Meta::new(client(), settings.clone()));
        Self {
            twilio: twilio.map(|channel| Arc::new(channel) as Arc<dyn Channel>),
            meta: meta.map(|channel| Arc::new(channel) as Arc<dyn Channel>),
            simulator: config.simulator,
            pacer: Mutex::default(),
            firsts: Firsts::new("first_of_line", 64, firsts),
            reporting: config.reporting(),
            templates_at: config.templates_at(),
        }
    }

    fn channel(&self, provider: Provider) -> Option<&Arc<dyn Channel>> {
        match provider {
            Provider::Twilio => self.twilio.as_ref(),
            Provider::Meta => self.meta.as_ref(),
            Provider::Simulator => None,
        }
    }

    /// One try, written down before it is made.
    async fn send(&self, job: &JobRun, queue: Queue, message: &Outbound) -> Result<Finished, Fault> {
        let provider = queue.provider;
        let channel = self.channel(provider);
        let account = message.recipient.account.as_str();
        if channel.is_some() {
            let now = job.door().clock().now();
            let admitted = self.pacing(|pacer| pacer.admit(account, &queue.recipient, now));
            if let Err(at) = admitted {
                return job.postpone(at).await;
            }
        }
        let begin = BeginAttempt {
            id: message.id,
            provider,
            seen: message.attempts,
        };
        let number = gather(job.door(), job.ctx(), begin).await?.reply;
        if planted::on(Bug::SentBeforeSending) {
            return self.mark_and_send(job, queue, message, number).await;
        }
        let started = Instant::now();
        let sent = match channel {
            Some(channel) => channel
                .send(&outgoing(message))
                .await
                .map(|accepted| accepted.provider_message_id),
            None => Err(not_configured(provider)),
        };
        let took = started.elapsed().as_secs_f64();
        metrics::histogram!("notification_send_seconds", "provider" => provider.as_str()).record(took);
        let jitter = fastrand::u32(0..=1_000);
        let result = match sent {
            Ok(provider_message_id) => Outcome::Accepted(provider_message_id),
            Err(fault) => {
                let now = job.door().clock().now();
                self.heed(&queue, message, &fault, now, jitter);
                Outcome::Failed {
                    class: fault.class,
                    problem: Problem {
                        code: fault.code,
                        text: fault.text,
                    },
                    retry_after: fault.retry_after,
                }
            }
        };
        let now = job.door().clock().now();
        let opens_at = self.pacing(|pacer| pacer.opens(account, &queue.recipient, now));
        let finish = FinishAttempt {
            queue,
            id: message.id,
            number,
            result,
            jitter,
            opens_at,
            template_at_hand: self.templates_at.contains(&provider),
        };
        let (finished, moved) = job.finish_gathered(finish).await?;
        count(&moved);
        Ok(finished)
    }

    /// A bug on purpose: the message counts as sent, and then it is sent.
    async fn mark_and_send(
        &self,
        job: &JobRun,
        queue: Queue,
        message: &Outbound,
        number: u32,
    ) -> Result<Finished, Fault> {
        let channel = self.channel(queue.provider).cloned();
        let finish = FinishAttempt {
            queue,
            id: message.id,
            number,
            result: Outcome::Accepted(format!("sent-{}", message.id)),
            jitter: 0,
            opens_at: job.door().clock().now(),
            template_at_hand: false,
        };
        let (finished, _) = job.finish_with(finish).await?;
        if let Some(channel) = channel {
            let _ = channel.send(&outgoing(message)).await;
        }
        Ok(finished)
    }

    /// Asks the provider about a try whose outcome is not known.
    async fn look(
        &self,
        job: &JobRun,
        queue: Queue,
        message: &Outbound,
        number: u32,
        since: DateTime<Utc>,
    ) -> Result<Finished, Fault> {
        let found = match self.channel(queue.provider) {
            Some(channel) => channel.find_sent(&outgoing(message), since).await,
            None => Ok(Lookup::CannotTell),
        };
        let found = match found {
            Ok(Lookup::Candidates(candidates)) => {
                let ids: Vec<String> = candidates.into_iter().map(|c| c.provider_message_id).collect();
                let pool = job.door().db().pool();
                let taken = taken(pool, message.id, queue.provider.as_str(), &ids).await?;
                let ours = ids.into_iter().find(|id| !taken.contains(id));
                ours.map_or(Found::NotSent, Found::Sent)
            }
            Ok(Lookup::Absent) => Found::NotSent,
            Ok(Lookup::CannotTell) => Found::Silence,
            Err(fault) => {
                complain(queue.provider, message, &fault);
                Found::NoAnswer
            }
        };
        let look = FinishLook {
            queue,
            id: message.id,
            number,
            found,
            jitter: fastrand::u32(0..=1_000),
        };
        let (finished, moved) = job.finish_with(look).await?;
        count(&moved);
        Ok(finished)
    }

    /// What a failure of one message means for the others.
    fn heed(&self, queue: &Queue, message: &Outbound, fault: &SendFault, now: DateTime<Utc>, jitter: u32) {
        complain(queue.provider, message, fault);
        let failure = Failure {
            class: fault.class,
            attempts: message.in_a_row(fault.class),
            retry_after: fault.retry_after,
        };
        let Next::SendAt(until) = next(&failure, now, message.deadline_at, Jitter::thousandths(jitter))
        else {
            return;
        };
        let account = message.recipient.account.as_str();
        match fault.class {
            Class::RateLimited | Class::SenderStopped => {
                self.pacing(|pacer| pacer.hold_number(account, until));
            }
            Class::PairLimited => self.pacing(|pacer| pacer.hold_pair(account, &queue.recipient, until)),
            Class::Permanent | Class::Retry | Class::Window | Class::Ambiguous => {}
        }
    }

    fn pacing<T>(&self, with: impl FnOnce(&mut Pacer) -> T) -> T {
        with(&mut self.pacer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts and logs a provider's fault; an account that somebody has to repair is an error.
fn complain(provider: Provider, message: &Outbound, fault: &SendFault) {
    let labels = [("provider", provider.as_str()), ("class", fault.class.as_str())];
    metrics::counter!("notification_provider_errors_total", &labels).increment(1);
    let id = message.id;
    if fault.class == Class::SenderStopped {
        tracing::error!(notification.id = %id, provider.name = %provider, fault = %fault,
            "nothing goes out through this sender until somebody repairs its account");
    } else {
        tracing::warn!(notification.id = %id, provider.name = %provider, fault = %fault,
            "a message was not taken");
    }
}

fn not_configured(provider: Provider) -> SendFault {
    SendFault {
        class: Class::Permanent,
        code: None,
        text: format!("{provider} is not configured in this installation"),
        retry_after: None,
    }
}

fn outgoing(message: &Outbound) -> Outgoing {
    let to = &message.recipient;
    Outgoing {
        notification_id: message.id,
        from_account: to.account.clone(),
        to: Address {
            address: to.address.clone(),
            phone: to.phone.clone(),
            user_id: to.user_id.clone(),
        },
        body: message.body.clone(),
        service_window_open: !message.window_closed,
    }
}
