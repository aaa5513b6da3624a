-- The same order as three services do it that share nothing but the server: credit, then stock, then the order,
-- each with its own commit.
\set r random(1, 1500)
\set v random(0, 299)
\set a random(1, 6)
\set b random(7, 13)
\set c random(14, 20)
\set p1 :v * 20 + :a
\set p2 :v * 20 + :b
\set p3 :v * 20 + :c
\set q random(1, 5)
\set total 4000 * :q
\set made random(1, 1000000000)
begin;
update anchor.shop set owed_paisa = owed_paisa + :total where id = :r and active and limit_paisa - owed_paisa >= :total;
insert into anchor.posting (account, purchase, amount_paisa) values (:r, :made, :total::bigint), (1000000 + :v, :made, 0 - :total::bigint);
commit;
begin;
update anchor.goods set stock = stock - :q where id = :p1 and stock >= :q;
update anchor.goods set stock = stock - :q where id = :p2 and stock >= :q;
update anchor.goods set stock = stock - :q where id = :p3 and stock >= :q;
insert into anchor.outgoing (topic, body) values ('stock.reserved', jsonb_build_object('order', :made::bigint, 'vendor', :v::int));
commit;
begin;
insert into anchor.purchase (shop, vendor, request, status, total_paisa) values (:r, :v, gen_random_uuid(), 1, :total) returning id as own \gset
insert into anchor.purchase_line values (:own, 1, :p1, :q, 1000), (:own, 2, :p2, :q, 1000), (:own, 3, :p3, :q, 1000);
insert into anchor.outgoing (topic, body) values ('order.placed', jsonb_build_object('order', :own::bigint, 'retailer', :r::int, 'vendor', :v::int, 'total', :total::bigint));
commit;
