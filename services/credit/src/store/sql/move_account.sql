with moved as (
    update credit.account
    set owed_paisa = owed_paisa + $2, held_paisa = held_paisa + $3, version = version + 1
    where id = $1 and (not $12 or (state = 'ACTIVE' and owed_paisa + held_paisa + $2 + $3 <= limit_paisa))
    returning id, version, limit_paisa, owed_paisa, held_paisa
), noted as (
    insert into credit.account_event (account_id, seq, kind, d_owed_paisa, d_held_paisa, limit_after_paisa, hold_id,
        entry_id, order_id, payment_id, cause_id, trace_id, at)
    select id, version, $4, $2, $3, limit_paisa, $5, $6, $7, $8, $9, $10, $11 from moved
)
select m.limit_paisa, m.owed_paisa, m.held_paisa, due.open_paisa as due_paisa, due.due_at
from moved m
left join lateral (
    select i.open_paisa, i.due_at from credit.invoice i
    where i.account_id = m.id and i.open_paisa > 0 order by i.due_at, i.number limit 1
) due on true
