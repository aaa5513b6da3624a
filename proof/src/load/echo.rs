//! W0: echoes by the floor server (`proof/anchors/floor`): what HTTP, and HTTP with one gRPC hop, cost without any
//! work.

use super::client::Connection;
use super::orders::trouble;
use super::pace::Workload;
use super::tally::Outcome;

/// As long as a small request.
const TEXT: &str =
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";

/// Asking for echoes.
#[derive(Debug)]
pub struct Echoes;

impl Workload for Echoes {
    async fn operate(&self, _: u64, connection: &mut Connection) -> Outcome {
        let headers = [("content-type", "text/plain")];
        match connection.post("/echo", &headers, TEXT.as_bytes()).await {
            Ok(answer) if answer.status == 200 && answer.body == TEXT.as_bytes() => Outcome::Good("echoed"),
            Ok(answer) => Outcome::Bad(trouble(&answer)),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}
