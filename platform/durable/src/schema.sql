create table {schema}.request_log (
    caller text not null,
    method text not null,
    request_id text not null,
    fingerprint bytea not null,
    reply jsonb,
    created_at timestamptz not null default now(),
    constraint request_log_pkey primary key (caller, method, request_id)
);
create index request_log_created_at_idx on {schema}.request_log (created_at);

create table {schema}.job (
    id uuid not null,
    seq bigint generated always as identity,
    kind text not null,
    ordering_key text,
    dedup_key text,
    body jsonb not null,
    cause text not null,
    trace_parent text not null,
    blocks boolean not null default false,
    run_at timestamptz not null,
    attempts integer not null default 0,
    faults integer not null default 0,
    lease_owner uuid,
    lease_until timestamptz,
    last_fault text,
    created_at timestamptz not null default now(),
    parked_at timestamptz,
    constraint job_pkey primary key (id)
);
-- The claim reads waiting jobs by time, and asks for each which one of its key is first. Parked jobs that let others
-- pass are not in that index: thousands of them would have to be stepped over at each question.
create index job_run_at_idx on {schema}.job (run_at, seq) where parked_at is null;
create index job_ordering_key_idx on {schema}.job (ordering_key, seq)
    where ordering_key is not null and (parked_at is null or blocks);
create index job_parked_at_idx on {schema}.job (parked_at) where parked_at is not null;
create unique index job_dedup_key_key on {schema}.job (dedup_key) where dedup_key is not null;

create table {schema}.schedule (
    kind text not null,
    last_slot timestamptz not null,
    constraint schedule_pkey primary key (kind)
);
