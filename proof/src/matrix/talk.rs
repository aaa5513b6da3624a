//! The probes that talk: messages as the provider delivers them, answers as phones get them. A talk begins every
//! second on a phone that is free, whether or not others have come to their end.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use super::prober::Scene;
use super::seen::{LATE, Probe, Seen};
use crate::fakes::{Heard, Incoming, Provider};

/// Between two deliveries of one message.
const AGAIN: Duration = Duration::from_millis(300);
/// Between the beginnings of two talks.
const EVERY: Duration = Duration::from_secs(1);
/// A talk that takes longer is slow.
const QUICK: Duration = Duration::from_secs(2);
/// Longer than anybody waits here.
const SILENCE: Duration = Duration::from_secs(600);

/// Starts both talks.
pub(super) fn start(scene: &Arc<Scene>, all: &mut JoinSet<()>) {
    all.spawn(run(scene.clone(), Probe::Talk));
    all.spawn(run(scene.clone(), Probe::VendorTalk));
}

async fn run(scene: Arc<Scene>, probe: Probe) {
    let phones = match probe {
        Probe::Talk => scene
            .parties
            .talkers
            .iter()
            .flat_map(|shop| shop.phones.clone())
            .collect(),
        _ => scene.parties.askers.clone(),
    };
    let busy = Arc::new(Mutex::new(BTreeSet::new()));
    // Dropped with this task: a talk that waits for an answer would wait on.
    let mut talking = JoinSet::new();
    let mut n = 0;
    while !scene.stop.is_cancelled() {
        let free = {
            let mut busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
            let next = (0..phones.len()).map(|k| (n + k) % phones.len());
            let free = next.into_iter().find(|place| !busy.contains(place));
            busy.extend(free);
            free
        };
        if let Some(place) = free {
            let (scene, busy, phone) = (scene.clone(), busy.clone(), phones[place].clone());
            talking.spawn(async move {
                one(&scene, probe, &phone, n).await;
                let mut busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
                busy.remove(&place);
            });
            n += 1;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = scene.stop.cancelled() => {}
        }
    }
}

async fn one(scene: &Scene, probe: Probe, phone: &str, n: usize) {
    let began = scene.stage.now();
    scene.diary.begin(probe, began);
    let unusual = match probe {
        Probe::Talk => order(scene, phone, n).await,
        _ => exchange(scene, phone, &format!("{n}-orders"), "ORDERS", |_| Some(true)).await,
    };
    let seen = match unusual {
        Some(words) => Seen::other(&words),
        None if scene.stage.now() - began < QUICK => Seen::normal(),
        None => Seen::other(LATE),
    };
    scene.note(probe, began, seen);
}

/// A list, its quote, the confirmation, and that it is placed; what came instead.
async fn order(scene: &Scene, phone: &str, n: usize) -> Option<String> {
    let sku = &scene.parties.seller.sku;
    let quote = |heard: &Heard| heard.text.contains("Reply CONFIRM");
    let placed = |heard: &Heard| heard.text.contains("is placed");
    let told = exchange(
        scene,
        phone,
        &format!("{n}-list"),
        &format!("{sku} x 1"),
        |heard| {
            // What a provider was sent twice belongs to the talk before.
            (!placed(heard)).then(|| quote(heard))
        },
    )
    .await;
    if told.is_some() {
        return told;
    }
    scene.acked.confirmed.fetch_add(1, Ordering::Relaxed);
    let told = exchange(scene, phone, &format!("{n}-yes"), "CONFIRM", |heard| {
        (!quote(heard)).then(|| placed(heard))
    })
    .await;
    if told.is_none() {
        scene.acked.talked.fetch_add(1, Ordering::Relaxed);
    }
    told
}

/// Says something until it is acknowledged and waits for the answer, which `wanted` tells from other messages
/// (`None`) and from answers that do not help (`false`). Nothing when it was the wanted one.
async fn exchange(
    scene: &Scene,
    phone: &str,
    what: &str,
    text: &str,
    wanted: impl Fn(&Heard) -> Option<bool>,
) -> Option<String> {
    let fakes = &scene.stage.fakes;
    let from = fakes.count(phone);
    deliver(scene, phone, what, text).await;
    let heard = fakes
        .hear(phone, from, SILENCE, |heard| wanted(heard).is_some())
        .await;
    match heard {
        None => Some("no answer at all".to_owned()),
        Some(heard) if wanted(&heard) == Some(true) => None,
        Some(heard) => {
            let words: String = heard.text.chars().take(60).collect();
            Some(format!("answered {words:?}"))
        }
    }
}

async fn deliver(scene: &Scene, phone: &str, what: &str, text: &str) {
    let message = Incoming {
        provider: Provider::Meta,
        mid: format!("wamid.{}.{phone}.{what}", scene.tag),
        phone: phone.to_owned(),
        text: text.to_owned(),
        tapped: String::new(),
    };
    let webhook = message.webhook();
    let gateway = scene.stage.mesh.stranger().patient(Duration::from_secs(14));
    while !matches!(webhook.deliver(&gateway, "").await, Ok(answer) if answer.status == 200) {
        tokio::time::sleep(AGAIN).await;
    }
}
