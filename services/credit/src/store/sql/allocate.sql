with part as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as p (payment_id, invoice_id, amount_paisa)
), written as (
    insert into credit.allocation (payment_id, invoice_id, amount_paisa, at)
    select payment_id, invoice_id, amount_paisa, $4 from part
), paid as (
    update credit.invoice i set open_paisa = i.open_paisa - p.amount_paisa
    from (select invoice_id, sum(amount_paisa)::bigint as amount_paisa from part group by invoice_id) p
    where i.id = p.invoice_id
)
update credit.payment y set unallocated_paisa = y.unallocated_paisa - p.amount_paisa
from (select payment_id, sum(amount_paisa)::bigint as amount_paisa from part group by payment_id) p
where y.id = p.payment_id
