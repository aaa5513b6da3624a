-- A page of one shop's orders, newest first, from a place in the list on.
\set r random(1, 1500)
\set x random(1, 1000000)
select id, vendor, status, total_paisa, placed_at from anchor.purchase where shop = :r and id < :x order by id desc limit 50;
