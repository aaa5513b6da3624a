//! One unary call with a message that is only known by its descriptor.

use http::uri::PathAndQuery;
use khaacho_fault::{Fault, Kind};
use khaacho_rpc::{Ctx, MeshChannel};
use prost::Message as _;
use prost_reflect::DynamicMessage;
use tonic::client::Grpc;

use super::codec::Raw;
use super::table::Route;

/// Metadata with which a service says that the answer is the stored one of an earlier request.
const REPLAYED: &str = "x-khaacho-replayed";

/// What a call came back with.
pub(crate) struct Answer {
    /// The message.
    pub message: DynamicMessage,
    /// Whether it is the stored answer of an earlier request.
    pub replayed: bool,
}

/// Calls the RPC of a route.
///
/// # Errors
/// The service's fault. When it is late or away in the middle of a change the outcome counts as unknown,
/// whoever noticed it: the request may have been on its way.
pub(crate) async fn unary(route: &Route, ctx: &Ctx, message: DynamicMessage) -> Result<Answer, Fault> {
    let path = PathAndQuery::from_static(route.method.path.as_str());
    let output = route.method.descriptor.output();
    send(route.channel.clone(), path, ctx, message)
        .await
        .and_then(|(bytes, replayed)| {
            let message = DynamicMessage::decode(output, bytes).map_err(Fault::bug)?;
            Ok(Answer { message, replayed })
        })
        .map_err(|fault| {
            let uncertain = matches!(fault.kind(), Kind::Late | Kind::Unavailable);
            if uncertain && !route.is_read() {
                fault.outcome_unknown()
            } else {
                fault
            }
        })
}

async fn send(
    channel: MeshChannel,
    path: PathAndQuery,
    ctx: &Ctx,
    message: DynamicMessage,
) -> Result<(bytes::Bytes, bool), Fault> {
    let mut client = Grpc::new(channel);
    client.ready().await.map_err(Fault::unavailable)?;
    let request = ctx.outgoing(bytes::Bytes::from(message.encode_to_vec()));
    let response = client.unary(request, path, Raw).await?;
    let replayed = response
        .metadata()
        .get(REPLAYED)
        .is_some_and(|value| value.as_bytes() == b"1");
    Ok((response.into_inner(), replayed))
}
