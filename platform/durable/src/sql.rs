//! Statements over the tables of one schema, made once.

/// The statements of one schema. They live as long as the process; a process has a handful of schemas.
#[derive(Debug)]
pub(crate) struct Sql {
    pub claim_request: &'static str,
    pub find_request: &'static str,
    pub remember_reply: &'static str,
    pub sweep_requests: &'static str,
    pub enqueue: &'static str,
    pub claim_jobs: &'static str,
    pub renew_leases: &'static str,
    pub finish_job: &'static str,
    pub fail_job: &'static str,
    pub release_jobs: &'static str,
    pub depth: &'static str,
    pub list_jobs: &'static str,
    pub retry_job: &'static str,
    pub drop_job: &'static str,
    pub take_slot: &'static str,
    pub channel: &'static str,
}

const JOB_COLUMNS: &str = "id, kind, ordering_key, attempts, faults, last_fault, run_at, created_at, parked_at, \
                           cause, trace_parent";

impl Sql {
    pub(crate) fn of(schema: &str) -> Self {
        let make = |template: &str| -> &'static str {
            Box::leak(
                template
                    .replace("{s}", schema)
                    .replace("{job}", JOB_COLUMNS)
                    .into_boxed_str(),
            )
        };
        Self {
            claim_request: make(
                "insert into {s}.request_log (caller, method, request_id, fingerprint) values ($1, $2, $3, $4)
                 on conflict on constraint request_log_pkey do nothing",
            ),
            find_request: make(
                "select fingerprint, reply from {s}.request_log
                 where caller = $1 and method = $2 and request_id = $3",
            ),
            remember_reply: make(
                "update {s}.request_log set reply = $4 where caller = $1 and method = $2 and request_id = $3",
            ),
            sweep_requests: make(
                "delete from {s}.request_log where (caller, method, request_id) in (
                     select caller, method, request_id from {s}.request_log where created_at < $1
                     order by created_at limit 1000)",
            ),
            enqueue: make(
                "insert into {s}.job (id, kind, ordering_key, dedup_key, body, cause, trace_parent, blocks, run_at)
                 select j.id, j.kind, j.ordering_key, j.dedup_key, j.body, $8, $9, j.blocks, j.run_at
                 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::boolean[],
                             $7::timestamptz[]) with ordinality
                      as j (id, kind, ordering_key, dedup_key, body, blocks, run_at, n)
                 order by j.n
                 on conflict do nothing",
            ),
            // A lost claim is only retried, so it does not wait for the disk. A job whose lease ran out may have
            // killed its process: that counts as a fault.
            claim_jobs: make(
                "with quiet as materialized (select set_config('synchronous_commit', 'off', true)),
                 ready as materialized (
                     select j.id from {s}.job j, quiet
                     where j.parked_at is null and j.run_at <= $1
                       and (j.lease_until is null or j.lease_until < now())
                       and (j.ordering_key is null or not exists (
                           select 1 from {s}.job e
                           where e.ordering_key = j.ordering_key and e.seq < j.seq
                             and (e.parked_at is null or e.blocks)))
                     order by j.run_at, j.seq limit $2 for update of j skip locked)
                 update {s}.job j
                 set lease_owner = $3, lease_until = now() + $4, attempts = j.attempts + 1,
                     faults = j.faults + case when j.lease_until is null then 0 else 1 end
                 from ready where j.id = ready.id
                 returning j.id, j.seq, j.kind, j.ordering_key, j.body, j.cause, j.trace_parent, j.attempts, j.faults",
            ),
            renew_leases: make(
                "update {s}.job set lease_until = now() + $2 where lease_owner = $1 and parked_at is null",
            ),
            finish_job: make("delete from {s}.job where id = $1 and lease_owner = $2"),
            fail_job: make(
                "update {s}.job set lease_owner = null, lease_until = null, run_at = $3, last_fault = $4,
                     faults = faults + $5, parked_at = $6
                 where id = $1 and lease_owner = $2",
            ),
            release_jobs: make(
                "update {s}.job set lease_owner = null, lease_until = null where lease_owner = $1",
            ),
            depth: make(
                "select count(*) filter (where parked_at is null) as waiting,
                        count(*) filter (where parked_at is not null) as parked,
                        coalesce(extract(epoch from $1 - min(run_at) filter (where parked_at is null)), 0)::float8
                            as oldest_seconds
                 from {s}.job",
            ),
            list_jobs: make(
                "select {job} from {s}.job
                 where (not $1 or parked_at is not null) and (created_at, id) > ($2, $3)
                 order by created_at, id limit $4",
            ),
            retry_job: make(
                "update {s}.job set parked_at = null, faults = 0, run_at = $2
                 where id = $1 and parked_at is not null returning {job}",
            ),
            drop_job: make("delete from {s}.job where id = $1 and parked_at is not null returning {job}"),
            take_slot: make(
                "insert into {s}.schedule as t (kind, last_slot) values ($1, $2)
                 on conflict on constraint schedule_pkey do update set last_slot = excluded.last_slot
                 where t.last_slot < excluded.last_slot",
            ),
            channel: make("khaacho_{s}_job"),
        }
    }
}
