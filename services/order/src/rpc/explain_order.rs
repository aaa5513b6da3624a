use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::{Ctx, Role};

use super::{render, timestamp};
use crate::service::Service;
use crate::store::explain_order::story;

/// The whole story of an order: this service's rows and those of its peers, oldest first.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ExplainOrderRequest,
) -> Result<pb::ExplainOrderResponse, Fault> {
    let order = service.visible_order(&ctx, &body.order).await?;
    let own = story(service.door.db().pool(), &order.order_id).await?;
    // The messages that led to it: their answers name no order, since there was none yet.
    let messages = own.iter().filter(|row| row.kind == "message_in");
    let causes = messages.map(|row| row.id.clone()).collect();
    let (theirs, missing) = service.peers.stories(&ctx, &order.order_id, causes).await;
    let mut entries: Vec<pb::TimelineEntry> = own
        .into_iter()
        .map(|row| pb::TimelineEntry {
            at: Some(timestamp(row.at)),
            service: "order".to_owned(),
            kind: row.kind,
            summary: row.summary,
            id: row.id,
            cause_id: row.cause,
            trace_id: row.trace_id,
        })
        .collect();
    entries.extend(theirs.into_iter().map(|row| pb::TimelineEntry {
        at: row.at,
        service: row.service.to_owned(),
        kind: row.kind,
        summary: row.summary,
        id: row.id,
        cause_id: row.cause,
        trace_id: row.trace_id,
    }));
    let role = ctx.principal().role;
    entries.retain(|e| may_read(role, &e.kind, &e.summary));
    entries.sort_by_key(|e| e.at.map_or((0, 0), |at| (at.seconds, at.nanos)));
    Ok(pb::ExplainOrderResponse {
        order: Some(render::order(&order)),
        entries,
        missing,
    })
}

/// Which rows of the story are whose business. A vendor sees how the order moved, not the shop's credit nor who else was
/// asked; a shop sees its own side, not the choice of vendors and their stock.
fn may_read(role: Role, kind: &str, summary: &str) -> bool {
    match role {
        Role::Vendor => kind == "status",
        Role::Retailer => match kind {
            "routing" | "reservation" | "stock_move" => false,
            // What vendors are told is theirs; `vendor_assigned` is told to the shop.
            "message_out" => !summary.starts_with("vendor_") || summary.starts_with("vendor_assigned "),
            _ => true,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_the_other_sides_business() {
        assert!(!may_read(Role::Vendor, "hold", "held Rs 5 of Rs 10 limit"));
        assert!(!may_read(Role::Vendor, "routing", "offer 1 to another"));
        assert!(may_read(Role::Vendor, "status", "PLACED"));
        assert!(!may_read(Role::Retailer, "routing", "offer 1 to V02"));
        assert!(!may_read(
            Role::Retailer,
            "message_out",
            "vendor_offer to +97797****758"
        ));
        assert!(!may_read(
            Role::Retailer,
            "message_out",
            "vendor_refused to +97797****758"
        ));
        assert!(may_read(
            Role::Retailer,
            "message_out",
            "vendor_assigned to +97797****230"
        ));
        assert!(may_read(Role::Operations, "stock_move", "reserve"));
    }
}
