-- Messages as they came in. The unique key is what makes a repeated webhook harmless.
create table orders.inbound_message (
    id uuid not null,
    provider smallint not null,
    account text not null,
    provider_message_id text not null,
    address text not null,
    phone text not null,
    user_id text not null,
    profile_name text not null,
    kind text not null,
    body text not null,
    reply_id text not null,
    context_id text not null,
    payload jsonb not null,
    sent_at timestamptz,
    received_at timestamptz not null,
    trace_id text not null,
    outcome text,
    outcome_ref text,
    handled_at timestamptz,
    constraint inbound_message_pkey primary key (id),
    constraint inbound_message_provider_account_message_key unique (provider, account, provider_message_id)
);
create index inbound_message_received_at_idx on orders.inbound_message (received_at, id);
create index inbound_message_outcome_ref_idx on orders.inbound_message (outcome_ref) where outcome_ref is not null;

-- What we remember of a sender between messages; `version` is compared and set.
create table orders.conversation (
    id uuid not null,
    provider smallint not null,
    account text not null,
    address text not null,
    party_kind text not null,
    party_id text not null,
    state jsonb not null,
    version bigint not null,
    window_until timestamptz not null,
    updated_at timestamptz not null,
    constraint conversation_pkey primary key (id)
);

-- Prices that are bound until they expire.
create table orders.quote (
    id uuid not null,
    account_id text not null,
    body jsonb not null,
    total_paisa bigint not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null,
    cause text not null,
    trace_id text not null,
    constraint quote_pkey primary key (id),
    constraint quote_total_check check (total_paisa >= 0)
);

create sequence orders.order_number_seq;

create table orders.purchase_order (
    id uuid not null,
    number text not null,
    status text not null,
    version bigint not null,
    account_id text not null,
    buyer jsonb not null,
    quote_id uuid not null,
    vendor_id text,
    vendor jsonb,
    reservation_attempt integer,
    offers integer not null default 0,
    subtotal_paisa bigint not null,
    vat_paisa bigint not null,
    total_paisa bigint not null,
    vendor_paisa bigint,
    placed_at timestamptz not null,
    updated_at timestamptz not null,
    delivered_at timestamptz,
    entry_id text,
    invoice_number text,
    due_at timestamptz,
    vendor_deadline_at timestamptz,
    reason text,
    reason_text text,
    needs_operator boolean not null default false,
    cause text not null,
    trace_id text not null,
    constraint purchase_order_pkey primary key (id),
    constraint purchase_order_number_key unique (number),
    constraint purchase_order_quote_id_key unique (quote_id),
    constraint purchase_order_total_check check (total_paisa = subtotal_paisa + vat_paisa and total_paisa > 0),
    constraint purchase_order_status_check check (status in (
        'PLACED', 'PENDING', 'ROUTED', 'SENT_TO_VENDOR', 'ACCEPTED', 'PACKING', 'DISPATCHED', 'OUT_FOR_DELIVERY',
        'DELIVERED', 'COMPLETED', 'CANCELLED', 'REFUSED'))
);
create index purchase_order_placed_at_idx on orders.purchase_order (placed_at desc, id desc);
create index purchase_order_account_id_idx on orders.purchase_order (account_id, placed_at desc, id desc);
create index purchase_order_vendor_id_idx on orders.purchase_order (vendor_id, placed_at desc, id desc);
create index purchase_order_status_idx on orders.purchase_order (status, placed_at desc, id desc);
create index purchase_order_needs_operator_idx on orders.purchase_order (placed_at desc, id desc) where needs_operator;

create table orders.order_line (
    order_id uuid not null,
    n integer not null,
    sku text not null,
    name text not null,
    quantity text not null,
    unit text not null,
    quantity_milli bigint not null,
    unit_price_paisa bigint not null,
    amount_paisa bigint not null,
    vat_bp integer not null,
    constraint order_line_pkey primary key (order_id, n),
    constraint order_line_order_id_fkey foreign key (order_id) references orders.purchase_order (id),
    constraint order_line_quantity_check check (quantity_milli > 0 and amount_paisa >= 0)
);

-- Every change of status, gap-free per order. The present row is a projection of it.
create table orders.order_event (
    order_id uuid not null,
    n integer not null,
    from_status text,
    to_status text not null,
    actor text not null,
    note text not null,
    cause text not null,
    trace_id text not null,
    at timestamptz not null,
    constraint order_event_pkey primary key (order_id, n),
    constraint order_event_order_id_fkey foreign key (order_id) references orders.purchase_order (id)
);

-- The published graph, once more in the database: a status cannot move along an edge that is not listed.
create table orders.status_edge (
    from_status text not null,
    to_status text not null,
    constraint status_edge_pkey primary key (from_status, to_status)
);
insert into orders.status_edge (from_status, to_status) values
    ('PLACED', 'PENDING'), ('PLACED', 'REFUSED'), ('PLACED', 'CANCELLED'),
    ('PENDING', 'ROUTED'), ('PENDING', 'CANCELLED'),
    ('ROUTED', 'SENT_TO_VENDOR'), ('ROUTED', 'PENDING'), ('ROUTED', 'CANCELLED'),
    ('SENT_TO_VENDOR', 'ACCEPTED'), ('SENT_TO_VENDOR', 'PENDING'), ('SENT_TO_VENDOR', 'ROUTED'),
    ('SENT_TO_VENDOR', 'CANCELLED'),
    ('ACCEPTED', 'PACKING'), ('ACCEPTED', 'CANCELLED'),
    ('PACKING', 'DISPATCHED'), ('PACKING', 'CANCELLED'),
    ('DISPATCHED', 'OUT_FOR_DELIVERY'), ('DISPATCHED', 'CANCELLED'),
    ('OUT_FOR_DELIVERY', 'DELIVERED'), ('OUT_FOR_DELIVERY', 'CANCELLED'),
    ('DELIVERED', 'COMPLETED');

create function orders.refuse_unlisted_edge() returns trigger language plpgsql as $$
begin
    if new.from_status is null then
        if new.n <> 1 or new.to_status <> 'PLACED' then
            raise exception 'an order begins as PLACED' using constraint = 'order_event_begin_check';
        end if;
    elsif not exists (select 1 from orders.status_edge e
                      where e.from_status = new.from_status and e.to_status = new.to_status) then
        raise exception '% to % is no edge', new.from_status, new.to_status using constraint = 'order_event_edge_check';
    end if;
    return new;
end $$;
create trigger order_event_edge before insert on orders.order_event
    for each row execute function orders.refuse_unlisted_edge();

create function orders.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using constraint = 'append_only_check';
end $$;
create trigger order_event_append_only before update or delete on orders.order_event
    for each row execute function orders.refuse_change();

-- Each time a vendor was asked, with everything that led to the choice.
create table orders.assignment (
    order_id uuid not null,
    attempt integer not null,
    vendor_id text not null,
    vendor jsonb not null,
    vendor_paisa bigint not null,
    reservation_attempt integer not null,
    method text not null,
    weights_version text not null,
    candidates jsonb not null,
    answer text not null,
    answer_reason text not null,
    decided_at timestamptz not null,
    deadline_at timestamptz,
    answered_at timestamptz,
    constraint assignment_pkey primary key (order_id, attempt),
    constraint assignment_order_id_fkey foreign key (order_id) references orders.purchase_order (id)
);
create index assignment_vendor_id_idx on orders.assignment (vendor_id, decided_at desc);
