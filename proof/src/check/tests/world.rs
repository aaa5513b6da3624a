//! A small clean run, made row by row as the services would.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::input::{Run, Sent};
use super::super::notices::sha;
use crate::history::{Event, Phase};
use crate::views::{
    AccountEvent, Assignment, Attempt, Entry, Hold, Inbound, Invoice, Line, Notice, Order, OrderLine,
    OrderStatus, Reservation, ReservationLine, StockEvent,
};

pub(super) const SHOP: &str = "+9779800000001";
pub(super) const VENDOR: &str = "+9779800000002";
const PRICE: i64 = 10_005;
pub(super) const LIMIT: i64 = 10_000_000;

fn at(t_ns: u64) -> DateTime<Utc> {
    let second = i64::try_from(t_ns).expect("short") / 1_000;
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(second)
}

/// The run under construction.
pub(super) struct World {
    pub(super) run: Run,
    pub(super) t: u64,
}

impl World {
    fn now(&mut self) -> u64 {
        self.t += 1_000_000;
        self.t
    }

    fn event(&mut self, p: &str, ph: Phase, f: &str, op: &str, http: u32, v: Value) {
        let (i, t_ns) = (u64::try_from(self.run.history.len()).unwrap(), self.now());
        self.run.history.push(Event {
            i,
            t_ns,
            p: p.to_owned(),
            ph,
            f: f.to_owned(),
            op: op.to_owned(),
            attempt: u32::from(!op.is_empty()),
            http,
            v,
            err: String::new(),
        });
    }

    /// An operation with its answer.
    pub(super) fn op(&mut self, p: &str, f: &str, op: &str, asked: Value, http: u32, answer: Value) {
        self.event(p, Phase::Invoke, f, op, 0, asked);
        let ph = if http < 300 { Phase::Ok } else { Phase::Fail };
        self.event(p, ph, f, op, http, answer);
    }

    pub(super) fn mark(&mut self, f: &str, v: Value) {
        self.event("run", Phase::Mark, f, "", 0, v);
    }

    pub(super) fn account(
        &mut self,
        kind: &str,
        (posted, held): (i64, i64),
        cause: &str,
        ids: [&str; 4],
    ) -> i64 {
        let at = at(self.now());
        let account = &mut self.run.last.account[0];
        account.owed_paisa += posted;
        account.held_paisa += held;
        account.version += 1;
        let [hold, entry, order, payment] = ids.map(str::to_owned);
        self.run.last.account_event.push(AccountEvent {
            retailer: "acc_1".to_owned(),
            seq: account.version,
            kind: kind.to_owned(),
            d_posted: posted,
            d_held: held,
            limit_after: account.limit_paisa,
            hold_id: hold,
            entry_id: entry,
            order_id: order,
            payment_id: payment,
            cause: cause.to_owned(),
            at,
        });
        account.version
    }

    pub(super) fn stock(
        &mut self,
        kind: &str,
        (on_hand, reserved): (i64, i64),
        ids: [&str; 2],
        reason: &str,
    ) {
        let at = at(self.now());
        let stock = &mut self.run.last.stock[0];
        stock.on_hand_milli += on_hand;
        stock.reserved_milli += reserved;
        stock.seq += 1;
        let [res_id, order_id] = ids.map(str::to_owned);
        self.run.last.stock_event.push(StockEvent {
            vendor: "ven_1".to_owned(),
            sku: "RICE".to_owned(),
            seq: stock.seq,
            kind: kind.to_owned(),
            d_on_hand_milli: on_hand,
            d_reserved_milli: reserved,
            res_id,
            order_id,
            reason: reason.to_owned(),
            at,
        });
    }

    pub(super) fn notice(&mut self, order: &str, template: &str, to: &str, text: &str) {
        let id = format!("ntf_{order}_{template}");
        let t_ns = self.now();
        self.run.last.notice.push(Notice {
            notice_id: id.clone(),
            dedup_key: format!("{order}:{template}"),
            part: 1,
            parts: 1,
            order_id: order.to_owned(),
            template: template.to_owned(),
            to_hash: sha(to),
            state: "DELIVERED".to_owned(),
            attempts: 1,
            provider: "meta".to_owned(),
            provider_ref: format!("wamid.{id}"),
            error_code: String::new(),
        });
        self.run.last.attempt.push(Attempt {
            notice_id: id.clone(),
            n: 1,
            provider: "meta".to_owned(),
            result: "accepted".to_owned(),
            code: String::new(),
            provider_ref: format!("wamid.{id}"),
        });
        self.run.provider.get_or_insert_default().push(Sent {
            t_ns,
            prov: "meta".to_owned(),
            to: to.to_owned(),
            text: text.to_owned(),
            reference: format!("wamid.{id}"),
            notice: id,
            verdict: "accepted".to_owned(),
        });
    }

    pub(super) fn step(&mut self, order: &str, to: &str, cause: &str) {
        let at = at(self.now());
        let statuses = &mut self.run.last.order_status;
        let last = statuses.iter().rfind(|row| row.order_id == order);
        let (n, from) = last.map_or((0, String::new()), |row| (row.n, row.to_state.clone()));
        statuses.push(OrderStatus {
            order_id: order.to_owned(),
            n: n + 1,
            from_state: from,
            to_state: to.to_owned(),
            actor: "a01".to_owned(),
            note: String::new(),
            cause: cause.to_owned(),
            at,
        });
        let row = self
            .run
            .last
            .orders
            .iter_mut()
            .find(|row| row.order_id == order)
            .expect("placed");
        row.state = to.to_owned();
        row.version += 1;
        let template = match to {
            "SENT_TO_VENDOR" => "order_placed",
            "ACCEPTED" => "vendor_assigned",
            "PACKING" => "order_packing",
            "DISPATCHED" => "order_dispatched",
            "OUT_FOR_DELIVERY" => "order_out_for_delivery",
            "COMPLETED" => "order_completed",
            "CANCELLED" => "order_cancelled",
            "REFUSED" => "order_refused",
            _ => return,
        };
        self.notice(order, template, SHOP, "Total: Rs 226.11");
    }

    /// An order of two sacks as it is when it has just been placed.
    pub(super) fn place(&mut self, order: &str, cause: &str) {
        let (subtotal, vat) = (2 * PRICE, 2_601);
        let placed_at = at(self.now());
        self.run.last.orders.push(Order {
            order_id: order.to_owned(),
            number: format!("ORD{order}"),
            retailer: "acc_1".to_owned(),
            vendor: String::new(),
            quote_id: format!("quo_{order}"),
            cause: cause.to_owned(),
            subtotal_paisa: subtotal,
            vat_paisa: vat,
            total_paisa: subtotal + vat,
            vendor_paisa: None,
            state: "PLACED".to_owned(),
            version: 0,
            reservation_attempt: None,
            invoice_number: String::new(),
            placed_at,
        });
        self.run.last.order_line.push(OrderLine {
            order_id: order.to_owned(),
            n: 1,
            sku: "RICE".to_owned(),
            quantity_milli: 2000,
            unit_price_paisa: PRICE,
            amount_paisa: subtotal,
            vat_bp: 1300,
        });
        self.step(order, "PLACED", cause);
    }

    pub(super) fn order(&mut self, order: &str) -> &mut Order {
        self.run
            .last
            .orders
            .iter_mut()
            .find(|row| row.order_id == order)
            .expect("placed")
    }

    /// Credit and stock are there and the vendor is asked.
    pub(super) fn secure(&mut self, order: &str) {
        let (hold, res, total) = (
            format!("hld_{order}"),
            format!("rsv_{order}"),
            self.order(order).total_paisa,
        );
        self.run.last.hold.push(Hold {
            hold_id: hold.clone(),
            order_id: order.to_owned(),
            retailer: "acc_1".to_owned(),
            amount_paisa: total,
            state: "PENDING".to_owned(),
        });
        self.account("hold_placed", (0, total), "job", [&hold, "", order, ""]);
        self.run.last.reservation.push(Reservation {
            res_id: res.clone(),
            order_id: order.to_owned(),
            attempt: 1,
            vendor: "ven_1".to_owned(),
            state: "PENDING".to_owned(),
            closed_reason: String::new(),
        });
        self.run.last.reservation_line.push(ReservationLine {
            res_id: res.clone(),
            sku: "RICE".to_owned(),
            quantity_milli: 2000,
        });
        self.stock("reserve", (0, 2000), [&res, order], "");
        for to in ["PENDING", "ROUTED", "SENT_TO_VENDOR"] {
            self.step(order, to, "job");
        }
        self.notice(order, "vendor_offer", VENDOR, "");
        self.run.last.assignment.push(Assignment {
            order_id: order.to_owned(),
            attempt: 1,
            vendor: "ven_1".to_owned(),
            reservation_attempt: 1,
            method: "scored".to_owned(),
            answer: "OFFERED".to_owned(),
            decided_at: DateTime::UNIX_EPOCH,
        });
        let row = self.order(order);
        row.vendor = "ven_1".to_owned();
        row.vendor_paisa = Some(20_000);
        row.reservation_attempt = Some(1);
    }

    pub(super) fn close(&mut self, order: &str, (hold, reservation): (&str, &str)) {
        let views = &mut self.run.last;
        views
            .hold
            .iter_mut()
            .find(|row| row.order_id == order)
            .expect("held")
            .state = hold.to_owned();
        let row = views
            .reservation
            .iter_mut()
            .find(|row| row.order_id == order)
            .expect("reserved");
        row.state = reservation.to_owned();
    }

    /// A verb of the vendor by REST.
    pub(super) fn verb(&mut self, order: &str, f: &str, to: &str) {
        let op = format!("v1-{order}-{f}");
        self.step(order, to, &op);
        let answer = json!({ "order_id": order, "status": to, "version": self.order(order).version });
        self.op("v1", f, &op, json!({ "order": order }), 200, answer);
        let answer = match f {
            "accept" => "ACCEPTED",
            "cancel" => "WITHDRAWN",
            _ => return,
        };
        let offer = self
            .run
            .last
            .assignment
            .iter_mut()
            .find(|row| row.order_id == order)
            .expect("offered");
        offer.answer = answer.to_owned();
    }

    pub(super) fn deliver(&mut self, order: &str) {
        let verbs = [
            ("accept", "ACCEPTED"),
            ("pack", "PACKING"),
            ("dispatch", "DISPATCHED"),
            ("send_out", "OUT_FOR_DELIVERY"),
            ("deliver", "DELIVERED"),
        ];
        for (f, to) in verbs {
            self.verb(order, f, to);
        }
        self.close(order, ("POSTED", "CONSUMED"));
        let (total, vat) = (self.order(order).total_paisa, self.order(order).vat_paisa);
        let [hold, res, entry] = ["hld", "rsv", "ent"].map(|kind| format!("{kind}_{order}"));
        self.account("hold_posted", (total, -total), "job", [&hold, &entry, order, ""]);
        self.stock("consume", (-2000, -2000), [&res, order], "");
        let parts = [
            ("receivable:acc_1", total),
            ("payable:ven_1", -20_000),
            ("vat_payable", -vat),
            ("revenue", -(total - vat - 20_000)),
        ];
        self.entry(&entry, "delivery", order, "", &parts);
        self.run.last.invoice.push(Invoice {
            invoice_id: format!("inv_{order}"),
            number: format!("INV{order}"),
            retailer: "acc_1".to_owned(),
            order_id: order.to_owned(),
            entry_id: entry,
            amount_paisa: total,
            vat_paisa: vat,
            open_paisa: total,
            vendor_paisa: 20_000,
            due_at: DateTime::UNIX_EPOCH,
        });
        self.order(order).invoice_number = format!("INV{order}");
        self.notice(order, "order_delivered", SHOP, "You owe Rs 226.11");
        self.verb(order, "complete", "COMPLETED");
    }

    pub(super) fn entry(&mut self, id: &str, kind: &str, order: &str, payment: &str, parts: &[(&str, i64)]) {
        self.run.last.entry.push(Entry {
            entry_id: id.to_owned(),
            kind: kind.to_owned(),
            order_id: order.to_owned(),
            retailer: "acc_1".to_owned(),
            payment_id: payment.to_owned(),
            recorded_at: DateTime::UNIX_EPOCH,
        });
        for (n, (account, amount)) in (1_i64..).zip(parts) {
            self.run.last.line.push(Line {
                entry_id: id.to_owned(),
                n,
                account: (*account).to_owned(),
                amount_paisa: *amount,
            });
        }
    }

    pub(super) fn message(
        &mut self,
        mid: &str,
        intent: &str,
        more: Value,
        (outcome, reference): (&str, &str),
    ) {
        let received_at = at(self.now());
        self.run.last.inbound.push(Inbound {
            provider: "meta".to_owned(),
            account: "100".to_owned(),
            mid: mid.to_owned(),
            inbound_id: format!("inb_{mid}"),
            sha: sha(mid),
            phone: SHOP.to_owned(),
            kind: "text".to_owned(),
            outcome: outcome.to_owned(),
            outcome_ref: reference.to_owned(),
            received_at,
            handled_at: Some(received_at),
        });
        let mut asked = json!({
            "prov": "meta", "mid": mid, "phone": SHOP, "text": intent, "intent": intent, "party": "acc_1",
        });
        let asked_more = more.as_object().expect("an object").clone();
        asked.as_object_mut().expect("an object").extend(asked_more);
        self.op("r1", "message", &format!("r1-{mid}"), asked, 200, json!({}));
    }
}

impl Run {
    /// Writes a run as `kasauti run` would.
    pub(super) fn save(&self, dir: &Path) {
        let lines = |values: Vec<Value>| {
            values
                .iter()
                .map(|value| format!("{value}\n"))
                .collect::<String>()
        };
        let history = self
            .history
            .iter()
            .map(|event| serde_json::to_value(event).unwrap())
            .collect();
        std::fs::write(dir.join("history.jsonl"), lines(history)).unwrap();
        std::fs::write(dir.join("meta.json"), self.meta.to_string()).unwrap();
        for views in self.stages() {
            views.save(dir).unwrap();
        }
    }
}
