-- Whether the vendor's language was set by somebody. Until now a vendor without one was stored as English, so English of
-- before counts as none, and any other language as set (null). While none is set `language` is English.
alter table inventory.vendor add column language_given boolean;

-- What was changed of a vendor since it was registered; rows are never changed.
create table inventory.vendor_event (
    vendor_id uuid not null,
    n integer not null,
    kind text not null,
    actor text not null,
    -- empty for none
    before text not null,
    after text not null,
    cause text collate "C" not null,
    trace_id text not null,
    at timestamptz not null,
    constraint vendor_event_pkey primary key (vendor_id, n),
    constraint vendor_event_vendor_id_fkey foreign key (vendor_id) references inventory.vendor (vendor_id),
    constraint vendor_event_kind_check check (kind in ('language_set'))
);
create trigger vendor_event_append_only before update or delete or truncate on inventory.vendor_event
    for each statement execute function inventory.refuse_change();
