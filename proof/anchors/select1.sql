-- One row by its key.
\set p random(1, 6000)
select id, name, price_paisa, stock from anchor.goods where id = :p;
