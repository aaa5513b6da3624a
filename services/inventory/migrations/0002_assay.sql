-- What this service shows of itself to readers outside: its part of the contract in docs/assay.md. Whoever migrates
-- first makes the schema.
do $$
begin
    if to_regnamespace('assay_v1') is null then
        create schema assay_v1;
    end if;
end
$$;

create view assay_v1.stock as
select
    'ven_' || replace(vendor_id::text, '-', '') as vendor,
    sku,
    on_hand_milli,
    reserved_milli,
    seq
from inventory.stock;

create view assay_v1.stock_event as
select
    'ven_' || replace(vendor_id::text, '-', '') as vendor,
    sku,
    seq,
    kind,
    on_hand_delta_milli as d_on_hand_milli,
    reserved_delta_milli as d_reserved_milli,
    'rsv_' || replace(reservation_id::text, '-', '') as res_id,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    reason,
    at,
    actor,
    cause
from inventory.stock_move;

create view assay_v1.reservation as
select
    'rsv_' || replace(reservation_id::text, '-', '') as res_id,
    'ord_' || replace(order_id::text, '-', '') as order_id,
    attempt,
    'ven_' || replace(vendor_id::text, '-', '') as vendor,
    state,
    closed_reason,
    created_at,
    closed_at,
    cause
from inventory.reservation;

create view assay_v1.reservation_line as
select
    'rsv_' || replace(reservation_id::text, '-', '') as res_id,
    sku,
    quantity_milli
from inventory.reservation_line;

create view assay_v1.idem_inventory as
select
    'inventory' as service,
    caller,
    method,
    request_id,
    encode(sha256(fingerprint), 'hex') as fp,
    encode(sha256(convert_to(reply::text, 'UTF8')), 'hex') as reply_sha,
    created_at
from inventory.request_log;

create view assay_v1.job_inventory as
select
    'inventory' as service,
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
from inventory.job;
