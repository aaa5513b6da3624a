//! A case on the wire.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::case::{Case, Port, Request, Send};
use super::mesh::Mesh;
use super::rpc;
use super::wire::{End, Seen, frames, http, http1};

/// How much longer than allowed an answer is waited for, to say how late it is.
const GRACE: Duration = Duration::from_secs(3);
/// Requests of a storm that are under way at once: connections of one address are bounded.
const AT_ONCE: usize = 50;

/// Sends a case and gathers what comes back.
pub async fn play(mesh: &Mesh, case: &Case) -> Seen {
    let patience = case.expect.within + GRACE;
    match &case.send {
        Send::Http(request) => http(mesh.gateway, request, patience).await,
        Send::Steps(requests) => steps(mesh, requests, patience).await,
        Send::Storm(request, times) => storm(mesh, request, *times, patience).await,
        Send::Raw(script) => http1::play(mesh.gateway, script, patience + writing(case), None).await,
        Send::Frames(port, script) => {
            let address = match port {
                Port::Gateway => mesh.gateway,
                Port::Grpc => mesh.grpc,
            };
            frames::play(address, script, patience).await
        }
        Send::Rpc(call) => rpc::play(mesh.grpc, call, patience).await,
        Send::Crowd(script, count) => {
            let many = (0..*count).map(|_| http1::play(mesh.gateway, script, patience, None));
            together(join_all(many).await)
        }
    }
}

/// A slow script takes its time for writing on purpose.
fn writing(case: &Case) -> Duration {
    if case.expect.slow() {
        Duration::from_secs(15)
    } else {
        Duration::ZERO
    }
}

async fn steps(mesh: &Mesh, requests: &[Request], patience: Duration) -> Seen {
    let began = Instant::now();
    let mut all = Seen::nothing(End::Open);
    for request in requests {
        let seen = http(mesh.gateway, request, patience).await;
        all.end = seen.end;
        all.note.push_str(&seen.note);
        all.replies.extend(seen.replies);
    }
    all.took = if requests.len() > 3 {
        began.elapsed()
    } else {
        began.elapsed() / u32::try_from(requests.len().max(1)).unwrap_or(1)
    };
    all
}

async fn storm(mesh: &Mesh, request: &Request, times: usize, patience: Duration) -> Seen {
    let began = Instant::now();
    let mut all = Vec::new();
    let mut left = times;
    while left > 0 {
        let now = left.min(AT_ONCE.max(times.min(200)));
        left -= now;
        all.extend(join_all((0..now).map(|_| http(mesh.gateway, request, patience))).await);
    }
    let lost = all.iter().filter(|seen| seen.replies.is_empty()).count();
    let mut seen = together(all);
    seen.took = began.elapsed();
    if lost > 0 {
        seen.note = format!("{lost} of {times} without an answer; {}", seen.note);
    }
    seen
}

fn together(all: Vec<Seen>) -> Seen {
    let mut sum = Seen::nothing(End::Open);
    for seen in all {
        if seen.replies.is_empty() && seen.end != End::Open {
            sum.closed += 1;
        }
        sum.end = if seen.end == End::Closed {
            End::Closed
        } else {
            sum.end
        };
        sum.took = sum.took.max(seen.took);
        sum.replies.extend(seen.replies);
        if sum.note.len() < 300 {
            sum.note.push_str(&seen.note);
        }
    }
    sum
}
