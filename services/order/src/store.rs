//! The only module that knows the tables of schema `orders`.
//!
//! Lock order: conversation, quote, order. An order's rows are only changed under the lock of its `purchase_order` row.

pub mod accept_order;
pub mod advance;
pub mod assign_vendor;
pub mod assist_quota;
pub mod cancel_order;
pub mod claim_conversation;
pub mod complete_order;
pub mod conversations;
pub mod decline_order;
pub mod deliver_order;
pub mod dispatch_order;
pub mod expire_offer;
pub mod explain_order;
pub mod explain_routing;
pub mod finish_message;
pub mod get_order;
pub mod in_chat;
pub mod list_orders;
pub mod order_row;
pub mod pack_order;
pub mod place_order;
pub mod quote_order;
pub mod receive_message;
pub mod rehome_order;
pub mod release_conversation;
pub mod reply_to_conversation;
pub mod route_order;
pub mod secure_order;
pub mod send_out_order;
pub mod settle_delivery;
pub mod settle_media;
pub mod spoken;
pub mod vendor_stats;

use khaacho_durable::{NewJob, Tx};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;

use crate::domain::Notice;
use crate::jobs::{self, kinds};

/// Enqueues the messages of one order or conversation; they leave in the order of enqueueing.
pub fn enqueue_notices(tx: &mut Tx, ctx: &Ctx, subject: &str, notices: &[Notice]) -> Result<(), Fault> {
    if let Some(job) = notify(subject, notices)? {
        tx.enqueue_for(ctx, job);
    }
    Ok(())
}

/// The job that sends them; `None` when there are none.
pub fn notify(subject: &str, notices: &[Notice]) -> Result<Option<NewJob>, Fault> {
    if notices.is_empty() {
        return Ok(None);
    }
    let body = jobs::NotifyBody {
        notices: notices.to_vec(),
    };
    Ok(Some(
        NewJob::new(kinds::NOTIFY, &body)?.key(format!("out:{subject}")),
    ))
}
