-- Pictures, voices and documents, places and contacts that came with a message, as the provider named them.
alter table orders.inbound_message add column attached jsonb;

-- What became of each medium; a row is never changed. None yet: it is being fetched.
create table orders.inbound_media (
    inbound_id uuid not null,
    position smallint not null,
    -- the notification service's id of it; none where it was never asked for
    media_id text,
    state text not null,
    reason text,
    cause text not null,
    trace_id text not null,
    settled_at timestamptz not null,
    constraint inbound_media_pkey primary key (inbound_id, position),
    constraint inbound_media_inbound_id_fkey foreign key (inbound_id) references orders.inbound_message (id),
    constraint inbound_media_position_check check (position between 0 and 9),
    constraint inbound_media_state_check check (
        (state = 'STORED' and reason is null and media_id is not null) or (state = 'REFUSED' and reason is not null))
);
