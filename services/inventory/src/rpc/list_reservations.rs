use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::{OrderId, ReservationId};
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::{self, Page};
use super::{Rpc, parse, render};
use crate::domain::reservation::State;
use crate::store::list_reservations::{self as store, Wanted};

pub(super) async fn list_reservations(
    rpc: &Rpc,
    request: Request<pb::ListReservationsRequest>,
) -> Answer<pb::ListReservationsResponse> {
    let (_, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let order = match body.order_id.trim() {
        "" => None,
        text => Some(parse::field::<OrderId>("order_id", text)?),
    };
    let state = match body.state() {
        pb::ReservationState::Unspecified => None,
        pb::ReservationState::Pending => Some(State::Pending),
        pb::ReservationState::Consumed => Some(State::Consumed),
        pb::ReservationState::Released => Some(State::Released),
    };
    let wanted = Wanted {
        order,
        state,
        before: before(&page)?,
    };
    let mut rows = store::page(rpc.db(), wanted, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |row| {
        [
            row.created_at.timestamp_micros().to_string(),
            row.reservation_id.to_string(),
        ]
    });
    let reservations = rows.into_iter().map(render::reservation).collect();
    Ok(Response::new(pb::ListReservationsResponse {
        reservations,
        next_page_token,
    }))
}

fn before(page: &Page) -> Result<Option<(DateTime<Utc>, ReservationId)>, Fault> {
    let Some([micros, id]) = page.after::<2>()? else {
        return Ok(None);
    };
    let at = DateTime::from_timestamp_micros(page::part(micros)?);
    // years that PostgreSQL cannot hold are in no token of ours
    let at = at
        .filter(|at| (0..store::END_OF_TIME).contains(&at.timestamp()))
        .ok_or_else(page::bad_token)?;
    Ok(Some((at, page::part(id)?)))
}
