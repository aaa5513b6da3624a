use std::sync::Arc;

use khaacho_durable::{Finished, JobRun};
use khaacho_fault::{Fault, Kind};
use khaacho_rpc::Ctx;

use super::{OrderBody, Placed};
use crate::domain::Order;
use crate::domain::quote::Choice;
use crate::domain::secure_order::{Outcome, SECURE_ATTEMPTS_MAX, SecureOrder};
use crate::domain::status::Status;
use crate::service::Service;
use crate::store;

/// Holds credit and reserves stock in parallel, then moves the order on.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let read;
    let Placed { order, choices } = match job.carried::<Placed>() {
        Some(placed) => placed,
        None => {
            let body: OrderBody = job.body()?;
            let pool = service.door.db().pool();
            read = store::secure_order::placed(pool, &body.order_id)
                .await?
                .ok_or_else(|| Fault::bug("no such order"))?;
            &read
        }
    };
    if order.status != Status::Placed {
        return job.finish().await;
    }
    let ctx = job.ctx();
    let hold = service
        .peers
        .place_hold(ctx, &order.order_id, &order.buyer.account_id, order.total.paisa());
    let (held, reserved) = tokio::join!(hold, reserve(service, ctx, order, choices));
    let outcome = match (held, reserved) {
        (Ok(credit_left_paisa), Ok(choice)) => Outcome::Secured {
            choice,
            credit_left_paisa,
        },
        (Err(fault), _) | (_, Err(fault)) => refused(fault)?,
    };
    // A call that was refused or given up may have a twin that still arrives.
    let sweep = job.attempt() > 1 || matches!(outcome, Outcome::Secured { choice: 1.., .. });
    let command = SecureOrder {
        order_id: order.order_id.clone(),
        outcome,
        sweep,
        deadline_minutes: service.config.vendor_deadline_minutes,
    };
    let (finished, settled) = job.finish_gathered(command).await?;
    if let Some(order) = settled {
        // Nobody listening is fine.
        let _ = service.settled.send(Arc::new(order));
    }
    Ok(finished)
}

/// Tries the choices in their order; the attempt of a choice is its place, so a repetition meets its own reservation.
async fn reserve(service: &Service, ctx: &Ctx, order: &Order, choices: &[Choice]) -> Result<usize, Fault> {
    let mut last = Fault::refused("STOCK_SHORT").say("nobody has enough of everything any more");
    for (index, choice) in choices.iter().take(SECURE_ATTEMPTS_MAX).enumerate() {
        let attempt = i32::try_from(index + 1).expect("at most three");
        let vendor = &choice.vendor.vendor_id;
        match service
            .peers
            .reserve(ctx, &order.order_id, attempt, vendor, &order.lines, 0)
            .await
        {
            Ok(()) => return Ok(index),
            Err(fault) if matches!(fault.kind(), Kind::Refused | Kind::NotFound) => last = fault,
            Err(fault) => return Err(fault),
        }
    }
    Err(last)
}

/// A peer's no is an outcome; anything else is tried again.
fn refused(fault: Fault) -> Result<Outcome, Fault> {
    match fault.kind() {
        Kind::Refused | Kind::NotFound => Ok(Outcome::Refused {
            reason: fault.reason().to_owned(),
            sentence: fault.sentence().to_owned(),
        }),
        _ => Err(fault),
    }
}
