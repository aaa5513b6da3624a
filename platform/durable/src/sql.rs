//! Statements over the tables of one schema, made once.

/// The statements of one schema. They live as long as the process; a process has a handful of schemas.
#[derive(Debug)]
pub(crate) struct Sql {
    pub claim_request: &'static str,
    pub claim_requests: &'static str,
    pub forget_requests: &'static str,
    pub find_request: &'static str,
    pub remember_reply: &'static str,
    pub remember_refusal: &'static str,
    pub sweep_requests: &'static str,
    pub enqueue: &'static str,
    pub enqueue_and_remember: &'static str,
    pub claim_jobs: &'static str,
    pub renew_leases: &'static str,
    pub finish_job: &'static str,
    pub finish_jobs: &'static str,
    pub postpone_jobs: &'static str,
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

/// Writes new jobs. Those that go straight to a runner are leased to it from the first moment, for `$10`. A `once` job
/// that is there already is locked and not changed (that is what `where false` does): whoever is about to end it waits
/// for us, and then sees what we wrote.
const ENQUEUE: &str = "\
insert into {s}.job as t (id, kind, ordering_key, dedup_key, body, cause, trace_parent, blocks, run_at,
    lease_owner, lease_until, attempts)
select j.id, j.kind, j.ordering_key, j.dedup_key, j.body, j.cause, j.trace, j.blocks, j.run_at,
    j.owner, case when j.owner is not null then clock_timestamp() + $10 end, case when j.owner is null then 0 else 1 end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::boolean[],
            $7::timestamptz[], $8::text[], $9::text[], $11::uuid[]) with ordinality
     as j (id, kind, ordering_key, dedup_key, body, blocks, run_at, cause, trace, owner, n)
order by j.n
on conflict (dedup_key) where dedup_key is not null do update set attempts = t.attempts where false";

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
            claim_requests: make(
                "insert into {s}.request_log (caller, method, request_id, fingerprint)
                 select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[])
                 on conflict on constraint request_log_pkey do nothing
                 returning caller, method, request_id",
            ),
            forget_requests: make(
                "delete from {s}.request_log r using unnest($1::text[], $2::text[], $3::text[]) as k (c, m, i)
                 where r.caller = k.c and r.method = k.m and r.request_id = k.i",
            ),
            find_request: make(
                "select fingerprint, reply from {s}.request_log
                 where caller = $1 and method = $2 and request_id = $3",
            ),
            remember_reply: make(
                "update {s}.request_log r set reply = k.reply
                 from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) as k (c, m, i, reply)
                 where r.caller = k.c and r.method = k.m and r.request_id = k.i",
            ),
            // Nothing else is written with it, so it claims and answers at once.
            remember_refusal: make(
                "insert into {s}.request_log (caller, method, request_id, fingerprint, reply)
                 values ($1, $2, $3, $4, $5) on conflict on constraint request_log_pkey do nothing",
            ),
            sweep_requests: make(
                "delete from {s}.request_log where (caller, method, request_id) in (
                     select caller, method, request_id from {s}.request_log where created_at < $1
                     order by created_at limit 1000)",
            ),
            enqueue: make(ENQUEUE),
            enqueue_and_remember: make(&format!(
                "with remembered as (
                     update {{s}}.request_log r set reply = k.reply
                     from unnest($12::text[], $13::text[], $14::text[], $15::jsonb[]) as k (c, m, i, reply)
                     where r.caller = k.c and r.method = k.m and r.request_id = k.i)
                 {ENQUEUE}"
            )),
            // A lost claim is only retried, so it does not wait for the disk. A job whose lease ran out may have
            // killed its process: that counts as a fault. `$5` are attempts of ours that are still going on, although
            // their lease may have run out while the database was away. Of a key only its first job may run, and not
            // while a later one does that was first when it was claimed (sequence numbers are not given in the order
            // of commits, and operators retry parked jobs). `order by … limit` and the array keep the planner on the
            // indexes whatever its statistics say; queues change faster than those.
            claim_jobs: make(
                "with quiet as materialized (select set_config('synchronous_commit', 'off', true)),
                 ready as materialized (
                     select j.id from {s}.job j cross join quiet
                     left join lateral (
                         select e.seq from {s}.job e
                         where e.ordering_key = j.ordering_key and (e.parked_at is null or e.blocks)
                         order by e.seq limit 1) first on true
                     where j.parked_at is null and j.run_at <= $1
                       and (j.lease_until is null or j.lease_until < now())
                       and j.id <> all($5)
                       and (j.ordering_key is null or case when j.seq > first.seq then false
                           else not exists (
                               select 1 from (
                                   select l.lease_until from {s}.job l
                                   where l.ordering_key = j.ordering_key and l.seq > j.seq
                                     and (l.parked_at is null or l.blocks)
                                   order by l.seq limit 100) later
                               where later.lease_until >= now())
                           end)
                     order by j.run_at, j.seq limit $2 for update of j skip locked)
                 update {s}.job j
                 set lease_owner = $3, lease_until = now() + $4, attempts = j.attempts + 1,
                     faults = j.faults + case when j.lease_until is null then 0 else 1 end
                 where j.id = any(array(select ready.id from ready))
                 returning j.id, j.seq, j.kind, j.ordering_key, j.body, j.cause, j.trace_parent, j.attempts, j.faults",
            ),
            // A row that is locked is being finished, or somebody counts on its end and is about to commit; waiting for
            // it would cost the others their leases, and the next renewal comes long before this lease is over.
            renew_leases: make(
                "update {s}.job set lease_until = now() + $3 where id = any(array(
                     select id from {s}.job where id = any($1) and lease_owner = $2
                     for no key update skip locked))",
            ),
            finish_job: make("delete from {s}.job where id = $1 and lease_owner = $2"),
            // Locked in the order in which those are that enqueue `once` jobs.
            finish_jobs: make(
                "with held as materialized (
                     select j.id from unnest($1::uuid[], $2::uuid[]) as k (id, owner)
                     join {s}.job j on j.id = k.id and j.lease_owner = k.owner
                     order by j.dedup_key collate \"C\" nulls first, j.id for update of j)
                 delete from {s}.job j using held where j.id = held.id returning j.id",
            ),
            // As if they were new: what went before was no failure. Locked like those that end.
            postpone_jobs: make(
                "with held as materialized (
                     select j.id, k.run_at from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as k (id, owner, run_at)
                     join {s}.job j on j.id = k.id and j.lease_owner = k.owner
                     order by j.dedup_key collate \"C\" nulls first, j.id for update of j)
                 update {s}.job j
                 set lease_owner = null, lease_until = null, run_at = held.run_at, attempts = 0, faults = 0,
                     last_fault = null
                 from held where j.id = held.id returning j.id",
            ),
            // A parked job does not wait any more, so it does not keep the next one of its `once` key away.
            fail_job: make(
                "update {s}.job set lease_owner = null, lease_until = null, run_at = $3, last_fault = $4,
                     faults = faults + $5, parked_at = $6,
                     dedup_key = case when $6 is null then dedup_key end
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
