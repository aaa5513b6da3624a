use super::*;
use crate::sql::{Meaning, meaning};
use tonic::{Code, Status, TimeoutExpired};

fn every_kind() -> [Fault; 10] {
    [
        Fault::invalid("phone", "not a phone number"),
        Fault::not_found("ORDER_NOT_FOUND"),
        Fault::conflict(reason::STALE_VERSION),
        Fault::refused("CREDIT_LIMIT_EXCEEDED"),
        Fault::unauthenticated(),
        Fault::forbidden(),
        Fault::exhausted(Duration::from_millis(1500)),
        Fault::late(),
        Fault::unavailable("connection refused"),
        Fault::bug("index out of bounds"),
    ]
}

#[test]
fn kinds_map_to_grpc_and_http_as_the_table_says() {
    let table: Vec<_> = every_kind()
        .iter()
        .map(|f| {
            (
                f.kind(),
                f.kind().code(),
                http::problem(f, "r").0,
                f.reason().to_owned(),
                f.retryable(),
            )
        })
        .collect();
    let golden = [
        (
            Kind::Invalid,
            Code::InvalidArgument,
            400,
            "INVALID_ARGUMENT",
            false,
        ),
        (Kind::NotFound, Code::NotFound, 404, "ORDER_NOT_FOUND", false),
        (Kind::Conflict, Code::Aborted, 409, "STALE_VERSION", false),
        (
            Kind::Refused,
            Code::FailedPrecondition,
            422,
            "CREDIT_LIMIT_EXCEEDED",
            false,
        ),
        (
            Kind::Unauthenticated,
            Code::Unauthenticated,
            401,
            "UNAUTHENTICATED",
            false,
        ),
        (
            Kind::Forbidden,
            Code::PermissionDenied,
            403,
            "PERMISSION_DENIED",
            false,
        ),
        (
            Kind::Exhausted,
            Code::ResourceExhausted,
            429,
            "RATE_LIMITED",
            true,
        ),
        (Kind::Late, Code::DeadlineExceeded, 504, "DEADLINE_EXCEEDED", true),
        (Kind::Unavailable, Code::Unavailable, 503, "UNAVAILABLE", true),
        (Kind::Bug, Code::Internal, 500, "INTERNAL", false),
    ]
    .map(|(kind, code, status, reason, retry)| (kind, code, status, reason.to_owned(), retry));
    assert_eq!(table, golden);
    assert_eq!(golden.map(|row| row.0), Kind::ALL);
}

#[test]
fn a_fault_survives_the_wire() {
    for fault in every_kind() {
        let fault = fault
            .fact("available_paisa", 52_500)
            .fact("name", "चामल")
            .say("शब्द, and words");
        let there = Status::from(fault.clone());
        let headers = there.into_http::<()>().into_parts().0.headers;
        let received = Status::from_header_map(&headers).expect("a grpc-status header");
        assert!(received.metadata().is_empty() || received.metadata().get("cause").is_none());
        let back = Fault::from(received);
        assert_eq!(back.kind(), fault.kind());
        assert_eq!(back.reason(), fault.reason());
        assert_eq!(back.sentence(), fault.sentence());
        assert_eq!(back.facts(), fault.facts());
        assert_eq!(back.violations(), fault.violations());
        assert_eq!(back.retry_after(), fault.retry_after());
        assert_eq!(back.outcome(), Outcome::NotExecuted);
    }
}

#[test]
fn an_unknown_outcome_travels_and_is_not_a_fact() {
    let back = Fault::from(Status::from(Fault::unavailable("commit lost").outcome_unknown()));
    assert_eq!(back.outcome(), Outcome::Unknown);
    assert!(back.facts().is_empty());
}

#[test]
fn the_cause_never_leaves_the_process() {
    let fault = Fault::bug("password=hunter2");
    assert!(format!("{fault:?}").contains("hunter2"));
    assert!(
        fault
            .source()
            .is_some_and(|cause| cause.to_string().contains("hunter2"))
    );
    let (_, problem) = http::problem(&fault, "req-1");
    assert!(!problem.to_string().contains("hunter2"));
    assert!(!fault.to_string().contains("hunter2"));
    let status = Status::from(fault);
    assert!(!format!("{status:?}{:?}", String::from_utf8_lossy(status.details())).contains("hunter2"));
    assert!(status.source().is_none());
}

#[test]
fn a_foreign_status_maps_by_code_and_keeps_its_words_to_itself() {
    let rows = [
        (Code::Cancelled, Kind::Unavailable),
        (Code::Unknown, Kind::Bug),
        (Code::InvalidArgument, Kind::Invalid),
        (Code::DeadlineExceeded, Kind::Late),
        (Code::NotFound, Kind::NotFound),
        (Code::AlreadyExists, Kind::Conflict),
        (Code::PermissionDenied, Kind::Forbidden),
        (Code::ResourceExhausted, Kind::Exhausted),
        (Code::FailedPrecondition, Kind::Refused),
        (Code::Aborted, Kind::Conflict),
        (Code::OutOfRange, Kind::Invalid),
        (Code::Unimplemented, Kind::Bug),
        (Code::Internal, Kind::Bug),
        (Code::Unavailable, Kind::Unavailable),
        (Code::DataLoss, Kind::Bug),
        (Code::Unauthenticated, Kind::Unauthenticated),
    ];
    for (code, kind) in rows {
        let fault = Fault::from(Status::new(code, "words of a library"));
        assert_eq!(fault.kind(), kind, "{code:?}");
        assert_eq!(fault.reason(), kind.common_reason(), "{code:?}");
        assert_eq!(fault.sentence(), kind.sentence(), "{code:?}");
        let may_have_happened = matches!(kind, Kind::Late | Kind::Unavailable | Kind::Bug);
        assert_eq!(fault.outcome() == Outcome::Unknown, may_have_happened, "{code:?}");
    }
}

#[test]
fn timeouts_of_tonic_are_late_and_broken_connections_are_unavailable() {
    let here = Status::from_error(Box::new(TimeoutExpired(())));
    assert_eq!(here.code(), Code::Cancelled);
    assert_eq!(Fault::from(here).kind(), Kind::Late);
    // the far side's timeout: only the words arrive
    assert_eq!(
        Fault::from(Status::cancelled("Timeout expired")).kind(),
        Kind::Late
    );
    let broken = Status::from_error("connection reset by peer".into());
    assert_eq!(broken.code(), Code::Unknown);
    assert_eq!(Fault::from(broken).kind(), Kind::Unavailable);
}

#[test]
fn reasons_of_other_domains_are_not_ours() {
    use tonic_types::StatusExt;
    let mut details = tonic_types::ErrorDetails::new();
    details.set_error_info("QUOTA", "example.com", [("secret".to_owned(), "1".to_owned())]);
    let fault = Fault::from(Status::with_error_details(
        Code::FailedPrecondition,
        "theirs",
        details,
    ));
    assert_eq!((fault.kind(), fault.reason()), (Kind::Refused, reason::REFUSED));
    assert!(fault.facts().is_empty());
}

#[test]
fn the_problem_document_is_exactly_this() {
    let fault = Fault::invalid("lines[0].quantity_milli", "must be above zero").fact("line", 0);
    let (status, body) = http::problem(&fault, "req-1");
    assert_eq!(status, 400);
    assert_eq!(
        body,
        serde_json::json!({
            "type": "/docs/reasons/INVALID_ARGUMENT",
            "title": "Invalid request",
            "status": 400,
            "detail": "lines[0].quantity_milli: must be above zero",
            "reason": "INVALID_ARGUMENT",
            "facts": {"line": "0"},
            "errors": [{"field": "lines[0].quantity_milli", "message": "must be above zero"}],
            "request_id": "req-1",
        })
    );
}

#[test]
fn retry_after_is_whole_seconds_rounded_up() {
    let seconds = |ms| http::retry_after_seconds(&Fault::exhausted(Duration::from_millis(ms)));
    assert_eq!([0, 1, 1000, 1001, 2000].map(seconds), [1, 1, 1, 2, 2].map(Some));
    assert_eq!(http::retry_after_seconds(&Fault::late()), None);
}

#[test]
fn database_errors_have_meanings() {
    assert_eq!(Fault::from(sqlx::Error::PoolTimedOut).kind(), Kind::Unavailable);
    assert_eq!(Fault::from(sqlx::Error::PoolClosed).kind(), Kind::Unavailable);
    let io = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    assert_eq!(Fault::from(sqlx::Error::Io(io)).kind(), Kind::Unavailable);
    assert_eq!(Fault::from(sqlx::Error::RowNotFound).kind(), Kind::Bug);
    assert_eq!(constraint(&sqlx::Error::RowNotFound), None);
    let rows = [
        ("57014", Meaning::Late),
        ("40001", Meaning::InTheWay),
        ("40P01", Meaning::InTheWay),
        ("57P01", Meaning::Away),
        ("53300", Meaning::Away),
        ("08006", Meaning::Away),
        ("22021", Meaning::NotText),
        ("23505", Meaning::Mistake),
        ("42P01", Meaning::Mistake),
    ];
    for (sqlstate, expected) in rows {
        assert_eq!(meaning(sqlstate), expected, "{sqlstate}");
    }
    let conflict = Fault::conflict(reason::CONCURRENT_UPDATE);
    assert!(conflict.retryable());
}

#[test]
fn a_fault_is_small_and_may_cross_threads() {
    fn crosses<T: Send + Sync + 'static + Error>() {}
    crosses::<Fault>();
    assert_eq!(size_of::<Fault>(), size_of::<usize>());
}
