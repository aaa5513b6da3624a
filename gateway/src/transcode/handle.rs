//! The handler of every address that no hand-written route has.

use axum::extract::{Extension, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Uri};
use khaacho_fault::Fault;

use super::table::Found;
use super::{call, read, reply};
use crate::App;
use crate::edge::Arrival;
use crate::problem::Problem;

/// Finds the RPC, then: who is asking → may they → how often → what exactly → the call.
pub(crate) async fn handle(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    Extension(found): Extension<Found>,
    uri: Uri,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<Response, Problem> {
    let (route, params) = match found {
        Found::Route(route, params) => (route, params),
        Found::OtherMethod(allow) => return Err(Problem::method_not_allowed(allow)),
        Found::Nothing => return Err(Problem::no_route()),
    };
    let principal = app.signed_in(&arrival, &headers).await?;
    if !route.method.allows_role(principal.role) {
        metrics::counter!("security_events_total", "kind" => "forbidden").increment(1);
        return Err(Fault::forbidden().into());
    }
    let read = read::request(&route, &params, uri.query().unwrap_or_default(), &headers, &raw)?;
    let waits = read.wants_to_wait().then(|| app.room.wait());
    let waits = waits.transpose().map_err(crate::overloaded)?;
    let ctx = arrival.ctx(principal, route.budget);
    let answer = call::unary(&route, &ctx, read.message).await.map_err(|no| {
        let mut problem = Problem::from(no.fault);
        if no.replayed {
            problem = problem.with_header(reply::REPLAYED, "true");
        }
        match &read.key {
            Some(key) => problem.with_header(read::IDEMPOTENCY_KEY, key),
            None => problem,
        }
    })?;
    drop(waits);
    Ok(reply::response(&route, &answer, read.key.as_deref(), read.waits)?)
}
