-- One row, durable: one commit.
\set a random(1, 1000000)
insert into anchor.single (account, amount_paisa) values (:a, 100);
