with placed as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[]) with ordinality
        as p (hold_id, account_id, order_id, amount, cause, trace, n)
), sums as (
    select account_id, sum(amount)::bigint as amount, count(*) as events from placed group by account_id
), moved as (
    update credit.account a
    set held_paisa = a.held_paisa + s.amount, version = a.version + s.events
    from sums s
    where a.id = s.account_id and a.state = 'ACTIVE' and a.owed_paisa + a.held_paisa + s.amount <= a.limit_paisa
    returning a.id, a.version - s.events as version_before, a.limit_paisa
), noted as (
    insert into credit.account_event (account_id, seq, kind, d_owed_paisa, d_held_paisa, limit_after_paisa, hold_id,
        entry_id, order_id, payment_id, cause_id, trace_id, at)
    select p.account_id, m.version_before + row_number() over (partition by p.account_id order by p.n), 'hold_placed',
        0, p.amount, m.limit_paisa, p.hold_id, null, p.order_id, null, p.cause, p.trace, $7
    from placed p join moved m on m.id = p.account_id
)
select count(*) from moved
