-- What this service shows of itself to readers outside: its part of the contract in docs/assay.md. Whoever migrates
-- first makes the schema.
do $$
begin
    if to_regnamespace('assay_v1') is null then
        create schema assay_v1;
    end if;
end
$$;

create view assay_v1.account as
select
    'acc_' || replace(id::text, '-', '') as retailer,
    code,
    limit_paisa,
    owed_paisa,
    held_paisa,
    state,
    version
from credit.account;

create view assay_v1.account_event as
select
    'acc_' || replace(account_id::text, '-', '') as retailer,
    seq,
    kind,
    d_owed_paisa as d_posted,
    d_held_paisa as d_held,
    limit_after_paisa as limit_after,
    'hld_' || replace(hold_id::text, '-', '') as hold_id,
    'ent_' || replace(entry_id::text, '-', '') as entry_id,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    'pay_' || replace(payment_id::text, '-', '') as payment_id,
    at,
    cause_id as cause
from credit.account_event;

create view assay_v1.hold as
select
    'hld_' || replace(id::text, '-', '') as hold_id,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    'acc_' || replace(account_id::text, '-', '') as retailer,
    amount_paisa,
    state,
    reason,
    placed_at,
    settled_at,
    cause_id as cause
from credit.hold;

create view assay_v1.entry as
select
    'ent_' || replace(id::text, '-', '') as entry_id,
    kind,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    'acc_' || replace(account_id::text, '-', '') as retailer,
    'pay_' || replace(payment_id::text, '-', '') as payment_id,
    recorded_at,
    effective_at,
    cause_id as cause
from credit.entry;

create view assay_v1.line as
select
    'ent_' || replace(entry_id::text, '-', '') as entry_id,
    n::integer as n,
    ledger_account as account,
    amount_paisa
from credit.entry_line;

create view assay_v1.invoice as
select
    'inv_' || replace(id::text, '-', '') as invoice_id,
    number,
    'acc_' || replace(account_id::text, '-', '') as retailer,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    'ent_' || replace(entry_id::text, '-', '') as entry_id,
    amount_paisa,
    vat_paisa,
    open_paisa,
    vendor_paisa,
    due_at,
    'ven_' || replace(vendor_id::text, '-', '') as vendor,
    delivered_at,
    issued_at
from credit.invoice;

create view assay_v1.payment as
select
    'pay_' || replace(id::text, '-', '') as payment_id,
    'acc_' || replace(account_id::text, '-', '') as retailer,
    amount_paisa,
    unallocated_paisa,
    method,
    reference,
    'ent_' || replace(entry_id::text, '-', '') as entry_id,
    received_at,
    recorded_at
from credit.payment;

create view assay_v1.allocation as
select
    'pay_' || replace(payment_id::text, '-', '') as payment_id,
    'inv_' || replace(invoice_id::text, '-', '') as invoice_id,
    amount_paisa,
    at
from credit.allocation;

create view assay_v1.idem_credit as
select
    'credit' as service,
    caller,
    method,
    request_id,
    encode(sha256(fingerprint), 'hex') as fp,
    encode(sha256(convert_to(reply::text, 'UTF8')), 'hex') as reply_sha,
    created_at
from credit.request_log;

create view assay_v1.job_credit as
select
    'credit' as service,
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
from credit.job;
