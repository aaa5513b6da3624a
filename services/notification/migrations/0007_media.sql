-- Media of messages that came in: what was fetched, and what was not with the reason.
create table notification.media (
    id uuid not null,
    provider text not null,
    inbound_id uuid not null,
    state text not null,
    reason text,
    -- what it is by its own first bytes
    mime text,
    size integer,
    sha256 bytea,
    content bytea,
    -- what a machine heard
    transcript text,
    cause text not null,
    trace_id text not null,
    fetched_at timestamptz not null,
    constraint media_pkey primary key (id),
    constraint media_provider_check check (provider in ('twilio', 'meta', 'simulator')),
    constraint media_state_check check (
        (state = 'STORED' and reason is null and mime is not null and octet_length(sha256) = 32
            and size = octet_length(content) and size <= 5242880)
        or (state = 'REFUSED' and reason is not null and content is null)),
    constraint media_transcript_check check (char_length(transcript) <= 4096)
);
create index media_inbound_id_idx on notification.media (inbound_id);
-- Pictures and voices are compressed already: a second try costs time and saves nothing.
alter table notification.media alter column content set storage external;
