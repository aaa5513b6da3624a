//! The gRPC face of the service: one line a method, parse and render in `rpc/<verb>.rs`.

pub mod accept_order;
pub mod assign_vendor;
pub mod cancel_order;
pub mod claim_conversation;
pub mod complete_order;
pub mod decline_order;
pub mod deliver_order;
pub mod dispatch_order;
pub mod explain_order;
pub mod explain_routing;
pub mod get_conversation;
pub mod get_order;
pub mod list_conversations;
pub mod list_orders;
pub mod pack_order;
pub mod place_order;
pub mod quote_order;
pub mod receive_message;
pub mod refusal;
pub mod release_conversation;
pub mod render;
pub mod reply_to_conversation;
pub mod send_out_order;

use std::sync::Arc;

use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_proto::order::v1::intake_service_server::IntakeService;
use khaacho_proto::order::v1::order_service_server::OrderService;
use khaacho_rpc::{Answer, Ctx, open};
use tonic::{Request, Response, Status};

use crate::service::Service;

pub use render::{datetime, timestamp};

/// Serves both services of the contract.
#[derive(Clone)]
pub struct Rpc(pub Arc<Service>);

/// Opens a request, runs the verb, wraps its answer.
macro_rules! verb {
    ($self:ident, $request:ident, $module:ident) => {{
        let (ctx, body) = open($request)?;
        let answer: Result<_, Fault> = $module::run(&$self.0, ctx, body).await;
        Ok(Response::new(answer.map_err(Status::from)?))
    }};
}

#[tonic::async_trait]
impl IntakeService for Rpc {
    async fn receive_message(
        &self,
        r: Request<pb::ReceiveMessageRequest>,
    ) -> Answer<pb::ReceiveMessageResponse> {
        verb!(self, r, receive_message)
    }
    async fn list_conversations(
        &self,
        r: Request<pb::ListConversationsRequest>,
    ) -> Answer<pb::ListConversationsResponse> {
        verb!(self, r, list_conversations)
    }
    async fn get_conversation(
        &self,
        r: Request<pb::GetConversationRequest>,
    ) -> Answer<pb::GetConversationResponse> {
        verb!(self, r, get_conversation)
    }
    async fn claim_conversation(
        &self,
        r: Request<pb::ClaimConversationRequest>,
    ) -> Answer<pb::ClaimConversationResponse> {
        verb!(self, r, claim_conversation)
    }
    async fn reply_to_conversation(
        &self,
        r: Request<pb::ReplyToConversationRequest>,
    ) -> Answer<pb::ReplyToConversationResponse> {
        verb!(self, r, reply_to_conversation)
    }
    async fn release_conversation(
        &self,
        r: Request<pb::ReleaseConversationRequest>,
    ) -> Answer<pb::ReleaseConversationResponse> {
        verb!(self, r, release_conversation)
    }
}

#[tonic::async_trait]
impl OrderService for Rpc {
    async fn quote_order(&self, r: Request<pb::QuoteOrderRequest>) -> Answer<pb::QuoteOrderResponse> {
        verb!(self, r, quote_order)
    }
    async fn place_order(&self, r: Request<pb::PlaceOrderRequest>) -> Answer<pb::PlaceOrderResponse> {
        verb!(self, r, place_order)
    }
    async fn get_order(&self, r: Request<pb::GetOrderRequest>) -> Answer<pb::GetOrderResponse> {
        verb!(self, r, get_order)
    }
    async fn list_orders(&self, r: Request<pb::ListOrdersRequest>) -> Answer<pb::ListOrdersResponse> {
        verb!(self, r, list_orders)
    }
    async fn cancel_order(&self, r: Request<pb::CancelOrderRequest>) -> Answer<pb::CancelOrderResponse> {
        verb!(self, r, cancel_order)
    }
    async fn accept_order(&self, r: Request<pb::AcceptOrderRequest>) -> Answer<pb::AcceptOrderResponse> {
        verb!(self, r, accept_order)
    }
    async fn decline_order(&self, r: Request<pb::DeclineOrderRequest>) -> Answer<pb::DeclineOrderResponse> {
        verb!(self, r, decline_order)
    }
    async fn assign_vendor(&self, r: Request<pb::AssignVendorRequest>) -> Answer<pb::AssignVendorResponse> {
        verb!(self, r, assign_vendor)
    }
    async fn pack_order(&self, r: Request<pb::PackOrderRequest>) -> Answer<pb::PackOrderResponse> {
        verb!(self, r, pack_order)
    }
    async fn dispatch_order(
        &self,
        r: Request<pb::DispatchOrderRequest>,
    ) -> Answer<pb::DispatchOrderResponse> {
        verb!(self, r, dispatch_order)
    }
    async fn send_out_order(&self, r: Request<pb::SendOutOrderRequest>) -> Answer<pb::SendOutOrderResponse> {
        verb!(self, r, send_out_order)
    }
    async fn deliver_order(&self, r: Request<pb::DeliverOrderRequest>) -> Answer<pb::DeliverOrderResponse> {
        verb!(self, r, deliver_order)
    }
    async fn complete_order(
        &self,
        r: Request<pb::CompleteOrderRequest>,
    ) -> Answer<pb::CompleteOrderResponse> {
        verb!(self, r, complete_order)
    }
    async fn explain_order(&self, r: Request<pb::ExplainOrderRequest>) -> Answer<pb::ExplainOrderResponse> {
        verb!(self, r, explain_order)
    }
    async fn explain_routing(
        &self,
        r: Request<pb::ExplainRoutingRequest>,
    ) -> Answer<pb::ExplainRoutingResponse> {
        verb!(self, r, explain_routing)
    }
}

/// Runs a verb that moves an order and reads the order back for the answer.
async fn moved<C>(service: &Service, ctx: &Ctx, command: C) -> Result<pb::Order, Fault>
where
    C: khaacho_durable::Transact<Reply = String>,
{
    let done = khaacho_durable::run(&service.door, ctx, command).await?;
    let order = crate::store::get_order::find(service.door.db().pool(), &done.reply).await?;
    let order = order.ok_or_else(|| Fault::bug("an order vanished"))?;
    Ok(render::order(&order))
}
