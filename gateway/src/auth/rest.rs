//! `/api/v1/apikeys`: keys over HTTP, for owners.

use axum::Router;
use axum::extract::{Extension, Path, Query, State};
use axum::response::Response;
use axum::routing::{delete, get};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use khaacho_fault::Fault;
use khaacho_proto::Role;
use khaacho_rpc::Principal;
use serde::Deserialize;
use serde_json::json;

use super::store::{self, Wanted};
use super::{list_api_keys, revoke_api_key, role_named};
use crate::App;
use crate::edge::Arrival;
use crate::problem::{self, Problem};
use crate::transcode::body;

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/apikeys", get(list).post(create))
        .route("/api/v1/apikeys/{id}", delete(revoke))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    after: Option<String>,
}

async fn list(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    owner(&app, &arrival, &headers).await?;
    let Query(query) = query.map_err(|_| Fault::invalid("query", "only `after` is known here"))?;
    let keys = list_api_keys(app.auth.db(), query.after.as_deref()).await?;
    Ok(problem::json(StatusCode::OK, &json!({ "keys": keys })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateBody {
    name: String,
    role: String,
    scope: Option<String>,
    expires_at: Option<DateTime<Utc>>,
}

async fn create(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<Response, Problem> {
    let caller = owner(&app, &arrival, &headers).await?;
    let wanted: CreateBody = body::typed(&headers, &raw)?;
    let role = role_named(&wanted.role).ok_or_else(|| {
        let words = "must be owner, finance, operations, support, auditor, vendor or retailer";
        Fault::invalid("role", words)
    })?;
    let wanted = Wanted {
        name: wanted.name,
        role,
        scope: wanted.scope,
        created_by: caller.subject,
        expires_at: wanted.expires_at,
    };
    let new = store::insert(app.auth.db(), wanted, app.auth.now()).await?;
    tracing::info!(key.id = %new.id, "an api key was made");
    let mut response = problem::json(
        StatusCode::CREATED,
        &json!({ "id": new.id, "key": new.secret_text }),
    );
    if let Ok(location) = HeaderValue::try_from(format!("/api/v1/apikeys/{}", new.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

async fn revoke(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    owner(&app, &arrival, &headers).await?;
    let key = revoke_api_key(app.auth.db(), &id, app.auth.now()).await?;
    app.auth.forget(&id);
    tracing::info!(key.id = %key.id, "an api key was revoked");
    Ok(problem::json(StatusCode::OK, &json!(key)))
}

async fn owner(app: &App, arrival: &Arrival, headers: &HeaderMap) -> Result<Principal, Problem> {
    let principal = app.signed_in(arrival, headers).await?;
    if principal.role != Role::Owner {
        metrics::counter!("security_events_total", "kind" => "forbidden").increment(1);
        return Err(Fault::forbidden().into());
    }
    Ok(principal)
}
