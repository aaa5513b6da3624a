//! What the parts of the mesh say about themselves in `/metrics`.

use std::collections::BTreeMap;

use crate::harness::{Client, Mesh};

/// gRPC calls that the mesh's services answered so far, by `service/method`; health checks are not counted.
///
/// # Errors
/// When a part does not answer.
pub async fn grpc_calls(mesh: &Mesh) -> anyhow::Result<BTreeMap<String, f64>> {
    let mut all = BTreeMap::new();
    for role in mesh.roles() {
        if mesh.pid(*role).is_none() {
            continue;
        }
        let client = Client::new(&mesh.plan().health(*role), None);
        let answer = client
            .get("/metrics")
            .await
            .map_err(|lost| anyhow::anyhow!("{role} shows no metrics: {lost}"))?;
        anyhow::ensure!(answer.status == 200, "{role} shows no metrics: {}", answer.status);
        add(&mut all, &answer.text());
    }
    Ok(all)
}

fn add(all: &mut BTreeMap<String, f64>, text: &str) {
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("grpc_server_handled_total{") else {
            continue;
        };
        let Some((labels, value)) = rest.rsplit_once("} ") else {
            continue;
        };
        let label = |name: &str| {
            let (_, after) = labels.split_once(&format!("{name}=\""))?;
            after.split('"').next()
        };
        let (Some(service), Some(method)) = (label("grpc_service"), label("grpc_method")) else {
            continue;
        };
        if !service.starts_with("grpc.") {
            let short = service.rsplit('.').next().unwrap_or(service);
            *all.entry(format!("{short}/{method}")).or_default() += value.parse::<f64>().unwrap_or(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_all_codes_are_added_up_and_health_is_left_out() {
        let text = "\
# TYPE grpc_server_handled_total counter
grpc_server_handled_total{grpc_service=\"credit\",grpc_method=\"PlaceHold\",grpc_code=\"OK\"} 3
grpc_server_handled_total{grpc_service=\"credit\",grpc_method=\"PlaceHold\",grpc_code=\"Aborted\"} 1
grpc_server_handled_total{grpc_service=\"grpc.health.v1.Health\",grpc_method=\"Check\",grpc_code=\"OK\"} 9
other_total 4";
        let mut all = BTreeMap::new();
        add(&mut all, text);
        assert_eq!(all, BTreeMap::from([("credit/PlaceHold".to_owned(), 4.0)]));
    }
}
