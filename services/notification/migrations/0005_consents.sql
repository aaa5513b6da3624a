-- Who wants no messages from us: what each said last, and everything that was said.
create table notification.consent (
    -- phone, or the line of a recipient without one
    who text collate "C" not null,
    opted_out boolean not null,
    said_at timestamptz not null,
    noted_by text not null,
    cause text not null,
    constraint consent_pkey primary key (who)
);
create index consent_opted_out_idx on notification.consent (who) where opted_out;

-- Rows are never changed.
create table notification.consent_event (
    seq bigint generated always as identity,
    who text collate "C" not null,
    opted_out boolean not null,
    said_at timestamptz not null,
    noted_by text not null,
    cause text not null,
    trace_id text not null,
    noted_at timestamptz not null,
    constraint consent_event_pkey primary key (seq)
);
create function notification.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of %.% are never changed', tg_table_schema, tg_table_name
        using errcode = 'integrity_constraint_violation';
end
$$;
create trigger consent_event_append_only before update or delete or truncate on notification.consent_event
    for each statement execute function notification.refuse_change();
