//! Faults of the edges between processes.

use std::time::Duration;

use serde_json::json;

use crate::proxy::Weather;

use super::edges;
use super::nemesis::Hand;
use super::schedule::Kind;

/// Spoils one edge.
///
/// # Errors
/// When there is no such edge.
pub(super) async fn spoil(hand: &Hand) -> anyhow::Result<()> {
    let Some(edge) = hand.stage.edges.named(&hand.edge) else {
        // A mesh without Redis has no way there.
        return Ok(());
    };
    let weather = edges::weather(hand.fault.kind, &mut hand.random());
    hand.broken(json!({ "svc": edge.name, "what": format!("{weather:?}"), "ms": hand.fault.hold_ms }));
    edge.set(weather);
    if hand.fault.kind != Kind::NetCut {
        hand.hold().await;
        edge.set(Weather::Clear);
    }
    hand.mended(&edge.name);
    Ok(())
}

/// Cuts many edges one by one, in any order, and restores them in another order.
pub(super) async fn swizzle(hand: &Hand) {
    let mut random = hand.random();
    let mut edges = hand.stage.edges.shuffled(&mut random);
    edges.truncate(random.usize(edges.len() / 4..=edges.len() * 3 / 4));
    let names: Vec<&str> = edges.iter().map(|edge| edge.name.as_str()).collect();
    hand.broken(json!({ "svc": "network", "edges": names }));
    let pause = Duration::from_millis(hand.fault.hold_ms / 40);
    for edge in &edges {
        edge.set(match random.u32(0..4) {
            0 => Weather::Refuse,
            1 => Weather::HalfOpen,
            _ => Weather::BlackHole,
        });
        tokio::time::sleep(pause * random.u32(0..3)).await;
    }
    random.shuffle(&mut edges);
    for edge in &edges {
        edge.set(Weather::Clear);
        let now = hand.stage.recorder.now_ns();
        hand.stage.repairs.mended(&format!("edge {}", edge.name), now);
        tokio::time::sleep(pause * random.u32(0..3)).await;
    }
    hand.mended("network");
}
