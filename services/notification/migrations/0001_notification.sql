-- Messages to people: what was asked for, every try to send it, everything the providers said about it.
--
-- A message of several parts is several rows. A row waits while its state is QUEUED or SENDING and no
-- provider is known to have it; the waiting rows of one recipient are handled one after another, by `seq`.

create table notification.notification (
    id uuid not null,
    seq bigint generated always as identity,
    dedup_key text collate "C" not null,
    part integer not null,
    parts integer not null,
    provider text not null,
    account text not null,
    -- `to:<provider>:<phone, user id or address>`: who waits behind whom
    recipient text collate "C" not null,
    address text not null,
    phone text,
    user_id text,
    template text not null,
    language text not null,
    data jsonb not null,
    body jsonb not null,
    order_id uuid,
    -- what happens at the deadline: ESCALATED or FAILED
    escalates boolean not null,
    -- the provider said that the recipient did not write in the last 24 hours: only an approved template may
    -- go
    window_closed boolean not null default false,
    state text not null,
    attempts integer not null default 0,
    -- looks for a message whose answer was lost, since the last try
    looks integer not null default 0,
    next_try_at timestamptz,
    provider_message_id text,
    error_code text,
    error_text text,
    deadline_at timestamptz not null,
    -- when it was stored, or sent again by a person
    queued_at timestamptz not null,
    resent_by text,
    cause text not null,
    trace_id text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint notification_pkey primary key (id),
    constraint notification_dedup_key_part_key unique (dedup_key, part),
    constraint notification_provider_check check (provider in ('twilio', 'meta', 'simulator')),
    constraint notification_part_check check (part between 1 and parts),
    constraint notification_state_check check (
        state in ('QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'READ', 'FAILED', 'ESCALATED')),
    constraint notification_error_check check (error_code is null or error_text is not null)
) with (fillfactor = 80);
create index notification_waiting_idx on notification.notification (recipient, seq)
    where state in ('QUEUED', 'SENDING') and provider_message_id is null;
create index notification_deadline_at_idx on notification.notification (deadline_at)
    where state in ('QUEUED', 'SENDING', 'SENT');
create index notification_seq_idx on notification.notification (seq);
create index notification_troubled_idx on notification.notification (state, seq) where state in ('FAILED',
    'ESCALATED');
create index notification_order_id_idx on notification.notification (order_id,
    seq) where order_id is not null;

create table notification.attempt (
    notification_id uuid not null,
    number integer not null,
    provider text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    -- empty until the outcome is stored
    result text not null default '',
    code text,
    text text,
    provider_message_id text collate "C",
    constraint attempt_pkey primary key (notification_id, number),
    constraint attempt_notification_id_fkey foreign key (notification_id) references
        notification.notification (id),
    constraint attempt_result_check check (result in ('', 'accepted', 'permanent', 'retry', 'rate_limited',
        'pair_limited', 'sender_stopped', 'window', 'ambiguous'))
);
-- A status callback finds its message by this. Not unique: it is the provider that chooses these ids.
create index attempt_provider_message_id_idx on notification.attempt (provider_message_id, provider)
    where provider_message_id is not null;

-- Everything that providers reported, also what changed nothing and what came before we knew the message's
-- id.
create table notification.status_event (
    provider text not null,
    provider_message_id text collate "C" not null,
    status text not null,
    error_code text not null,
    raw_status text not null,
    error_text text,
    account text not null,
    notification_id uuid,
    reported_at timestamptz,
    received_at timestamptz not null,
    trace_id text not null,
    constraint status_event_pkey primary key (provider, provider_message_id, status, error_code),
    constraint status_event_notification_id_fkey foreign key (notification_id)
        references notification.notification (id)
);
create index status_event_notification_id_idx on notification.status_event (notification_id)
    where notification_id is not null;
create index status_event_unmatched_idx on notification.status_event (received_at) where notification_id is
    null;

-- What the built-in provider's phones show. Ids are made from ours, so a repeated send is the same row.
create table notification.simulated_message (
    id text collate "C" not null,
    seq bigint generated always as identity,
    notification_id uuid not null,
    phone text collate "C" not null,
    text text not null,
    buttons jsonb not null,
    at timestamptz not null,
    -- the server's own time: tells a reader whether an earlier number may still be on its way
    stored_at timestamptz not null default clock_timestamp(),
    constraint simulated_message_pkey primary key (id),
    constraint simulated_message_notification_id_fkey foreign key (notification_id)
        references notification.notification (id)
);
create index simulated_message_seq_idx on notification.simulated_message (seq);
create index simulated_message_phone_idx on notification.simulated_message (phone, seq);
