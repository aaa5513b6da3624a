//! Backstop against orphans: reservations that have been pending for long are given back when, and only when,
//! the order service says that their order is over without goods. Time alone never decides.

use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_durable::{self as durable, Finished, JobRun};
use khaacho_fault::{Fault, Kind};
use khaacho_ids::ReservationId;
use khaacho_proto::order::v1::order_service_client::OrderServiceClient;
use khaacho_proto::order::v1::{GetOrderRequest, OrderStatus};
use khaacho_rpc::{MeshChannel, Peers};

use crate::domain::release::Release;
use crate::domain::reservation::Reservation;
use crate::metrics;
use crate::store::list_reservations::pending_since;

/// Name of the job.
pub(crate) const KIND: &str = "release_stale";
/// How often it comes back.
pub(crate) const EVERY: Duration = Duration::from_secs(300);
/// Reservations of one page, and pages of one run.
const PAGE: i64 = 50;
const PAGES_MAX: usize = 10;

/// Looks at the pending reservations that are older than `pending_max`, oldest first.
pub(crate) async fn run(job: &JobRun, peers: &Peers, pending_max: Duration) -> Result<Finished, Fault> {
    let mut orders = OrderServiceClient::new(peers.channel("order"));
    let age = chrono::Duration::from_std(pending_max).map_err(Fault::bug)?;
    let since = job.door().clock().now() - age;
    let mut after: Option<(DateTime<Utc>, ReservationId)> = None;
    for _ in 0..PAGES_MAX {
        let page = pending_since(job.door().db(), since, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.created_at, last.reservation_id));
        for reservation in &page {
            look_after(job, &mut orders, reservation).await?;
        }
    }
    job.finish().await
}

async fn look_after(
    job: &JobRun,
    orders: &mut OrderServiceClient<MeshChannel>,
    reservation: &Reservation,
) -> Result<(), Fault> {
    let order = reservation.attempt.order_id.to_string();
    let answer = orders
        .get_order(job.ctx().outgoing(GetOrderRequest { order: order.clone() }))
        .await;
    let status = match answer.map_err(Fault::from) {
        Ok(answer) => answer.into_inner().order.map(|order| order.status()),
        // the order may be missing for a reason that we do not know: keep the stock, tell it
        Err(fault) if fault.kind() == Kind::NotFound => None,
        Err(fault) => return Err(fault),
    };
    match status {
        Some(OrderStatus::Cancelled | OrderStatus::Refused) => {}
        Some(OrderStatus::Completed | OrderStatus::Delivered) | None => {
            tracing::warn!(order.id = %order, reservation.id = %reservation.reservation_id,
                "a reservation is still pending although its order is gone or delivered");
            return Ok(());
        }
        Some(_) => return Ok(()),
    }
    let command = Release {
        attempt: reservation.attempt,
        vendor_id: reservation.vendor_id,
        reason: "ORDER_OVER".to_owned(),
    };
    let done = durable::run(job.door(), job.ctx(), command).await?;
    if done.reply.fresh {
        metrics::reservation(metrics::RELEASED);
        let id = reservation.reservation_id;
        tracing::warn!(order.id = %order, reservation.id = %id, "an orphan was released");
    }
    Ok(())
}
