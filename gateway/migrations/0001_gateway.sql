-- API keys. Only the hash of a secret is kept: it has 256 random bits, so a plain hash cannot be reversed.
create table gateway.api_key (
    id text not null constraint api_key_pkey primary key
        constraint api_key_id_shape check (id ~ '^[0-9a-f]{12}$'),
    name text not null constraint api_key_name_length check (char_length(name) between 1 and 100),
    role text not null constraint api_key_role_known
        check (role in ('owner', 'finance', 'operations', 'support', 'auditor', 'vendor', 'retailer')),
    -- the account or vendor that the two outside roles are confined to
    scope text constraint api_key_scope_length check (char_length(scope) between 1 and 64),
    secret_sha256 bytea not null constraint api_key_hash_length check (octet_length(secret_sha256) = 32),
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint api_key_scope_fits_role check ((role in ('vendor', 'retailer')) = (scope is not null))
);

create index api_key_newest on gateway.api_key (created_at desc, id desc);

-- Verified webhook events that nobody acts upon: kept for a month, so that a new kind can be looked at.
create table gateway.ignored_event (
    -- hash of provider, kind and payload: a repeated delivery is one row
    id text not null constraint ignored_event_pkey primary key,
    provider text not null,
    kind text not null,
    payload jsonb not null,
    received_at timestamptz not null,
    cause text not null,
    trace_id text not null
);

create index ignored_event_oldest on gateway.ignored_event (received_at);
