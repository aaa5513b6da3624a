-- What people call products beside the catalogue's own aliases. An empty account stands for all shops.
create table inventory.alias (
    -- derived from account, key and product
    alias_id uuid not null,
    account_id text collate "C" not null,
    -- its words in one spelling: what phrases are compared by
    key text collate "C" not null,
    phrase text not null,
    sku text collate "C" not null,
    source text not null,
    confirmations integer not null,
    active boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint alias_pkey primary key (alias_id),
    constraint alias_sku_fkey foreign key (sku) references inventory.product (sku),
    constraint alias_source_check check (source in ('answer', 'promotion', 'operator')),
    constraint alias_confirmations_check check (confirmations >= 1),
    constraint alias_key_check check (key <> '')
);
-- A phrase means one product for one shop.
create unique index alias_account_id_key_idx on inventory.alias (account_id, key) where active;
create index alias_key_idx on inventory.alias (key) where active;
-- What operators have set for all shops belongs to the catalogue.
create index alias_sku_idx on inventory.alias (sku) where active and account_id = '' and source = 'operator';

-- Everything that happened to an alias; rows are never changed.
create table inventory.alias_event (
    alias_id uuid not null,
    n integer not null,
    kind text not null,
    actor text not null,
    reason text not null,
    cause text collate "C" not null,
    trace_id text not null,
    at timestamptz not null,
    constraint alias_event_pkey primary key (alias_id, n),
    constraint alias_event_alias_id_fkey foreign key (alias_id) references inventory.alias (alias_id),
    constraint alias_event_kind_check check (kind in
        ('learned', 'confirmed', 'promoted', 'set', 'replaced', 'forgotten', 'revoked'))
);
create trigger alias_event_append_only before update or delete or truncate on inventory.alias_event
    for each statement execute function inventory.refuse_change();

-- Phrases that nobody could match, each message's once.
create table inventory.unmatched_phrase (
    cause text collate "C" not null,
    key text collate "C" not null,
    phrase text not null,
    account_id text collate "C" not null,
    -- without VAT, an estimate
    lost_paisa bigint not null,
    at timestamptz not null,
    constraint unmatched_phrase_pkey primary key (cause, key),
    constraint unmatched_phrase_lost_check check (lost_paisa >= 0)
);
create index unmatched_phrase_at_idx on inventory.unmatched_phrase (at);
