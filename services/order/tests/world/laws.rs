//! What holds once nothing is under way any more.

use khaacho_ids::OrderId;
use khaacho_proto::credit::v1::HoldState;
use khaacho_proto::inventory::v1::ReservationState;
use sqlx::FromRow;
use uuid::Uuid;

use super::World;

#[derive(Debug, FromRow)]
struct Row {
    id: Uuid,
    status: String,
    reservation_attempt: Option<i32>,
    vendor_id: Option<String>,
    total_paisa: i64,
}

/// Laws of the tables: a law and a query whose number has to be zero.
const LAWS: &[(&str, &str)] = &[
    (
        "history has no gap, follows itself and ends where the order is",
        "with told as (
             select e.*, row_number() over w as place, lag(e.to_status) over w as before, lead(e.n) over w as later
             from orders.order_event e window w as (partition by e.order_id order by e.n))
         select count(*) from told t join orders.purchase_order o on o.id = t.order_id
         where t.n <> t.place or t.from_status is distinct from t.before
            or (t.later is null and t.to_status <> o.status) or t.actor = '' or t.cause = '' or t.trace_id = ''",
    ),
    (
        "offers are numbered without gap up to the order's count",
        "select count(*) from orders.purchase_order o where o.offers <> (
             select count(*) from orders.assignment a where a.order_id = o.id and a.attempt <= o.offers)",
    ),
    (
        "no offer is open but the present one",
        "select count(*) from orders.assignment a join orders.purchase_order o on o.id = a.order_id
         where a.answer in ('OFFERED', 'MOVING')
           and (a.attempt <> o.offers or o.status <> case a.answer when 'OFFERED' then 'SENT_TO_VENDOR' else 'ROUTED' end)",
    ),
    (
        "a quote makes one order",
        "select count(*) from (select quote_id from orders.purchase_order group by quote_id having count(*) > 1) twice",
    ),
    ("every message has ended", "select count(*) from orders.inbound_message where outcome is null"),
    ("nothing is parked", "select count(*) from orders.job where parked_at is not null"),
];

impl World {
    /// Waits until no job is left but timers, then checks the laws of tables and peers.
    pub(crate) async fn assert_sound(&self) {
        self.quiet().await;
        for (law, sql) in LAWS {
            assert_eq!(self.count(sql).await, 0, "broken: {law}");
        }
        let orders: Vec<Row> = sqlx::query_as(
            "select id, status, reservation_attempt, vendor_id, total_paisa from orders.purchase_order",
        )
        .fetch_all(self.db.pool())
        .await
        .expect("orders");
        for order in &orders {
            self.assert_agreed(order);
        }
        let known: Vec<String> = orders.iter().map(|o| OrderId::from(o.id).to_string()).collect();
        let books = self.books();
        assert!(
            books.holds.keys().all(|order| known.contains(order)),
            "a hold without an order"
        );
        assert!(
            books.reservations.keys().all(|(order, _)| known.contains(order)),
            "stock without an order"
        );
    }

    /// Order, hold, reservation and posting say the same.
    fn assert_agreed(&self, order: &Row) {
        let books = self.books();
        let id = OrderId::from(order.id).to_string();
        let hold = books.holds.get(&id);
        let state = hold.map(|h| h.state);
        let pending = books.pending_attempts(&id);
        let own: Vec<u32> = order
            .reservation_attempt
            .iter()
            .map(|n| n.unsigned_abs())
            .collect();
        let said = format!("{order:?}, hold {state:?}, pending reservations {pending:?}");
        if let Some(hold) = hold.filter(|h| h.state != HoldState::Released) {
            assert_eq!(hold.amount, order.total_paisa, "{said}");
        }
        match order.status.as_str() {
            "CANCELLED" | "REFUSED" => {
                assert_eq!((state, pending), (Some(HoldState::Released), vec![]), "{said}");
                assert!(!books.postings.contains_key(&id), "{said}");
            }
            "DELIVERED" | "COMPLETED" => {
                assert_eq!((state, pending), (Some(HoldState::Posted), vec![]), "{said}");
                let consumed = books.reservation(&id, own[0]);
                assert_eq!(consumed, Some(ReservationState::Consumed), "{said}");
            }
            _ => {
                assert_eq!((state, &pending), (Some(HoldState::Pending), &own), "{said}");
                let at = books.reservations.get(&(id, own[0])).map(|r| r.vendor_id.clone());
                // While a vendor is looked for, the stock still lies with the one before, who has no order any more.
                let at = at.filter(|_| !matches!(order.status.as_str(), "PENDING" | "ROUTED"));
                assert_eq!(at, order.vendor_id, "{said}");
            }
        }
    }
}
