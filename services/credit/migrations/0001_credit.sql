-- Accounts of shops, holds for their orders, and the journal that says what they owe.
--
-- Money is bigint paisa. `owed_paisa` and `held_paisa` are kept beside the journal because a limit has to be one
-- conditional update; `credit.account_event` explains every change of them, one row a version, and the drift check
-- compares them with the journal every minute.

create sequence credit.account_code;
create sequence credit.invoice_number;

create table credit.account (
    id uuid not null,
    code text collate "C" not null,
    shop_name text not null,
    owner_name text not null,
    language text not null,
    municipality text not null,
    ward integer not null,
    latitude double precision not null,
    longitude double precision not null,
    terms_days integer not null,
    limit_paisa bigint not null,
    owed_paisa bigint not null default 0,
    held_paisa bigint not null default 0,
    state text not null default 'ACTIVE',
    block_reason text not null default '',
    version bigint not null default 1,
    opened_at timestamptz not null,
    constraint account_pkey primary key (id),
    constraint account_code_key unique (code),
    constraint account_code_check check (code ~ '^[A-Z0-9-]{1,32}$'),
    constraint account_language_check check (language in ('en', 'ne', 'ne-Latn', 'hi')),
    constraint account_terms_days_check check (terms_days between 0 and 180),
    constraint account_limit_paisa_check check (limit_paisa between 0 and 1000000000000),
    constraint account_owed_paisa_check check (owed_paisa between -1000000000000000 and 1000000000000000),
    constraint account_held_paisa_check check (held_paisa between 0 and 1000000000000000),
    constraint account_state_check check (state in ('ACTIVE', 'BLOCKED')),
    constraint account_block_reason_check check ((state = 'BLOCKED') = (block_reason <> '')),
    constraint account_version_check check (version >= 1)
) with (fillfactor = 70);

-- Position 1 is written to.
create table credit.account_phone (
    phone text not null,
    account_id uuid not null,
    position smallint not null,
    constraint account_phone_pkey primary key (phone),
    constraint account_phone_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint account_phone_account_id_position_key unique (account_id, position)
);

-- Business-scoped ids of people whose phone we learnt in the same message.
create table credit.account_identity (
    user_id text not null,
    account_id uuid not null,
    linked_at timestamptz not null,
    constraint account_identity_pkey primary key (user_id),
    constraint account_identity_account_id_fkey foreign key (account_id) references credit.account (id)
);
create index account_identity_account_id_idx on credit.account_identity (account_id);

-- One hold an order. A hold that was released before it was placed has the amount 0.
create table credit.hold (
    id uuid not null,
    order_id uuid not null,
    account_id uuid not null,
    amount_paisa bigint not null,
    state text not null,
    reason text not null default '',
    placed_at timestamptz not null,
    settled_at timestamptz,
    cause_id text not null,
    trace_id text not null,
    constraint hold_pkey primary key (id),
    constraint hold_order_id_key unique (order_id),
    constraint hold_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint hold_state_check check (state in ('PENDING', 'POSTED', 'RELEASED')),
    constraint hold_amount_paisa_check check (amount_paisa > 0 or (amount_paisa = 0 and state = 'RELEASED')),
    constraint hold_settled_at_check check ((state = 'PENDING') = (settled_at is null))
) with (fillfactor = 80);
create index hold_pending_idx on credit.hold (account_id) include (amount_paisa) where state = 'PENDING';

-- The journal. `account_id` is the shop whose receivable it moves.
create table credit.entry (
    id uuid not null,
    kind text not null,
    account_id uuid not null,
    order_id uuid,
    payment_id uuid,
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    cause_id text not null,
    trace_id text not null,
    constraint entry_pkey primary key (id),
    constraint entry_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint entry_kind_check check (kind in ('delivery', 'payment', 'opening_balance'))
);
create index entry_account_id_recorded_at_idx on credit.entry (account_id, recorded_at desc, id desc);
create unique index entry_delivery_order_id_key on credit.entry (order_id) where kind = 'delivery';

create table credit.entry_line (
    entry_id uuid not null,
    n smallint not null,
    ledger_account text not null,
    amount_paisa bigint not null,
    constraint entry_line_pkey primary key (entry_id, n),
    constraint entry_line_entry_id_fkey foreign key (entry_id) references credit.entry (id),
    constraint entry_line_amount_paisa_check
        check (amount_paisa <> 0 and amount_paisa between -1000000000000000 and 1000000000000000)
);

-- Every change of an account: `seq` is the account's version after it, so it has no gaps.
create table credit.account_event (
    account_id uuid not null,
    seq bigint not null,
    kind text not null,
    d_owed_paisa bigint not null,
    d_held_paisa bigint not null,
    limit_after_paisa bigint not null,
    hold_id uuid,
    entry_id uuid,
    order_id uuid,
    payment_id uuid,
    cause_id text not null,
    trace_id text not null,
    at timestamptz not null,
    constraint account_event_pkey primary key (account_id, seq),
    constraint account_event_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint account_event_kind_check check (kind in ('opened', 'limit_set', 'blocked', 'unblocked', 'hold_placed',
        'hold_posted', 'hold_released', 'payment'))
);
create index account_event_order_id_idx on credit.account_event (order_id) where order_id is not null;

-- Only `open_paisa` ever changes.
create table credit.invoice (
    id uuid not null,
    number text not null,
    fiscal_year text not null,
    account_id uuid not null,
    order_id uuid not null,
    order_number text not null,
    entry_id uuid not null,
    amount_paisa bigint not null,
    vat_paisa bigint not null,
    vendor_id uuid not null,
    vendor_paisa bigint not null,
    open_paisa bigint not null,
    delivered_at timestamptz not null,
    issued_at timestamptz not null,
    due_at timestamptz not null,
    cause_id text not null,
    trace_id text not null,
    constraint invoice_pkey primary key (id),
    constraint invoice_number_key unique (number),
    constraint invoice_order_id_key unique (order_id),
    constraint invoice_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint invoice_entry_id_fkey foreign key (entry_id) references credit.entry (id),
    constraint invoice_amount_paisa_check check (amount_paisa > 0),
    constraint invoice_vat_paisa_check check (vat_paisa between 0 and amount_paisa),
    constraint invoice_open_paisa_check check (open_paisa between 0 and amount_paisa)
) with (fillfactor = 80);
create index invoice_open_idx on credit.invoice (account_id, due_at, number) where open_paisa > 0;

-- Only `unallocated_paisa` ever changes.
create table credit.payment (
    id uuid not null,
    account_id uuid not null,
    amount_paisa bigint not null,
    unallocated_paisa bigint not null,
    method text not null,
    reference text not null,
    received_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by text not null,
    entry_id uuid not null,
    cause_id text not null,
    trace_id text not null,
    constraint payment_pkey primary key (id),
    constraint payment_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint payment_entry_id_fkey foreign key (entry_id) references credit.entry (id),
    constraint payment_amount_paisa_check check (amount_paisa > 0),
    constraint payment_unallocated_paisa_check check (unallocated_paisa between 0 and amount_paisa),
    constraint payment_method_check check (method in ('CASH', 'BANK_TRANSFER', 'MOBILE_MONEY', 'CHEQUE')),
    constraint payment_reference_check check (method = 'CASH' or reference <> '')
) with (fillfactor = 80);
create unique index payment_reference_key on credit.payment (method, reference) where reference <> '';
create index payment_unallocated_idx on credit.payment (account_id, received_at, id) where unallocated_paisa > 0;
create index payment_account_id_received_at_idx on credit.payment (account_id, received_at desc, id desc);
create index payment_received_at_idx on credit.payment (received_at desc, id desc);

-- Which payment paid which invoice, and how much of it.
create table credit.allocation (
    payment_id uuid not null,
    invoice_id uuid not null,
    amount_paisa bigint not null,
    at timestamptz not null,
    constraint allocation_pkey primary key (payment_id, invoice_id),
    constraint allocation_payment_id_fkey foreign key (payment_id) references credit.payment (id),
    constraint allocation_invoice_id_fkey foreign key (invoice_id) references credit.invoice (id),
    constraint allocation_amount_paisa_check check (amount_paisa > 0)
);
create index allocation_invoice_id_idx on credit.allocation (invoice_id);

-- Who changed what about an account, and why.
create table credit.account_change (
    n bigint generated always as identity,
    account_id uuid not null,
    kind text not null,
    actor text not null,
    reason text not null,
    before jsonb not null,
    after jsonb not null,
    cause_id text not null,
    trace_id text not null,
    at timestamptz not null,
    constraint account_change_pkey primary key (n),
    constraint account_change_account_id_fkey foreign key (account_id) references credit.account (id),
    constraint account_change_kind_check
        check (kind in ('opened', 'limit_set', 'blocked', 'unblocked', 'identity_linked'))
);
create index account_change_account_id_at_idx on credit.account_change (account_id, at desc);
