//! One unary call with a message that is only known by its descriptor.

use http::uri::PathAndQuery;
use khaacho_fault::{Fault, Kind};
use khaacho_rpc::{Ctx, MeshChannel};
use prost::Message as _;
use prost_reflect::DynamicMessage;
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;

use super::codec::Raw;
use super::table::Route;

/// Metadata with which a service says that the answer is the stored one of an earlier request.
const REPLAYED: &str = "x-khaacho-replayed";

/// Bytes of an answer at most: a medium of 5 MiB, and room.
const ANSWER_MAX: usize = 6 << 20;

/// What a call came back with.
pub(crate) struct Answer {
    /// The message.
    pub message: DynamicMessage,
    /// Whether it is the stored answer of an earlier request.
    pub replayed: bool,
}

/// A no.
pub(crate) struct No {
    /// Why.
    pub fault: Fault,
    /// Whether it is the stored answer of an earlier request.
    pub replayed: bool,
}

/// Calls the RPC of a route.
///
/// # Errors
/// The service's fault. When it is late or away in the middle of a change the outcome counts as unknown,
/// whoever noticed it: the request may have been on its way.
pub(crate) async fn unary(route: &Route, ctx: &Ctx, message: DynamicMessage) -> Result<Answer, No> {
    let path = PathAndQuery::from_static(route.method.path.as_str());
    let output = route.method.descriptor.output();
    send(route.channel.clone(), path, ctx, message)
        .await
        .and_then(|(bytes, replayed)| {
            let message =
                DynamicMessage::decode(output, bytes).map_err(|error| No::from(Fault::bug(error)))?;
            Ok(Answer { message, replayed })
        })
        .map_err(|no| {
            let uncertain = matches!(no.fault.kind(), Kind::Late | Kind::Unavailable);
            if uncertain && !route.is_read() {
                let fault = no.fault.outcome_unknown();
                No { fault, ..no }
            } else {
                no
            }
        })
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        let replayed = false;
        Self { fault, replayed }
    }
}

fn is_replayed(metadata: &MetadataMap) -> bool {
    metadata
        .get(REPLAYED)
        .is_some_and(|value| value.as_bytes() == b"1")
}

async fn send(
    channel: MeshChannel,
    path: PathAndQuery,
    ctx: &Ctx,
    message: DynamicMessage,
) -> Result<(bytes::Bytes, bool), No> {
    let mut client = Grpc::new(channel).max_decoding_message_size(ANSWER_MAX);
    client.ready().await.map_err(Fault::unavailable)?;
    let request = ctx.outgoing(bytes::Bytes::from(message.encode_to_vec()));
    let response = client.unary(request, path, Raw).await.map_err(|status| No {
        replayed: is_replayed(status.metadata()),
        fault: status.into(),
    })?;
    let replayed = is_replayed(response.metadata());
    Ok((response.into_inner(), replayed))
}
