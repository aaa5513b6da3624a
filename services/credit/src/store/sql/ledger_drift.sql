with receivable as (
    select ledger_account, sum(amount_paisa) as paisa from credit.entry_line
    where ledger_account like 'receivable:%' group by ledger_account
), held as (
    select account_id, sum(amount_paisa) as paisa from credit.hold where state = 'PENDING' group by account_id
), open as (
    select account_id, sum(paisa) as paisa from (
        select account_id, open_paisa as paisa from credit.invoice where open_paisa > 0
        union all
        select account_id, -unallocated_paisa from credit.payment where unallocated_paisa > 0
    ) both_sides group by account_id
), told as (
    select account_id, sum(d_owed_paisa) as owed, sum(d_held_paisa) as held
    from credit.account_event group by account_id
), account as (
    select id, 'receivable:acc_' || replace(id::text, '-', '') as ledger_account, owed_paisa, held_paisa
    from credit.account
)
select
    (select coalesce(sum(amount_paisa), 0)::bigint from credit.entry_line) as trial_balance,
    (select coalesce(sum(abs(coalesce(a.owed_paisa, 0) - coalesce(r.paisa, 0))), 0)::bigint
     from account a full join receivable r on r.ledger_account = a.ledger_account) as receivable,
    (select coalesce(sum(abs(a.held_paisa - coalesce(h.paisa, 0))), 0)::bigint
     from account a left join held h on h.account_id = a.id) as held,
    (select coalesce(sum(abs(a.owed_paisa - coalesce(o.paisa, 0))), 0)::bigint
     from account a left join open o on o.account_id = a.id) as invoices,
    (select coalesce(sum(abs(a.owed_paisa - coalesce(t.owed, 0)) + abs(a.held_paisa - coalesce(t.held, 0))), 0)::bigint
     from account a left join told t on t.account_id = a.id) as events
