//! One message from beginning to end: who writes, what is meant, what is done, what is answered.

use std::sync::{Mutex, MutexGuard, PoisonError};

use khaacho_durable::{Finished, JobRun, Transact};
use khaacho_fault::{Fault, Kind};
use khaacho_rpc::{Principal, Role};
use serde_json::{Value, json};

use super::{HandleBody, language, shop_message, vendor_message, which_shop};
use crate::domain::attached::MEDIA_MAX;
use crate::domain::basket::State;
use crate::domain::finish_message::{After, FinishMessage, Outcome, Spoken, Step};
use crate::domain::language::{Language, Speech};
use crate::domain::lessons::Lessons;
use crate::domain::problem::Problem;
use crate::domain::understand::{self, consent};
use crate::domain::which_shop::{Choice, place_of};
use crate::domain::{Buyer, Notice};
use crate::peers::Party;
use crate::service::Service;
use crate::store::finish_message::{Waiting, load};
use crate::store::in_chat::InChat;

/// Handles one message.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: HandleBody = job.body()?;
    let mut waiting = load(service.door.db().pool(), &body.inbound_id).await?;
    if waiting.handled && !body.again {
        return job.finish().await;
    }
    let ctx = job.ctx().clone().caused_by(&body.inbound_id);
    let party = service.peers.party(&ctx, &waiting.inbound.contact).await?;
    let shops = which_shop::choices(&party);
    if shops.is_empty() && matches!(waiting.state, State::WhichShop(_)) {
        // Nothing is left to choose from.
        waiting.state = State::Idle;
    }
    let speech = language::heard(waiting.speech, &waiting.inbound);
    let (kind, id, setting) = match &party {
        Party::Shop(buyer, _) => ("retailer", buyer.account_id.clone(), buyer.language),
        Party::Shops(several) => {
            let held = which_shop::held(service, &waiting, &shops).and_then(|at| several.get(at));
            let id = held.map(|(buyer, _)| buyer.account_id.clone());
            let speaks = held.or(several.first()).map(|(buyer, _)| buyer.language);
            ("retailer", id.unwrap_or_default(), speaks.unwrap_or_default())
        }
        Party::Vendor(vendor) => ("vendor", vendor.vendor_id.clone(), vendor.language),
        Party::Unknown => ("unknown", String::new(), 0),
    };
    let mut talk = Talk {
        service,
        job,
        came_as: waiting.inbound.kind.to_uppercase(),
        waiting,
        inbound_id: body.inbound_id,
        again: body.again,
        waited: Vec::new(),
        kind,
        id,
        setting,
        speech,
        shops,
        after: Mutex::default(),
    };
    if talk.waiting.inbound.kind == "reaction" {
        // A thumb under a message asks for nothing, and confirms nothing either.
        let state = talk.waiting.state.clone();
        return talk.answer(Outcome::Answered, state, Vec::new()).await;
    }
    if talk.waiting.claimed {
        // Whoever talks to a person may say yes to that person. Whether messages are wanted is kept all the same.
        talk.after().opted_out = consent(talk.said());
        let state = talk.waiting.state.clone();
        return talk
            .answer(Outcome::NeedsHuman("CLAIMED".to_owned()), state, Vec::new())
            .await;
    }
    let wanted = understand::language(talk.said());
    let handled = match party {
        party if let Some(wanted) = wanted => language::handle(&mut talk, &party, wanted).await,
        Party::Shop(buyer, blocked) => shop_message::handle(&talk, &buyer, blocked).await,
        Party::Shops(several) => which_shop::handle(&mut talk, &several).await,
        Party::Vendor(vendor) => vendor_message::handle(&talk, &vendor).await,
        Party::Unknown if let Some(opted_out) = consent(talk.said()) => {
            talk.consent(opted_out, Outcome::Answered, Vec::new()).await
        }
        Party::Unknown => {
            let reply = (
                "welcome_unregistered",
                json!({ "support_phone": service.config.support_phone }),
            );
            talk.answer(
                Outcome::Refused("UNKNOWN_SENDER".to_owned()),
                State::Idle,
                vec![reply],
            )
            .await
        }
    };
    match handled {
        // A no that no branch expected still ends the message: a parked one would never be answered.
        Err(fault) if is_no(&fault) => talk.say_no("", &fault).await,
        other => other,
    }
}

/// A message with its sender, on its way to an end.
pub struct Talk<'a> {
    /// The service.
    pub service: &'a Service,
    /// The job.
    pub job: &'a JobRun,
    /// Message and conversation.
    pub waiting: Waiting,
    /// Id of the message.
    pub inbound_id: String,
    /// It was answered with a question before.
    again: bool,
    /// Messages that waited for it, `inb_…`: they are handled after it.
    waited: Vec<String>,
    /// Shops that the sender may act for; none when there is nothing to choose.
    pub shops: Vec<Choice>,
    /// What kind of message it was, in capitals, whatever words of before are handled with it.
    came_as: String,
    kind: &'static str,
    id: String,
    /// Language that was set for whom is acted for, by its number in the contracts; 0 for none.
    setting: i32,
    /// What the messages show of the language, this one included.
    speech: Speech,
    /// Goes with the end of the message.
    after: Mutex<After>,
}

/// A reply: template and data.
pub type Reply = (&'static str, Value);

impl Talk<'_> {
    /// The context of calls that the message causes.
    pub fn ctx(&self) -> khaacho_rpc::Ctx {
        self.job.ctx().clone().caused_by(&self.inbound_id)
    }

    /// Who writes, as the rows that follow shall say.
    pub fn sender(&self) -> Principal {
        let role = match self.kind {
            "retailer" => Role::Retailer,
            "vendor" => Role::Vendor,
            _ => Role::Service,
        };
        let subject = if self.id.is_empty() {
            self.kind.to_owned()
        } else {
            self.id.clone()
        };
        Principal {
            subject,
            role,
            scope: Some(self.id.clone()),
        }
    }

    /// The account or vendor that is acted for; empty when nobody knows.
    pub fn acts_for(&self) -> &str {
        &self.id
    }

    /// Language of the answers, by its number in the contracts: what was set, else what the messages show.
    pub fn language(&self) -> i32 {
        match self.setting {
            0 => self.speech.language.map_or(0, Language::number),
            setting => setting,
        }
    }

    /// From now on it is the language that was set.
    pub fn chose(&mut self, spoken: Spoken) {
        let language = spoken.language;
        self.after().spoken = Some(spoken);
        self.setting = language.number();
        self.speech = Speech {
            // A stranger has no account yet for which he could be asked whether it is the right one.
            told: self.kind != "unknown",
            ..self.speech.chose(language)
        };
    }

    /// From now on it is about this shop of the sender.
    pub fn act_for(&mut self, buyer: &Buyer) {
        self.id.clone_from(&buyer.account_id);
        self.setting = buyer.language;
    }

    /// These messages waited for it and are handled after it, however it ends.
    pub fn then(&mut self, waited: Vec<String>) {
        self.waited = waited;
    }

    /// It is not known which shop it is about.
    pub fn act_for_nobody(&mut self) {
        self.id.clear();
    }

    /// What was written or tapped.
    pub fn said(&self) -> &str {
        let inbound = &self.waiting.inbound;
        if inbound.reply_id.is_empty() {
            &inbound.text
        } else {
            &inbound.reply_id
        }
    }

    /// A refusal with its reason, its facts and, for a reason without words of its own, its sentence. Those to vendors
    /// are named apart, so that a shop's view of its order can leave them out.
    fn refused(&self, fault: &Fault) -> Reply {
        let template = if self.kind == "vendor" {
            "vendor_refused"
        } else {
            "refused"
        };
        let data = json!({ "reason": fault.reason(), "sentence": fault.sentence(), "facts": fault.facts() });
        (template, data)
    }

    fn after(&self) -> MutexGuard<'_, After> {
        self.after.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The catalogue learns it when the message ends as it is ended next.
    pub fn teach(&self, lessons: Lessons) {
        self.after().lessons.extend(lessons);
    }

    /// Ends the message of somebody who wants no more messages, or wants them again.
    pub async fn consent(
        &self,
        opted_out: bool,
        outcome: Outcome,
        also: Vec<Reply>,
    ) -> Result<Finished, Fault> {
        self.after().opted_out = Some(opted_out);
        let noted = ("consent_noted", json!({ "opted_out": opted_out }));
        let replies = [noted].into_iter().chain(also).collect();
        self.answer(outcome, self.waiting.state.clone(), replies).await
    }

    /// The end of the message; its replies belong to the order `about`, if any.
    fn step(&self, about: &str, outcome: Outcome, state: State, replies: Vec<Reply>) -> Step {
        let inbound = &self.waiting.inbound;
        let contact = &inbound.contact;
        let looked_at = self.looked_at(&outcome);
        let replies = self.with_promise(looked_at.as_deref(), replies);
        let after = std::mem::take(&mut *self.after());
        let untold = match self.setting {
            0 if self.kind != "unknown" && looked_at.is_none() => {
                language::to_tell(&self.speech, (&outcome, &state), &replies, &after)
            }
            _ => None,
        };
        let shop = place_of(&self.shops, &self.id).and_then(|at| self.shops.get(at));
        let replies = match shop {
            Some(shop) => which_shop::named(shop, replies),
            None => replies,
        };
        // The question that it was answered with has the plain keys; it may be asked more than once.
        let key = match self.again {
            true => format!("{}:again{}", self.inbound_id, self.waiting.version),
            false => self.inbound_id.clone(),
        };
        let notice = |(n, (template, data)): (usize, Reply)| Notice {
            dedup_key: format!("{key}:{n}"),
            to: contact.clone(),
            template: template.to_owned(),
            data,
            language: self.language(),
            order_id: about.to_owned(),
        };
        let replies = replies.into_iter().chain(untold.map(language::told));
        Step {
            inbound_id: self.inbound_id.clone(),
            contact: contact.clone(),
            party_kind: self.kind.to_owned(),
            party_id: self.id.clone(),
            heard_at: self.waiting.heard_at,
            again: self.again,
            seen_version: self.waiting.version,
            state,
            speech: Speech {
                told: self.speech.told || untold.is_some(),
                ..self.speech
            },
            outcome,
            looked_at,
            media: u8::try_from(inbound.attached.media.len().min(MEDIA_MAX)).unwrap_or_default(),
            replies: replies.enumerate().map(notice).collect(),
            after: After {
                again: self.waited.clone(),
                ..after
            },
        }
    }

    /// Why a person has to look at what came beside the words of a message. Where its outcome waits for a person anyway,
    /// and with somebody whom nobody knows, there is nothing to add.
    fn looked_at(&self, outcome: &Outcome) -> Option<String> {
        let inbound = &self.waiting.inbound;
        let seen = matches!(outcome, Outcome::NeedsHuman(_)) || self.kind == "unknown";
        // A message that waited for a shop to be chosen brought it the first time.
        (!seen && !self.again && !inbound.attached.is_empty()).then(|| format!("MEDIA_{}", self.came_as))
    }

    /// Tells above the replies that a person looks at the rest; not to somebody who has just asked for silence.
    fn with_promise(&self, looked_at: Option<&str>, replies: Vec<Reply>) -> Vec<Reply> {
        let silent = self.after().opted_out == Some(true);
        let Some(matter) = looked_at.filter(|_| !silent) else {
            return replies;
        };
        let template = if self.kind == "vendor" {
            "vendor_for_person"
        } else {
            "for_person"
        };
        let data = json!({ "matter": matter, "support_phone": self.service.config.support_phone });
        [(template, data)].into_iter().chain(replies).collect()
    }

    /// Ends the message with replies about no order, and nothing else.
    pub async fn answer(
        &self,
        outcome: Outcome,
        state: State,
        replies: Vec<Reply>,
    ) -> Result<Finished, Fault> {
        self.answer_about("", outcome, state, replies).await
    }

    /// Ends the message with replies that belong to the story of an order; of none when its id is empty.
    pub async fn answer_about(
        &self,
        about: &str,
        outcome: Outcome,
        state: State,
        replies: Vec<Reply>,
    ) -> Result<Finished, Fault> {
        let step = self.step(about, outcome, state, replies);
        let (finished, ()) = self
            .job
            .finish_for(
                self.sender(),
                InChat {
                    command: FinishMessage {},
                    step,
                },
            )
            .await?;
        Ok(finished)
    }

    /// Carries out a verb and ends the message with it. A refusal of the verb becomes an answer in words. Both belong
    /// to the story of the order `about`, if any.
    pub async fn carry_out<C: Transact>(
        &self,
        about: &str,
        command: C,
        outcome: Outcome,
        state: State,
        replies: Vec<Reply>,
    ) -> Result<Finished, Fault> {
        let step = self.step(about, outcome, state, replies);
        match self.job.finish_for(self.sender(), InChat { command, step }).await {
            Ok((finished, _)) => Ok(finished),
            Err(fault) if is_no(&fault) => self.say_no(about, &fault).await,
            Err(fault) => Err(fault),
        }
    }

    /// Tells the sender why not; about an order, if any.
    pub async fn say_no(&self, about: &str, fault: &Fault) -> Result<Finished, Fault> {
        self.say_no_after(about, fault, Vec::new(), None).await
    }

    /// The same after other replies; a matter for a person stays one.
    pub async fn say_no_after(
        &self,
        about: &str,
        fault: &Fault,
        mut replies: Vec<Reply>,
        person: Option<&'static str>,
    ) -> Result<Finished, Fault> {
        let reply = match fault.kind() {
            // Its words name fields of a contract, which mean nothing to a shop.
            Kind::Invalid if fault.reason() != "REASON_MISSING" => {
                ("not_understood", json!({ "problems": [Problem::Impossible {}] }))
            }
            _ => self.refused(fault),
        };
        let outcome = match person {
            Some(reason) => Outcome::NeedsHuman(reason.to_owned()),
            None => Outcome::Refused(fault.reason().to_owned()),
        };
        let state = self.waiting.state.clone();
        replies.push(reply);
        self.answer_about(about, outcome, state, replies).await
    }
}

/// Whether a fault is a no that can be told, as opposed to trouble that passes.
pub fn is_no(fault: &Fault) -> bool {
    let moved = fault.reason() == crate::rpc::refusal::CONVERSATION_MOVED;
    !moved
        && matches!(
            fault.kind(),
            Kind::Refused | Kind::NotFound | Kind::Invalid | Kind::Conflict
        )
        && !fault.retryable()
        && fault.reason() != "LEASE_LOST"
}
