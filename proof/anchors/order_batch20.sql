-- Twenty orders in one commit. Each client has its own quarter of shops and vendors, so batches never wait for each
-- other; nobody is refused. Orders a second are twenty times the transactions; at most four clients.
\set k :client_id % 4
select count(anchor.place(1 + :k * 375 + (random() * 374)::int, v, array[v * 20 + 1 + (random() * 5)::int, v * 20 + 7 + (random() * 6)::int, v * 20 + 14 + (random() * 6)::int], 1 + (random() * 4)::int))
from (select :k * 75 + (random() * 74)::int as v from generate_series(1, 20) offset 0) as some;
