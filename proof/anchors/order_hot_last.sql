-- The same order with one product that everybody wants, locked as late as possible: what the order of statements
-- alone is worth.
\set r random(1, 1500)
\set v random(0, 299)
\set b random(7, 13)
\set c random(14, 20)
\set p1 1
\set p2 :v * 20 + :b
\set p3 :v * 20 + :c
\set q random(1, 5)
\set total 4000 * :q
begin;
select limit_paisa - owed_paisa as left_paisa from anchor.shop where id = :r and active for update;
insert into anchor.purchase (shop, vendor, request, status, total_paisa) values (:r, :v, gen_random_uuid(), 1, :total) returning id as made \gset
insert into anchor.purchase_line values (:made, 2, :p2, :q, 1), (:made, 3, :p3, :q, 1);
update anchor.shop set owed_paisa = owed_paisa + :total where id = :r;
insert into anchor.posting (account, purchase, amount_paisa) values (:r, :made, :total::bigint), (1000000 + :v, :made, 0 - :total::bigint);
insert into anchor.outgoing (topic, body) values ('order.placed', jsonb_build_object('order', :made::bigint, 'retailer', :r::int, 'vendor', :v::int, 'total', :total::bigint));
update anchor.goods set stock = stock - :q where id = :p2 and stock >= :q;
update anchor.goods set stock = stock - :q where id = :p3 and stock >= :q;
with taken as (update anchor.goods set stock = stock - :q where id = :p1 and stock >= :q returning id, price_paisa) insert into anchor.purchase_line select :made, 1, id, :q, price_paisa from taken;
commit;
