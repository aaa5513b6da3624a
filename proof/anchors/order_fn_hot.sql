-- One order in one round trip, with one product that everybody wants.
\set r random(1, 1500)
\set v random(0, 299)
\set b random(7, 13)
\set c random(14, 20)
\set p1 1
\set p2 :v * 20 + :b
\set p3 :v * 20 + :c
\set q random(1, 5)
select anchor.place(:r, :v, array[:p1, :p2, :p3]::int[], :q);
