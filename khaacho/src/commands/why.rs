//! `khaacho why`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Context as _;
use khaacho_config::{Secret, Strings};
use khaacho_fault::Fault;
use khaacho_proto::order::v1::order_service_client::OrderServiceClient;
use khaacho_proto::order::v1::{ExplainOrderRequest, ExplainOrderResponse};
use khaacho_rpc::{Ctx, Deadline, MeshKeys, PeerSettings, Peers, Principal, Role, Target, Trace};

use crate::cli::Why;
use crate::local::DataDir;
use crate::settings::Purpose;

/// Prints the story of an order.
pub async fn run(options: &Why, strings: &Strings) -> anyhow::Result<()> {
    let settings = super::settings(strings, &BTreeSet::new(), Purpose::Alone)?;
    let (target, secret) = match settings.addresses.get("order") {
        Some(address) => {
            let secret = settings
                .mesh_secret
                .clone()
                .context("KHAACHO_MESH_SECRET is not set")?;
            (Target::parse(address), secret)
        }
        None => {
            let data = DataDir::existing(&options.data_dir)?;
            let running = data.running().with_context(|| {
                format!(
                    "no `khaacho up` runs on {}; set KHAACHO_ORDER_ADDRESS for a mesh elsewhere",
                    data.path().display()
                )
            })?;
            let secret = settings
                .mesh_secret
                .clone()
                .or_else(|| data.known_mesh_secret().map(Secret::new));
            let secret = secret.with_context(|| format!("{} holds no mesh secret", data.path().display()))?;
            (Target::parse(&running.grpc), secret)
        }
    };
    let settings = PeerSettings {
        identity: "gateway".to_owned(),
        keys: MeshKeys::new(&secret)?,
        targets: BTreeMap::from([("order".to_owned(), target)]),
    };
    let peers = Peers::new(settings, &mut |_, feed| {
        #[expect(
            clippy::disallowed_methods,
            reason = "a command of one call; the process ends after it"
        )]
        tokio::spawn(feed);
    });
    let principal = Principal {
        subject: "command line".to_owned(),
        role: Role::Owner,
        scope: None,
    };
    let deadline = Deadline::after(Duration::from_secs(10));
    let ctx = Ctx::new("gateway", principal, deadline, Trace::new_root(), "khaacho why");
    let request = ctx.outgoing(ExplainOrderRequest {
        order: options.order.clone(),
    });
    let story = OrderServiceClient::new(peers.channel("order"))
        .explain_order(request)
        .await;
    let story = story
        .map_err(|status| anyhow::anyhow!("{}", Fault::from(status).sentence()))?
        .into_inner();
    print!("{}", told(&story));
    Ok(())
}

/// The story as lines: when, where, what, caused by what, in which trace.
pub fn told(story: &ExplainOrderResponse) -> String {
    let mut text = String::new();
    if let Some(order) = &story.order {
        let status = order.status().as_str_name().trim_start_matches("ORDER_STATUS_");
        text.push_str(&format!(
            "{} {status} {} {}\n",
            order.order_number, order.shop_name, order.order_id
        ));
    }
    for entry in &story.entries {
        let at = entry
            .at
            .and_then(|t| chrono::DateTime::from_timestamp(t.seconds, t.nanos.try_into().ok()?));
        let at = at.map_or("-".to_owned(), |t| t.format("%Y-%m-%d %H:%M:%S%.3f").to_string());
        text.push_str(&format!(
            "{at}  {:<12} {:<12} {}\n",
            entry.service, entry.kind, entry.summary
        ));
        text.push_str(&format!(
            "{:25}cause {}  trace {}\n",
            "", entry.cause_id, entry.trace_id
        ));
    }
    for service in &story.missing {
        text.push_str(&format!("({service} did not answer; its rows are missing)\n"));
    }
    text
}
