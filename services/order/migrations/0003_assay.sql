-- What this service shows of itself to readers outside: its part of the contract in docs/assay.md. Whoever migrates
-- first makes the schema.
do $$
begin
    if to_regnamespace('assay_v1') is null then
        create schema assay_v1;
    end if;
end
$$;

create view assay_v1.inbound as
select
    case provider when 1 then 'twilio' when 2 then 'meta' when 3 then 'simulator' else provider::text end as provider,
    account,
    provider_message_id as mid,
    encode(sha256(convert_to(payload::text, 'UTF8')), 'hex') as sha,
    phone,
    kind,
    outcome,
    outcome_ref,
    received_at,
    handled_at,
    'inb_' || replace(id::text, '-', '') as inbound_id
from orders.inbound_message;

create view assay_v1.orders as
select
    'ord_' || replace(id::text, '-', '') as order_id,
    number,
    account_id as retailer,
    vendor_id as vendor,
    'quo_' || replace(quote_id::text, '-', '') as quote_id,
    cause,
    subtotal_paisa,
    vat_paisa,
    total_paisa,
    vendor_paisa,
    status as state,
    version,
    reservation_attempt,
    invoice_number,
    placed_at,
    updated_at,
    delivered_at,
    due_at,
    reason,
    needs_operator
from orders.purchase_order;

create view assay_v1.order_line as
select
    'ord_' || replace(order_id::text, '-', '') as order_id,
    n,
    sku,
    quantity_milli,
    unit_price_paisa,
    amount_paisa,
    vat_bp
from orders.order_line;

create view assay_v1.order_status as
select
    'ord_' || replace(order_id::text, '-', '') as order_id,
    n,
    from_status as from_state,
    to_status as to_state,
    actor,
    note,
    cause,
    at
from orders.order_event;

create view assay_v1.assignment as
select
    'ord_' || replace(order_id::text, '-', '') as order_id,
    attempt,
    vendor_id as vendor,
    reservation_attempt,
    method,
    answer,
    decided_at,
    vendor_paisa,
    deadline_at,
    answered_at
from orders.assignment;

create view assay_v1.idem_order as
select
    'order' as service,
    caller,
    method,
    request_id,
    encode(sha256(fingerprint), 'hex') as fp,
    encode(sha256(convert_to(reply::text, 'UTF8')), 'hex') as reply_sha,
    created_at
from orders.request_log;

create view assay_v1.job_order as
select
    'order' as service,
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
from orders.job;
