use super::*;

fn report(id: &str, status: &str, error_code: &str) -> Report {
    Report {
        provider: Provider::Meta,
        account: "1".into(),
        provider_message_id: id.into(),
        status: status.into(),
        raw_status: status.into(),
        error_code: error_code.into(),
        error_text: (!error_code.is_empty()).then(|| format!("text of {error_code}")),
        notification_id: None,
        at: None,
    }
}

fn standing(state: State, provider_message_id: Option<&str>) -> Standing {
    Standing {
        id: NotificationId::derive(&["a"]),
        state,
        template: "order_placed".into(),
        provider_message_id: provider_message_id.map(str::to_owned),
        window_closed: false,
        looks: 0,
        next_try_at: None,
    }
}

fn merged(reports: Vec<Report>, tried: bool, message: &Standing) -> Merged {
    let seen = (0..reports.len())
        .map(|report| Match {
            report,
            tried,
            message: message.clone(),
        })
        .collect();
    let receive = ReceiveStatus {
        reports,
        templates_at: vec![Provider::Meta],
    };
    receive.decide(seen, DateTime::UNIX_EPOCH).expect("never refused")
}

#[test]
fn reports_of_one_request_are_merged_by_rank_and_the_first_failure_is_kept() {
    let reports = vec![
        report("m", "failed", "131026"),
        report("m", "sent", ""),
        report("m", "failed", "131049"),
    ];
    let merged = merged(reports, true, &standing(State::Sent, Some("m")));
    assert_eq!(merged.changes.len(), 1);
    let change = &merged.changes[0];
    assert_eq!(change.state, State::Failed);
    let problem = change.problem.as_ref().expect("kept");
    assert_eq!(problem.code.as_deref(), Some("131026"));
}

#[test]
fn a_report_with_our_id_makes_the_providers_id_known() {
    let merged = merged(
        vec![report("m", "accepted", "")],
        false,
        &standing(State::Sending, None),
    );
    let change = &merged.changes[0];
    assert_eq!(
        (change.state, change.provider_message_id.as_deref()),
        (State::Sending, Some("m"))
    );
}

#[test]
fn failures_of_an_earlier_try_do_not_end_the_present_one_but_its_arrival_counts() {
    let present = standing(State::Sent, Some("second"));
    assert!(
        merged(vec![report("first", "failed", "1")], true, &present)
            .changes
            .is_empty()
    );
    let arrived = merged(vec![report("first", "delivered", "")], true, &present);
    assert_eq!(arrived.changes[0].state, State::Delivered);
    let queued_again = standing(State::Queued, None);
    assert!(
        merged(vec![report("first", "failed", "1")], true, &queued_again)
            .changes
            .is_empty()
    );
}

#[test]
fn a_closed_window_is_followed_by_a_template_once() {
    let fails = || vec![report("m", "failed", "131047")];
    let open = standing(State::Sent, Some("m"));
    assert_eq!(merged(fails(), true, &open).as_template, [open.id]);
    let closed = Standing {
        window_closed: true,
        ..open
    };
    assert!(merged(fails(), true, &closed).as_template.is_empty());
}

#[test]
fn words_that_say_nothing_about_delivery_are_history_only() {
    let merged = merged(
        vec![report("m", "deleted", "")],
        true,
        &standing(State::Sent, Some("m")),
    );
    assert!(merged.changes.is_empty() && merged.owners[0].is_some());
}
