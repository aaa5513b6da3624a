//! Every invariant of the books, read from the tables.

/// What must never have a row, whatever happened: a law and a query whose
/// number has to be zero.
pub(crate) const LAWS: &[(&str, &str)] = &[
    ("the trial balance is zero", "select coalesce(sum(amount_paisa), 0)::bigint from credit.entry_line"),
    (
        "every entry balances with two lines or more",
        "select count(*) from (select e.id from credit.entry e left join credit.entry_line l on l.entry_id = e.id
         group by e.id having coalesce(sum(l.amount_paisa), 1) <> 0 or count(*) < 2) wrong",
    ),
    (
        "the receivable of each account is what it owes",
        "select count(*) from credit.account a where a.owed_paisa <> (
             select coalesce(sum(l.amount_paisa), 0) from credit.entry_line l
             where l.ledger_account = 'receivable:acc_' || replace(a.id::text, '-', ''))",
    ),
    (
        "the pending holds of each account are what it has held",
        "select count(*) from credit.account a where a.held_paisa <> (
             select coalesce(sum(h.amount_paisa), 0) from credit.hold h
             where h.account_id = a.id and h.state = 'PENDING')",
    ),
    (
        "open invoices less advances are what it owes",
        "select count(*) from credit.account a where a.owed_paisa <>
             (select coalesce(sum(i.open_paisa), 0) from credit.invoice i where i.account_id = a.id)
             - (select coalesce(sum(p.unallocated_paisa), 0) from credit.payment p where p.account_id = a.id)",
    ),
    (
        "allocations add up on both sides",
        "select (select count(*) from credit.invoice i where i.amount_paisa - i.open_paisa <> (
                     select coalesce(sum(l.amount_paisa), 0) from credit.allocation l where l.invoice_id = i.id))
              + (select count(*) from credit.payment p where p.amount_paisa - p.unallocated_paisa <> (
                     select coalesce(sum(l.amount_paisa), 0) from credit.allocation l where l.payment_id = p.id))",
    ),
    (
        "at every prefix of its events an account stays within its limit, and no event is missing",
        "with told as (
             select *, sum(d_owed_paisa + d_held_paisa) over w as exposure, sum(d_held_paisa) over w as held,
                 seq - row_number() over w as gap
             from credit.account_event window w as (partition by account_id order by seq))
         select count(*) from told where gap <> 0 or held < 0
             or (d_owed_paisa + d_held_paisa > 0 and exposure > limit_after_paisa)",
    ),
    (
        "the events end where the account is",
        "select count(*) from credit.account a where (a.version, a.owed_paisa, a.held_paisa) <> (
             select max(e.seq), sum(e.d_owed_paisa), sum(e.d_held_paisa)
             from credit.account_event e where e.account_id = a.id)",
    ),
];
