-- Twenty orders in one commit, all with one product that everybody wants. One client.
select count(anchor.place(1 + (random() * 1499)::int, v, array[1, v * 20 + 7 + (random() * 6)::int, v * 20 + 14 + (random() * 6)::int], 1 + (random() * 4)::int))
from (select (random() * 299)::int as v from generate_series(1, 20) offset 0) as some;
