-- The fewest tables, columns and indexes with which an order can be placed correctly: what any design at least pays.
-- 1,500 shops, 300 vendors with 20 products each. Running it again starts from nothing.
set client_min_messages = warning;
drop schema if exists anchor cascade;
create schema anchor;

create table anchor.shop (
    id int primary key,
    name text not null,
    limit_paisa bigint not null,
    owed_paisa bigint not null default 0,
    active boolean not null default true,
    check (owed_paisa <= limit_paisa)
);
-- one row is one product of one vendor with its stock; room in the page keeps updates out of the index
create table anchor.goods (
    id int primary key,
    vendor int not null,
    name text not null,
    price_paisa bigint not null,
    stock bigint not null check (stock >= 0)
) with (fillfactor = 80);
create table anchor.purchase (
    id bigint generated always as identity primary key,
    shop int not null references anchor.shop,
    vendor int not null,
    request uuid not null unique,
    status smallint not null,
    total_paisa bigint not null,
    placed_at timestamptz not null default now()
);
create index purchase_shop_id_idx on anchor.purchase (shop, id);
create table anchor.purchase_line (
    purchase bigint not null references anchor.purchase,
    n smallint not null,
    goods int not null references anchor.goods,
    quantity int not null,
    price_paisa bigint not null,
    primary key (purchase, n)
);
-- both lines of a purchase sum to nothing
create table anchor.posting (
    id bigint generated always as identity primary key,
    account bigint not null,
    purchase bigint not null,
    amount_paisa bigint not null,
    at timestamptz not null default now()
);
create index posting_account_id_idx on anchor.posting (account, id);
create table anchor.outgoing (
    id bigint generated always as identity primary key,
    topic text not null,
    body jsonb not null,
    at timestamptz not null default now()
);
create table anchor.single (
    id bigint generated always as identity primary key,
    account int not null,
    amount_paisa bigint not null,
    at timestamptz not null default now()
);
-- for the peer in Node: messages as they came
create table anchor.inbox (
    id text primary key,
    sender text not null,
    body jsonb not null,
    at timestamptz not null default now()
);

insert into anchor.shop (id, name, limit_paisa)
select n, 'shop ' || n, 1000000000000000 from generate_series(1, 1500) as n;
insert into anchor.goods (id, vendor, name, price_paisa, stock)
select v * 20 + p, v, 'goods ' || p || ' of vendor ' || v, 1000 + p * 37 % 900, 1000000000
from generate_series(0, 299) as v, generate_series(1, 20) as p;

-- A whole order in one round trip: no client and server talking to and fro.
create function anchor.place(buyer int, seller int, wanted int[], units int) returns bigint language plpgsql as $$
declare
    left_paisa bigint;
    sum_paisa bigint;
    taken int;
    made bigint;
begin
    select limit_paisa - owed_paisa into left_paisa from anchor.shop where id = buyer and active for update;
    if not found then
        raise exception 'nobody buys';
    end if;
    perform from anchor.goods where id = any(wanted) order by id for update;
    with lowered as (
        update anchor.goods set stock = stock - units where id = any(wanted) and stock >= units returning price_paisa)
    select sum(price_paisa) * units, count(*) into sum_paisa, taken from lowered;
    if taken < cardinality(wanted) then
        raise exception 'not enough in stock';
    end if;
    if sum_paisa > left_paisa then
        raise exception 'not enough credit';
    end if;
    insert into anchor.purchase (shop, vendor, request, status, total_paisa)
    values (buyer, seller, gen_random_uuid(), 1, sum_paisa) returning id into made;
    insert into anchor.purchase_line
    select made, row_number() over (), id, units, price_paisa from anchor.goods where id = any(wanted);
    update anchor.shop set owed_paisa = owed_paisa + sum_paisa where id = buyer;
    insert into anchor.posting (account, purchase, amount_paisa)
    values (buyer, made, sum_paisa), (1000000 + seller, made, -sum_paisa);
    insert into anchor.outgoing (topic, body) values ('order.placed',
        jsonb_build_object('order', made, 'retailer', buyer, 'vendor', seller, 'total', sum_paisa));
    return made;
end $$;
