-- Catalogue, vendors, prices, stock and reservations. Quantities are in thousandths of the sale unit, money
-- in paisa. Text that is a key sorts by bytes, everywhere the same.

-- One row: its version grows with every change of products, so that indexes in memory know when they are old.
create table inventory.catalogue (
    singleton boolean not null default true,
    version bigint not null default 0,
    -- last number of a vendor code that the service gave
    vendor_number bigint not null default 0,
    constraint catalogue_pkey primary key (singleton),
    constraint catalogue_singleton_check check (singleton)
);
insert into inventory.catalogue default values;

create table inventory.product (
    sku text collate "C" not null,
    name text not null,
    name_ne text not null,
    category text collate "C" not null,
    brand text not null,
    base_unit text not null,
    pack_label text not null,
    pack_quantity integer not null,
    vat_class text not null,
    mrp_paisa bigint not null,
    typical_wholesale_paisa bigint not null,
    active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null,
    constraint product_pkey primary key (sku),
    constraint product_sku_check check (sku ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' and length(sku) <= 40),
    constraint product_pack_quantity_check check (pack_quantity between 1 and 100000),
    constraint product_vat_class_check check (vat_class in ('standard', 'exempt')),
    constraint product_prices_check check (mrp_paisa >= 0 and typical_wholesale_paisa >= 0)
);
create index product_category_sku_idx on inventory.product (category, sku);

create table inventory.product_unit (
    sku text collate "C" not null,
    position smallint not null,
    unit text not null,
    -- sale units in it
    factor integer not null,
    constraint product_unit_pkey primary key (sku, unit),
    constraint product_unit_sku_fkey foreign key (sku) references inventory.product (sku),
    constraint product_unit_factor_check check (factor between 1 and 100000)
);

create table inventory.product_alias (
    sku text collate "C" not null,
    position smallint not null,
    alias text not null,
    constraint product_alias_pkey primary key (sku, alias),
    constraint product_alias_sku_fkey foreign key (sku) references inventory.product (sku)
);

create table inventory.vendor (
    vendor_id uuid not null,
    code text collate "C" not null,
    name text not null,
    phone text not null,
    municipality text not null,
    latitude double precision not null,
    longitude double precision not null,
    opens text not null,
    closes text not null,
    active boolean not null default true,
    language text not null,
    created_at timestamptz not null,
    constraint vendor_pkey primary key (vendor_id),
    constraint vendor_code_key unique (code),
    constraint vendor_phone_key unique (phone)
);

create table inventory.offer (
    vendor_id uuid not null,
    sku text collate "C" not null,
    -- of a sale unit, without VAT
    price_paisa bigint not null,
    lead_time_days integer not null,
    -- in sale units
    minimum_quantity integer not null,
    active boolean not null,
    -- grows by one with every change; offers are never deleted
    version bigint not null default 1,
    updated_at timestamptz not null,
    updated_by text not null,
    constraint offer_pkey primary key (vendor_id, sku),
    constraint offer_vendor_id_fkey foreign key (vendor_id) references inventory.vendor (vendor_id),
    constraint offer_sku_fkey foreign key (sku) references inventory.product (sku),
    constraint offer_price_check check (price_paisa > 0),
    constraint offer_terms_check check (lead_time_days >= 0 and minimum_quantity >= 1)
);
-- Quotes ask who offers a product.
create index offer_sku_vendor_id_idx on inventory.offer (sku, vendor_id);

-- Room in each page for the new versions that every order writes: updates then touch no index.
create table inventory.stock (
    vendor_id uuid not null,
    sku text collate "C" not null,
    on_hand_milli bigint not null default 0,
    reserved_milli bigint not null default 0,
    -- number of the last move
    seq bigint not null default 0,
    constraint stock_pkey primary key (vendor_id, sku),
    constraint stock_offer_fkey foreign key (vendor_id, sku) references inventory.offer (vendor_id, sku),
    constraint stock_reserved_bounds check (0 <= reserved_milli and reserved_milli <= on_hand_milli)
) with (fillfactor = 70);

-- Every change of a stock row, numbered without gaps; the row's columns are the sums of its moves. Without
-- foreign keys on purpose: the locked stock row stands for both, and a key check would lock vendor and
-- product too.
create table inventory.stock_move (
    vendor_id uuid not null,
    sku text collate "C" not null,
    seq bigint not null,
    kind text not null,
    on_hand_delta_milli bigint not null,
    reserved_delta_milli bigint not null,
    reservation_id uuid,
    order_id uuid,
    reason text not null,
    actor text not null,
    cause text not null,
    trace_id text not null,
    at timestamptz not null,
    constraint stock_move_pkey primary key (vendor_id, sku, seq),
    constraint stock_move_seq_check check (seq >= 1),
    constraint stock_move_kind_check check (kind in ('opening', 'adjust', 'reserve', 'release', 'consume'))
);
create index stock_move_order_id_idx on inventory.stock_move (order_id, at) where order_id is not null;

create function inventory.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of %.% are never changed', tg_table_schema, tg_table_name
        using errcode = 'integrity_constraint_violation';
end
$$;
create trigger stock_move_append_only before update or delete or truncate on inventory.stock_move
    for each statement execute function inventory.refuse_change();

create table inventory.reservation (
    -- derived from order and attempt, so that a repetition meets this key
    reservation_id uuid not null,
    order_id uuid not null,
    attempt integer not null,
    -- null for an attempt that was released before it was made
    vendor_id uuid,
    state text not null,
    created_at timestamptz not null,
    cause text not null,
    trace_id text not null,
    closed_at timestamptz,
    closed_reason text not null default '',
    closed_cause text not null default '',
    closed_trace_id text not null default '',
    constraint reservation_pkey primary key (reservation_id),
    constraint reservation_attempt_check check (attempt >= 1),
    constraint reservation_state_check check (state in ('PENDING', 'CONSUMED', 'RELEASED')),
    constraint reservation_closed_check check ((state = 'PENDING') = (closed_at is null)),
    constraint reservation_vendor_check check (vendor_id is not null or state = 'RELEASED')
);
create index reservation_order_id_idx on inventory.reservation (order_id, attempt);
create index reservation_created_at_idx on inventory.reservation (created_at desc, reservation_id desc);
create index reservation_state_created_at_idx
    on inventory.reservation (state, created_at desc, reservation_id desc);

create table inventory.reservation_line (
    reservation_id uuid not null,
    sku text collate "C" not null,
    quantity_milli bigint not null,
    constraint reservation_line_pkey primary key (reservation_id, sku),
    constraint reservation_line_reservation_id_fkey
        foreign key (reservation_id) references inventory.reservation (reservation_id),
    constraint reservation_line_quantity_check check (quantity_milli > 0)
);

-- Up to which move a stock row was compared with the sum of its moves, and what the sums were: a later
-- comparison only adds the moves since then.
create table inventory.stock_checkpoint (
    vendor_id uuid not null,
    sku text collate "C" not null,
    seq bigint not null,
    on_hand_milli bigint not null,
    reserved_milli bigint not null,
    constraint stock_checkpoint_pkey primary key (vendor_id, sku)
);
