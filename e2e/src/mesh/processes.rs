//! Meshes that run in processes of their own.

use crate::SOON;
use crate::process::{Process, free_port};
use crate::rest::Rest;
use crate::wait::eventually;

use super::environment;

/// `khaacho serve all` as one process that can be killed and started again.
pub struct Serve {
    /// The process, when it runs.
    pub process: Process,
    environment: Vec<(String, String)>,
    http: String,
}

impl Serve {
    pub(super) fn start(environment: Vec<(String, String)>, http: String) -> Self {
        let process = Process::start("khaacho serve all", &["serve", "all"], &environment);
        Self {
            process,
            environment,
            http,
        }
    }

    /// Waits until it is ready.
    pub async fn ready(&self) {
        let rest = Rest::new(&self.http, None);
        ready(&rest, &self.process).await;
    }

    /// Starts it again after its end.
    pub fn start_again(&mut self) {
        self.process = Process::start("khaacho serve all", &["serve", "all"], &self.environment);
    }
}

/// Six processes; those, the gateway's address and that of the order service come back once all are ready.
pub(super) async fn start_split(url: &str, settings: &[(&str, &str)]) -> (Vec<Process>, String, String) {
    let names = ["order", "credit", "inventory", "notification"];
    let ports = names.map(|name| (name, free_port()));
    let mut common = environment(url, settings);
    for (name, port) in ports {
        let variable = format!("KHAACHO_{}_ADDRESS", name.to_uppercase());
        common.push((variable, format!("127.0.0.1:{port}")));
    }
    let with = |more: &[(&str, String)]| {
        let more = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        common.iter().cloned().chain(more).collect::<Vec<_>>()
    };
    let mut processes: Vec<Process> = ports
        .iter()
        .map(|(name, port)| {
            let own = with(&[
                ("KHAACHO_GRPC_PORT", port.to_string()),
                ("ENABLE_BACKGROUND_JOBS", "false".to_owned()),
            ]);
            Process::start(name, &["serve", name], &own)
        })
        .collect();
    let (health, http) = (free_port(), free_port());
    processes.push(Process::start(
        "work",
        &["work"],
        &with(&[("HEALTH_PORT", health.to_string())]),
    ));
    let gateway = with(&[
        ("PORT", http.to_string()),
        ("KHAACHO_GRPC_PORT", free_port().to_string()),
    ]);
    processes.push(Process::start("gateway", &["serve", "gateway"], &gateway));
    for (at, (_, port)) in ports.iter().enumerate() {
        serving(*port, &processes[at]).await;
    }
    for (at, port) in [(4, health), (5, http)] {
        ready(
            &Rest::new(&format!("http://127.0.0.1:{port}"), None),
            &processes[at],
        )
        .await;
    }
    (
        processes,
        format!("http://127.0.0.1:{http}"),
        format!("127.0.0.1:{}", ports[0].1),
    )
}

async fn ready(rest: &Rest, process: &Process) {
    eventually("a process that is ready", SOON, async || {
        match rest.try_get("/ready").await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(format!("{}\n{}", answer.text, process.log())),
            Err(error) => Err(format!("{error}\n{}", process.log())),
        }
    })
    .await;
}

/// Waits until a gRPC server says over the standard protocol that it serves. No token is needed for that.
async fn serving(port: u16, process: &Process) {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;
    eventually("a service that serves", SOON, async || {
        let asked = async {
            let server = tonic::transport::Channel::from_shared(format!("http://127.0.0.1:{port}"))?;
            let mut client = HealthClient::new(server.connect().await?);
            anyhow::Ok(
                client
                    .check(HealthCheckRequest::default())
                    .await?
                    .into_inner()
                    .status,
            )
        };
        match asked.await {
            Ok(1) => Ok(()),
            Ok(status) => Err(format!("status {status}\n{}", process.log())),
            Err(error) => Err(format!("{error}\n{}", process.log())),
        }
    })
    .await;
}
