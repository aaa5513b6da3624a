select * from (
    select e.kind as source, e.at, h.id, h.amount_paisa,
        case e.kind when 'hold_placed' then e.limit_after_paisa else e.d_owed_paisa end as other_paisa,
        h.reason as note, '' as detail, null::timestamptz as due_at, e.cause_id, e.trace_id, 1 as rank,
        e.seq
    from credit.account_event e join credit.hold h on h.id = e.hold_id
    where e.order_id = $1
    union all
    select 'tombstone', h.placed_at, h.id, 0, 0, h.reason, '', null, h.cause_id, h.trace_id, 1, 0
    from credit.hold h where h.order_id = $1 and h.amount_paisa = 0
    union all
    select 'entry', e.recorded_at, e.id,
        (select coalesce(sum(l.amount_paisa), 0)::bigint from credit.entry_line l
         where l.entry_id = e.id and l.amount_paisa > 0),
        0, e.kind, '', null, e.cause_id, e.trace_id, 2, 0
    from credit.entry e where e.order_id = $1 and e.kind = 'delivery'
    union all
    select 'invoice', i.issued_at, i.id, i.amount_paisa, i.open_paisa, i.number, '', i.due_at, i.cause_id, i.trace_id, 3,
        0
    from credit.invoice i where i.order_id = $1
    union all
    select 'payment', l.at, y.id, l.amount_paisa, y.amount_paisa, y.method, y.reference, null, y.cause_id, y.trace_id, 4,
        0
    from credit.invoice i
    join credit.allocation l on l.invoice_id = i.id
    join credit.payment y on y.id = l.payment_id
    where i.order_id = $1
) told
order by at, rank, seq, id limit 1000
