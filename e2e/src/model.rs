//! A language model that knows one word.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::background::Background;

/// Takes the first phrase that it is shown for `sugandha`.
#[derive(Debug)]
pub struct Model {
    /// `http://127.0.0.1:…`.
    pub url: String,
    asked: Arc<AtomicUsize>,
    _task: Background,
}

impl Model {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let asked = Arc::new(AtomicUsize::new(0));
        let router = Router::new()
            .route("/v1/chat/completions", post(answer))
            .with_state(asked.clone());
        let task = Background::start(async move {
            axum::serve(listener, router)
                .await
                .expect("it serves until the end");
        });
        Self {
            url,
            asked,
            _task: task,
        }
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn answer(State(asked): State<Arc<AtomicUsize>>, Json(request): Json<Value>) -> Json<Value> {
    asked.fetch_add(1, Ordering::SeqCst);
    let question = request["messages"][1]["content"].as_str().unwrap_or_default();
    let question: Value = serde_json::from_str(question).unwrap_or_default();
    let proposals = json!({
        "proposals": [{ "phrase": question["phrases"][0], "products": ["sugandha"] }],
    });
    Json(json!({ "choices": [{ "message": { "role": "assistant", "content": proposals.to_string() } }] }))
}
