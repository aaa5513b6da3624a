//! What happens in the clean run: four orders (completed, cancelled, by chat, refused), money, probes, a snapshot.

use chrono::{DateTime, TimeDelta};
use serde_json::json;

use super::super::input::{Log, Run};
use super::world::{LIMIT, SHOP, VENDOR, World};
use crate::views::{Account, Allocation, Hold, Idem, Job, Payment, Stock, Views};

fn begin() -> World {
    let mut world = World {
        run: Run::default(),
        t: 0,
    };
    world.run.last.label = "final".to_owned();
    world.run.last.account.push(Account {
        retailer: "acc_1".to_owned(),
        limit_paisa: LIMIT,
        state: "ACTIVE".to_owned(),
        ..Account::default()
    });
    world.run.last.stock.push(Stock {
        vendor: "ven_1".to_owned(),
        sku: "RICE".to_owned(),
        ..Stock::default()
    });
    world.op(
        "run",
        "vendor",
        "s-1",
        json!({ "code": "V1", "phone": VENDOR }),
        201,
        json!({ "vendor": "ven_1" }),
    );
    let version = world.account("opened", (0, 0), "s-2", [""; 4]);
    let asked = json!({ "code": "R1", "phone": SHOP, "limit_paisa": LIMIT });
    world.op(
        "run",
        "account",
        "s-2",
        asked,
        201,
        json!({ "retailer": "acc_1", "version": version }),
    );
    world.stock("opening", (100_000, 0), [""; 2], "s-3");
    let asked = json!({ "vendor": "ven_1", "sku": "RICE", "delta_milli": 100_000 });
    world.op(
        "run",
        "stock",
        "s-3",
        asked,
        200,
        json!({ "on_hand_milli": 100_000, "reserved_milli": 0 }),
    );
    world
}

fn orders(world: &mut World) {
    let asked = json!({ "retailer": "acc_1", "lines": [["RICE", 2000]] });
    let told =
        |order: &str| json!({ "order_id": order, "number": format!("ORD{order}"), "total_paisa": 22_611 });
    for order in ["ord_1", "ord_2"] {
        let op = format!("r1-{order}");
        world.place(order, &op);
        world.secure(order);
        world.op("r1", "order", &op, asked.clone(), 202, told(order));
    }
    world.deliver("ord_1");
    world.verb("ord_2", "cancel", "CANCELLED");
    world.close("ord_2", ("RELEASED", "RELEASED"));
    world.account(
        "hold_released",
        (0, -22_611),
        "job",
        ["hld_ord_2", "", "ord_2", ""],
    );
    world.stock("release", (0, -2000), ["rsv_ord_2", "ord_2"], "CANCELLED");
    world.op(
        "r1",
        "replay",
        "r1-again",
        json!({ "of": "r1-ord_1", "kind": "order", "idem": "r1-ord_1" }),
        202,
        told("ord_1"),
    );
    let asked = json!({ "of": "r1-ord_1", "kind": "order", "idem": "r1-ord_1" });
    world.op(
        "r1",
        "reuse",
        "r1-other",
        asked,
        422,
        json!({ "reason": "REQUEST_ID_REUSED" }),
    );
    world.message(
        "m1",
        "list",
        json!({ "lines": [["RICE", 2000]] }),
        ("not_an_order", ""),
    );
    world.place("ord_3", "inb_m2");
    world.secure("ord_3");
    world.message("m2", "confirm", json!({ "of": "r1-m1" }), ("ordered", "ord_3"));
    let again = json!({ "prov": "meta", "mid": "m2", "phone": SHOP, "of": "r1-m2" });
    world.op("r1", "dup", "r1-m2-dup", again, 200, json!({}));
    let twin = json!({ "prov": "meta", "mid": "m2", "phone": SHOP, "of": "r1-m2", "text": "other" });
    world.op("r1", "twin", "r1-m2-twin", twin, 200, json!({}));
    world.op(
        "x",
        "forged",
        "x-1",
        json!({ "prov": "meta", "mid": "m9" }),
        403,
        json!({ "reason": "WEBHOOK_UNPROVEN" }),
    );
    world.place("ord_4", "r1-ord_4");
    let asked = json!({ "retailer": "acc_1", "lines": [["RICE", 2000]] });
    world.op("r1", "order", "r1-ord_4", asked, 202, told("ord_4"));
    world.step("ord_4", "REFUSED", "job");
    world.run.last.hold.push(Hold {
        hold_id: "hld_ord_4".to_owned(),
        order_id: "ord_4".to_owned(),
        retailer: "acc_1".to_owned(),
        amount_paisa: 0,
        state: "RELEASED".to_owned(),
    });
}

fn money(world: &mut World) {
    let asked =
        json!({ "retailer": "acc_1", "amount_paisa": 10_000, "method": "CASH", "reference": "a1-pay" });
    world.entry(
        "ent_pay",
        "payment",
        "",
        "pay_1",
        &[("cash", 10_000), ("receivable:acc_1", -10_000)],
    );
    world.account("payment", (-10_000, 0), "a1-pay", ["", "ent_pay", "", "pay_1"]);
    world.run.last.payment.push(Payment {
        payment_id: "pay_1".to_owned(),
        retailer: "acc_1".to_owned(),
        amount_paisa: 10_000,
        unallocated_paisa: 0,
        method: "CASH".to_owned(),
        reference: "a1-pay".to_owned(),
        entry_id: "ent_pay".to_owned(),
    });
    world.run.last.allocation.push(Allocation {
        payment_id: "pay_1".to_owned(),
        invoice_id: "inv_ord_1".to_owned(),
        amount_paisa: 10_000,
    });
    world.run.last.invoice[0].open_paisa -= 10_000;
    world.op(
        "a1",
        "payment",
        "a1-pay",
        asked,
        201,
        json!({ "payment_id": "pay_1", "entry_id": "ent_pay" }),
    );
}

fn limits(world: &mut World) {
    world.run.last.account[0].limit_paisa = LIMIT + 1;
    let version = world.account("limit_set", (0, 0), "a1-limit", [""; 4]);
    let asked = json!({ "retailer": "acc_1", "limit_paisa": LIMIT + 1 });
    world.op(
        "a1",
        "limit",
        "a1-limit",
        asked,
        200,
        json!({ "version": version, "limit_paisa": LIMIT + 1 }),
    );
    for (kind, f) in [("blocked", "block"), ("unblocked", "unblock")] {
        let op = format!("a1-{f}");
        let version = world.account(kind, (0, 0), &op, [""; 4]);
        world.op(
            "a1",
            f,
            &op,
            json!({ "retailer": "acc_1" }),
            200,
            json!({ "version": version }),
        );
    }
    let refused = json!({ "retailer": "acc_1", "amount_paisa": 0, "method": "CASH", "reference": "a1-none" });
    world.op(
        "a1",
        "payment",
        "a1-none",
        refused,
        400,
        json!({ "reason": "INVALID_ARGUMENT" }),
    );
}

fn reads(world: &mut World) {
    let account = world.run.last.account[0].clone();
    let read = json!({
        "retailer": "acc_1", "version": account.version, "owed_paisa": account.owed_paisa,
        "held_paisa": account.held_paisa, "limit_paisa": account.limit_paisa,
    });
    world.op(
        "obs",
        "get_account",
        "o-1",
        json!({ "retailer": "acc_1" }),
        200,
        read,
    );
    let order = world.run.last.orders[0].clone();
    let read = json!({
        "order_id": "ord_1", "status": "COMPLETED", "version": order.version, "total_paisa": 22_611,
    });
    world.op("obs", "get_order", "o-2", json!({ "order": "ord_1" }), 200, read);
    let stock = world.run.last.stock[0].clone();
    let read = json!({ "on_hand_milli": stock.on_hand_milli, "reserved_milli": stock.reserved_milli });
    world.op(
        "obs",
        "get_stock",
        "o-3",
        json!({ "vendor": "ven_1", "sku": "RICE" }),
        200,
        read,
    );
    world.op(
        "x",
        "foreign",
        "x-2",
        json!({ "what": "order", "id": "ord_1" }),
        404,
        json!({ "reason": "ORDER_UNKNOWN" }),
    );
    world.op(
        "x",
        "garbage",
        "x-3",
        json!({ "what": "body" }),
        400,
        json!({ "reason": "INVALID_ARGUMENT" }),
    );
}

/// A clean run: four orders (completed, cancelled, by chat, refused), money, probes, a snapshot, marks.
pub(super) fn clean() -> Run {
    let mut world = begin();
    world.mark(
        "baseline",
        json!({ "processes": { "order": { "rss_kb": 9000, "fds": 20 } }, "sessions": 9 }),
    );
    orders(&mut world);
    money(&mut world);
    limits(&mut world);
    reads(&mut world);
    world.run.last.idem.push(Idem {
        service: "order".to_owned(),
        caller: "key_1".to_owned(),
        method: "PlaceOrder".to_owned(),
        request_id: "r1-ord_1".to_owned(),
        fp: "f".to_owned(),
        reply_sha: "r".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
    });
    world.run.last.job.push(Job {
        service: "order".to_owned(),
        job_id: "job_1".to_owned(),
        kind: "complete_order".to_owned(),
        run_at: DateTime::UNIX_EPOCH + TimeDelta::hours(48),
        ..Job::default()
    });
    world.run.last.taken_at = Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(60));
    let after = world.run.history.len() - 1;
    world.mark("snapshot", json!({ "label": "at-1", "after": after }));
    world.mark("exit", json!({ "svc": "credit", "planned": true, "status": 9 }));
    world.mark(
        "restarted",
        json!({ "svc": "credit", "ms": 900, "budget_ms": 10_000 }),
    );
    world.mark("quiescent", json!({ "waited_ms": 4_000, "budget_ms": 120_000 }));
    let after = json!({ "order": { "rss_kb": 9500, "fds": 21 } });
    world.mark(
        "resources",
        json!({ "processes": after, "sessions": 10, "idle_in_transaction": 0 }),
    );
    let mut run = world.run;
    run.snaps.push(Views {
        label: "at-1".to_owned(),
        ..run.last.clone()
    });
    run.meta = json!({ "seed": 1, "secrets": ["0f4c1e7a9b2d4836"], "phones": [SHOP] });
    run.logs = vec![Log::of(
        "INFO order placed request.id=r1-ord_1 sender.phone=+97798****001\n",
    )];
    run
}
