-- What this service shows of itself to readers outside: its part of the contract in docs/assay.md. Whoever migrates
-- first makes the schema.
do $$
begin
    if to_regnamespace('assay_v1') is null then
        create schema assay_v1;
    end if;
end
$$;

create view assay_v1.notice as
select
    'ntf_' || replace(id::text, '-', '') as notice_id,
    dedup_key,
    part,
    parts,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    template,
    encode(sha256(convert_to(coalesce(nullif(phone, ''), nullif(user_id, ''), address), 'UTF8')), 'hex') as to_hash,
    state,
    attempts,
    provider,
    provider_message_id as provider_ref,
    error_code,
    cause,
    created_at,
    updated_at,
    deadline_at
from notification.notification;

create view assay_v1.attempt as
select
    'ntf_' || replace(notification_id::text, '-', '') as notice_id,
    number as n,
    provider,
    result,
    code,
    provider_message_id as provider_ref,
    started_at,
    ended_at
from notification.attempt;

create view assay_v1.idem_notification as
select
    'notification' as service,
    caller,
    method,
    request_id,
    encode(sha256(fingerprint), 'hex') as fp,
    encode(sha256(convert_to(reply::text, 'UTF8')), 'hex') as reply_sha,
    created_at
from notification.request_log;

create view assay_v1.job_notification as
select
    'notification' as service,
    'job_' || replace(id::text, '-', '') as job_id,
    kind,
    ordering_key,
    attempts,
    faults,
    parked_at is not null as parked,
    lease_owner is not null as leased,
    run_at,
    lease_until,
    last_fault,
    cause,
    created_at
from notification.job;
