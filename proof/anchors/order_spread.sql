-- One order the way a client that speaks plain SQL sends it: ten statements, one commit. The three products are
-- taken in ascending order, so that no two orders wait for each other in a circle.
\set r random(1, 1500)
\set v random(0, 299)
\set a random(1, 6)
\set b random(7, 13)
\set c random(14, 20)
\set p1 :v * 20 + :a
\set p2 :v * 20 + :b
\set p3 :v * 20 + :c
\set q random(1, 5)
begin;
select limit_paisa - owed_paisa as left_paisa from anchor.shop where id = :r and active for update;
update anchor.goods set stock = stock - :q where id = :p1 and stock >= :q returning price_paisa as price1 \gset
update anchor.goods set stock = stock - :q where id = :p2 and stock >= :q returning price_paisa as price2 \gset
update anchor.goods set stock = stock - :q where id = :p3 and stock >= :q returning price_paisa as price3 \gset
\set total (:price1 + :price2 + :price3) * :q
insert into anchor.purchase (shop, vendor, request, status, total_paisa) values (:r, :v, gen_random_uuid(), 1, :total) returning id as made \gset
insert into anchor.purchase_line values (:made, 1, :p1, :q, :price1), (:made, 2, :p2, :q, :price2), (:made, 3, :p3, :q, :price3);
update anchor.shop set owed_paisa = owed_paisa + :total where id = :r;
insert into anchor.posting (account, purchase, amount_paisa) values (:r, :made, :total::bigint), (1000000 + :v, :made, 0 - :total::bigint);
insert into anchor.outgoing (topic, body) values ('order.placed', jsonb_build_object('order', :made::bigint, 'retailer', :r::int, 'vendor', :v::int, 'total', :total::bigint));
commit;
