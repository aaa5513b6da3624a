-- A payment as a ledger must at least write it: two lines that sum to nothing and the balance they explain.
\set r random(1, 1500)
begin;
update anchor.shop set owed_paisa = owed_paisa - 100 where id = :r;
insert into anchor.posting (account, purchase, amount_paisa) values (:r, 0, -100), (2000000, 0, 100);
commit;
