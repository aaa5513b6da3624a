use super::*;

pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a date in 2026")
}

pub(crate) fn outbound(results: &[&str]) -> Outbound {
    let tries = (1..).zip(results).map(|(number, result)| Try {
        number,
        started_at: start(),
        result: (*result).to_owned(),
    });
    Outbound {
        id: NotificationId::derive(&["a"]),
        state: State::Sending,
        recipient: Recipient {
            provider: Provider::Meta,
            account: "1".into(),
            address: "9779841234567".into(),
            phone: None,
            user_id: None,
        },
        template: "order_placed".into(),
        body: Body::text("hello"),
        escalates: true,
        window_closed: false,
        looks: 0,
        next_try_at: None,
        deadline_at: start() + TimeDelta::hours(1),
        provider_message_id: None,
        attempts: 0,
        tries: tries.collect(),
    }
}

#[test]
fn a_try_without_a_result_is_looked_for_before_anything_is_sent() {
    let message = outbound(&["retry", ""]);
    assert_eq!(message.next_step(start()), Step::Wait(start() + FIRST_LOOK_AFTER));
    let look = Step::Look {
        number: 2,
        since: start(),
    };
    assert_eq!(message.next_step(start() + FIRST_LOOK_AFTER), look);
    let known = outbound(&["", "retry"]);
    assert_eq!(known.next_step(start()), Step::Send);
}

#[test]
fn silence_ends_the_looking_but_nobody_gets_one_message_six_times() {
    let silent = Outbound {
        looks: LOOKS_MAX,
        ..outbound(&["ambiguous"; 4])
    };
    assert_eq!(silent.next_step(start()), Step::Send);
    let often = Outbound {
        looks: LOOKS_MAX,
        ..outbound(&["ambiguous"; 5])
    };
    assert_eq!(often.next_step(start()), Step::Wait(often.deadline_at));
}

#[test]
fn after_the_deadline_nothing_is_sent() {
    let message = outbound(&[]);
    assert_eq!(message.next_step(start()), Step::Send);
    assert_eq!(message.next_step(message.deadline_at), Step::Overdue);
    assert_eq!(message.given_up(None).state, State::Escalated);
}

#[test]
fn tries_in_a_row_are_of_one_class() {
    let message = outbound(&["retry", "rate_limited", "rate_limited", ""]);
    assert_eq!(message.in_a_row(Class::RateLimited), 3);
    assert_eq!(message.in_a_row(Class::Retry), 1);
}
