//! How many calls the mesh made inside, by its own counters. A process that was killed begins at zero again.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::Client;

use super::stage::Stage;

/// What the processes have counted, for a mark.
pub(super) async fn calls(stage: &Stage) -> Value {
    let (mut handled, mut repeated, mut processes) = (0, 0, 0);
    for role in stage.mesh.roles() {
        let client = Client::new(&stage.mesh.plan().health(*role), None).patient(Duration::from_secs(5));
        let Ok(answer) = client.get("/metrics").await else {
            continue;
        };
        let text = answer.text();
        handled += counted(&text, "grpc_server_handled_total");
        repeated += counted(&text, "grpc_client_retries_total");
        processes += 1;
    }
    let seconds = stage.recorder.now_ns() / 1_000_000_000;
    json!({ "handled": handled, "repeated": repeated, "processes": processes, "seconds": seconds })
}

/// Sum of a counter over all its labels.
fn counted(text: &str, name: &str) -> u64 {
    let lines = text.lines().filter_map(|line| line.strip_prefix(name));
    let values = lines.filter(|rest| rest.starts_with(['{', ' ']));
    let values = values.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok());
    let sum: f64 = values.sum();
    Duration::try_from_secs_f64(sum).map_or(0, |sum| sum.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_summed_over_their_labels() {
        let text = "# HELP retries_total x\nretries_total{peer=\"a b\"} 3\nretries_total{peer=\"c\"} 4\n\
                    retries_total_other 9\nhandled_total 7\n";
        assert_eq!(counted(text, "retries_total"), 7);
        assert_eq!(counted(text, "handled_total"), 7);
        assert_eq!(counted(text, "nothing_total"), 0);
    }
}
