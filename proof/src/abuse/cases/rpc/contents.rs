//! Messages that can be read and that no caller of ours would send.

use super::{CALLS, INVALID, NOT_FOUND, PRECONDITION, call};
use crate::abuse::case::{Expect, Maker, Send};
use crate::abuse::cases::CHAT;
use crate::abuse::rpc::pb::{Message, framed};
use crate::abuse::sign::scattered;

/// Readable messages whose contents no caller of ours would send.
pub(super) fn contents(make: &mut Maker) {
    let refused = [INVALID, NOT_FOUND, PRECONDITION];
    for (at, (path, _, _)) in CALLS.iter().enumerate() {
        make.add(
            format!("nothing in it: {path}"),
            Send::Rpc(call(at, framed(&[]))),
            Expect::code(&refused),
        );
    }
    let id = |prefix: &str| format!("{prefix}_{}", "0".repeat(31) + "7");
    let hold = |amount: i64| {
        Message::new()
            .text(1, &id("ord"))
            .text(2, &id("acc"))
            .int(3, amount)
    };
    for amount in [0, -1, i64::MIN, i64::MAX, 10_000_000_000_001] {
        let call = call(0, framed(&hold(amount).0));
        make.add(
            format!("a hold of {amount}"),
            Send::Rpc(call),
            Expect::code(&refused),
        );
    }
    for wrong in [
        "",
        "ord_",
        "ord_0",
        "acc_00000000000000000000000000000007",
        "ORD_x",
        "ord_gggggggggggggggggggggggggggggggg",
        "ord_\0",
        "'",
    ] {
        let message = Message::new().text(1, wrong).text(2, &id("acc")).int(3, 100);
        make.add(
            format!("a hold for order {wrong:?}"),
            Send::Rpc(call(0, framed(&message.0))),
            Expect::code(&refused),
        );
    }
    let line = |milli: i64| Message::new().text(1, "RICE-JEERA-25KG").int(2, milli);
    let reserve = |line: &Message| {
        Message::new()
            .text(1, &id("ord"))
            .int(2, 1)
            .text(3, &id("ven"))
            .message(4, line)
    };
    for milli in [0, -1000, i64::MAX, i64::MIN] {
        let call = call(2, framed(&reserve(&line(milli)).0));
        make.add(
            format!("a reservation of {milli}"),
            Send::Rpc(call),
            Expect::code(&refused),
        );
    }
    let many = (0..1001).fold(Message::new().text(1, &id("ord")), |m, _| m.message(4, &line(1)));
    make.add(
        "a reservation of 1,001 lines",
        Send::Rpc(call(2, framed(&many.0))),
        Expect::code(&refused),
    );
    for provider in [0, 4, 99, -1, i64::from(i32::MAX)] {
        let address = Message::new()
            .int(1, provider)
            .text(3, "+9779841000009")
            .text(4, "+9779841000009");
        let inbound = Message::new()
            .text(1, "kasauti-1")
            .text(3, "text")
            .text(4, "x")
            .text(8, "{}");
        let received = Message::new().message(1, &address).message(2, &inbound);
        let message = Message::new().message(1, &received);
        make.add(
            format!("a message of provider {provider}"),
            Send::Rpc(call(3, framed(&message.0))),
            Expect::code(&refused),
        );
    }
    let inbound = |id: &str, payload: &str| {
        let address = Message::new()
            .int(1, 2)
            .text(2, "1")
            .text(3, "9779841000009")
            .text(4, "+9779841000009");
        let message = Message::new()
            .text(1, id)
            .text(3, "text")
            .text(4, "x")
            .text(8, payload);
        Message::new().message(1, &Message::new().message(1, &address).message(2, &message))
    };
    for (name, id, payload) in [
        ("no id", String::new(), "{}"),
        ("an id of 100,000 letters", scattered(100_000), "{}"),
        ("a payload that is no JSON", "kasauti-2".to_owned(), "{"),
    ] {
        let message = inbound(&id, payload);
        make.add(
            format!("a message with {name}"),
            Send::Rpc(call(3, framed(&message.0))),
            Expect::code(&refused),
        );
    }
    // What a provider sends is kept as far as it can be: NUL is left out, nothing else.
    for (name, id, payload) in [
        ("an id with NUL", "a\0b", "{}"),
        ("a payload with NUL", "kasauti-3", "{\"a\":\"\\u0000\"}"),
    ] {
        let message = inbound(id, payload);
        let expect = Expect::code(&[0, INVALID]).may(CHAT);
        make.add(
            format!("a message with {name}"),
            Send::Rpc(call(3, framed(&message.0))),
            expect,
        );
    }
    let hundred_one = (0..101).fold(Message::new(), |m, _| m.raw(&inbound("x", "{}").0));
    make.add(
        "101 messages in a call",
        Send::Rpc(call(3, framed(&hundred_one.0))),
        Expect::code(&refused),
    );
}
