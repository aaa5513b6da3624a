//! The door for writes and the queue, against a real PostgreSQL.

mod cancelled;
mod claim_plan;
mod deadline;
mod enqueueing;
mod faults;
mod gather;
mod handoff;
mod lost_commit;
mod once;
mod operator;
mod ordering;
mod schedule;
mod stop;
mod support;
mod takeover;
mod together;
mod wake_up;
