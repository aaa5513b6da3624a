//! The rules. Each query returns one text per breach.

/// Rule and query.
pub(super) const RULES: &[(&str, &str)] = &[
    ("nothing is parked", PARKED),
    ("every message has one outcome", OUTCOMES),
    ("every message was answered", ANSWERED),
    ("no order is left half way", HALF_WAY),
    ("at most one live reservation an order", RESERVATIONS),
    ("order, hold, reservation and ledger agree", MATRIX),
    (
        "a live reservation is for the order's lines, at its vendor",
        RESERVED_LINES,
    ),
    ("an order's amounts add up", AMOUNTS),
    ("stock is the sum of its moves", STOCK),
    ("stock was never oversold", OVERSOLD),
    ("reserved stock is what pending reservations hold", RESERVED),
    ("every entry balances", ENTRIES),
    ("what an account owes is what its ledger says", OWED),
    ("what an account has on hold are its pending holds", HELD),
    ("accounts explain themselves without gaps", ACCOUNT_GAPS),
    ("no limit was passed", LIMITS),
    ("invoices are open by what was not paid", INVOICES),
    ("payments are allocated once", PAYMENTS),
    ("an order's history is a chain along the graph", HISTORY),
    ("every notice was shown once", SHOWN),
];

const PARKED: &str = "
    with job as (
        select 'order' as service, kind, parked_at, last_fault from orders.job
        union all select 'credit', kind, parked_at, last_fault from credit.job
        union all select 'inventory', kind, parked_at, last_fault from inventory.job
        union all select 'notification', kind, parked_at, last_fault from notification.job)
    select format('%s of %s: %s', kind, service, last_fault) from job where parked_at is not null";

const OUTCOMES: &str = "
    select format('%s has no outcome', id) from orders.inbound_message where outcome is null
    union all
    select format('%s of %s was stored %s times', provider_message_id, provider, count(*))
    from orders.inbound_message group by provider, account, provider_message_id having count(*) > 1";

/// By a reply of its own or by what it made happen.
const ANSWERED: &str = "
    select format('%s (%s %s)', m.id, m.outcome, m.outcome_ref)
    from (select *, 'inb_' || replace(id::text, '-', '') as name from orders.inbound_message) m
    where not exists (
        select 1 from notification.notification n
        where n.cause = m.name or starts_with(n.dedup_key, m.name || ':'))";

const HALF_WAY: &str = "
    select format('%s is %s', number, status) from orders.purchase_order
    where status in ('PLACED', 'ROUTED') or (status = 'PENDING' and not needs_operator)
       or (status in ('DELIVERED', 'COMPLETED') and invoice_number is null)";

const RESERVATIONS: &str = "
    select format('order %s has %s', order_id, count(*)) from inventory.reservation
    where state in ('PENDING', 'CONSUMED') group by order_id having count(*) > 1
    union all
    select format('reservation %s is of no order', r.reservation_id) from inventory.reservation r
    where r.state <> 'RELEASED' and not exists (select 1 from orders.purchase_order o where o.id = r.order_id)
    union all
    select format('hold %s is of no order', h.id) from credit.hold h
    where h.state <> 'RELEASED' and not exists (select 1 from orders.purchase_order o where o.id = h.order_id)";

const MATRIX: &str = "
    select format('%s is %s with hold %s of %s for a total of %s, %s pending and %s consumed reservations, '
                  '%s entries over %s, invoice %s', o.number, o.status, h.state, h.amount_paisa, o.total_paisa,
                  r.pending, r.consumed, e.entries, e.owed, i.number)
    from orders.purchase_order o
    left join credit.hold h on h.order_id = o.id
    left join credit.invoice i on i.order_id = o.id
    cross join lateral (
        select count(*) filter (where state = 'PENDING') as pending, count(*) filter (where state = 'CONSUMED') as consumed
        from inventory.reservation where order_id = o.id) r
    cross join lateral (
        select count(distinct e.id) as entries, coalesce(sum(l.amount_paisa), 0) as owed
        from credit.entry e
        left join credit.entry_line l on l.entry_id = e.id and l.ledger_account = 'receivable:' || o.account_id
        where e.order_id = o.id) e
    where not coalesce(case
        when o.status in ('REFUSED', 'CANCELLED') then
            coalesce(h.state, 'RELEASED') = 'RELEASED' and r.pending = 0 and r.consumed = 0 and e.entries = 0
        when o.status in ('DELIVERED', 'COMPLETED') then
            h.state = 'POSTED' and h.amount_paisa = o.total_paisa and r.pending = 0 and r.consumed = 1
            and e.entries = 1 and e.owed = o.total_paisa and i.amount_paisa = o.total_paisa
            and i.number = o.invoice_number and i.due_at = o.due_at
        else
            h.state = 'PENDING' and h.amount_paisa = o.total_paisa and r.pending = 1 and r.consumed = 0
            and e.entries = 0 and i.number is null
        end, false)";

const RESERVED_LINES: &str = "
    with wanted as (
        select order_id, sku, sum(quantity_milli) as milli from orders.order_line group by order_id, sku),
    live as (
        select r.reservation_id, r.order_id, r.vendor_id, r.state from inventory.reservation r
        where r.state in ('PENDING', 'CONSUMED')),
    held as (
        select v.order_id, l.sku, l.quantity_milli as milli
        from live v join inventory.reservation_line l using (reservation_id))
    select format('order %s wants %s of %s and holds %s', order_id, w.milli, sku, h.milli)
    from held h full join wanted w using (order_id, sku)
    where w.milli is distinct from h.milli and order_id in (select order_id from live)
    union all
    select format('%s is with %s, its stock with %s', o.number, o.vendor_id, v.vendor_id)
    from live v join orders.purchase_order o on o.id = v.order_id
    where o.status not in ('PENDING', 'PLACED', 'ROUTED') and substr(o.vendor_id, 5)::uuid <> v.vendor_id";

const AMOUNTS: &str = "
    select format('%s: lines %s, subtotal %s, VAT %s', o.number, sum(l.amount_paisa), o.subtotal_paisa, o.vat_paisa)
    from orders.purchase_order o join orders.order_line l on l.order_id = o.id
    group by o.id
    having sum(l.amount_paisa) <> o.subtotal_paisa or o.vat_paisa <>
        (coalesce(sum(l.amount_paisa) filter (where l.vat_bp > 0), 0) * 1300 + 5000)::bigint / 10000";

const STOCK: &str = "
    select format('%s at %s: %s of %s on hand, %s of %s reserved, %s moves up to %s', s.sku, s.vendor_id,
                  m.on_hand, s.on_hand_milli, m.reserved, s.reserved_milli, m.moves, s.seq)
    from inventory.stock s
    left join (
        select vendor_id, sku, sum(on_hand_delta_milli) as on_hand, sum(reserved_delta_milli) as reserved,
               count(*) as moves, max(seq) as last
        from inventory.stock_move group by vendor_id, sku) m using (vendor_id, sku)
    where coalesce(m.on_hand, 0) <> s.on_hand_milli or coalesce(m.reserved, 0) <> s.reserved_milli
       or coalesce(m.moves, 0) <> s.seq or coalesce(m.last, 0) <> s.seq";

const OVERSOLD: &str = "
    select format('%s at %s after move %s: %s on hand, %s reserved', sku, vendor_id, seq, on_hand, reserved)
    from (
        select vendor_id, sku, seq, sum(on_hand_delta_milli) over w as on_hand,
               sum(reserved_delta_milli) over w as reserved
        from inventory.stock_move window w as (partition by vendor_id, sku order by seq)) m
    where on_hand < 0 or reserved < 0 or reserved > on_hand";

const RESERVED: &str = "
    select format('%s at %s: %s reserved, reservations hold %s', s.sku, s.vendor_id, s.reserved_milli, p.milli)
    from inventory.stock s
    left join (
        select r.vendor_id, l.sku, sum(l.quantity_milli) as milli
        from inventory.reservation r join inventory.reservation_line l using (reservation_id)
        where r.state = 'PENDING' group by r.vendor_id, l.sku) p using (vendor_id, sku)
    where s.reserved_milli <> coalesce(p.milli, 0)";

const ENTRIES: &str = "
    select format('entry %s: %s lines, sum %s', e.id, count(l.n), sum(l.amount_paisa))
    from credit.entry e left join credit.entry_line l on l.entry_id = e.id
    group by e.id having count(l.n) < 2 or sum(l.amount_paisa) <> 0
    union all
    select format('the whole ledger sums to %s', sum(amount_paisa)) from credit.entry_line
    having coalesce(sum(amount_paisa), 0) <> 0";

const OWED: &str = "
    select format('%s owes %s, its ledger says %s', a.code, a.owed_paisa, l.owed)
    from credit.account a
    left join (
        select ledger_account, sum(amount_paisa) as owed from credit.entry_line group by ledger_account) l
        on l.ledger_account = 'receivable:acc_' || replace(a.id::text, '-', '')
    where a.owed_paisa <> coalesce(l.owed, 0)";

const HELD: &str = "
    select format('%s holds %s, its holds are %s', a.code, a.held_paisa, h.held)
    from credit.account a
    left join (
        select account_id, sum(amount_paisa) as held from credit.hold where state = 'PENDING' group by account_id) h
        on h.account_id = a.id
    where a.held_paisa <> coalesce(h.held, 0)";

const ACCOUNT_GAPS: &str = "
    select format('%s: %s events up to %s, version %s, owed %s, held %s', a.code, e.events, e.last, a.version, e.owed,
                  e.held)
    from credit.account a
    join (
        select account_id, count(*) as events, max(seq) as last, sum(d_owed_paisa) as owed, sum(d_held_paisa) as held
        from credit.account_event group by account_id) e on e.account_id = a.id
    where e.events <> a.version or e.last <> a.version or e.owed <> a.owed_paisa or e.held <> a.held_paisa";

const LIMITS: &str = "
    select format('account %s after event %s (%s): exposure %s, held %s, limit %s', account_id, seq, kind, exposure, held,
                  limit_after_paisa)
    from (
        select *, sum(d_owed_paisa + d_held_paisa) over w as exposure, sum(d_held_paisa) over w as held
        from credit.account_event window w as (partition by account_id order by seq)) e
    where held < 0 or (d_owed_paisa + d_held_paisa > 0 and exposure > limit_after_paisa)";

const INVOICES: &str = "
    select format('%s over %s has %s open and %s paid', i.number, i.amount_paisa, i.open_paisa, p.paid)
    from credit.invoice i
    left join (select invoice_id, sum(amount_paisa) as paid from credit.allocation group by invoice_id) p
        on p.invoice_id = i.id
    where i.open_paisa <> i.amount_paisa - coalesce(p.paid, 0)";

const PAYMENTS: &str = "
    select format('payment %s of %s has %s left and %s allocated', p.id, p.amount_paisa, p.unallocated_paisa, a.used)
    from credit.payment p
    left join (select payment_id, sum(amount_paisa) as used from credit.allocation group by payment_id) a
        on a.payment_id = p.id
    where p.unallocated_paisa <> p.amount_paisa - coalesce(a.used, 0)";

const HISTORY: &str = "
    select format('%s, event %s: %s to %s after %s', o.number, e.n, e.from_status, e.to_status, e.before)
    from (
        select *, lag(to_status) over w as before, row_number() over w as position
        from orders.order_event window w as (partition by order_id order by n)) e
    join orders.purchase_order o on o.id = e.order_id
    where e.n <> e.position or e.from_status is distinct from e.before
       or (e.n = 1 and e.to_status <> 'PLACED')
       or (e.n > 1 and not exists (
            select 1 from orders.status_edge s where s.from_status = e.from_status and s.to_status = e.to_status))
    union all
    select format('%s is %s, its history ends in %s', o.number, o.status, e.to_status)
    from orders.purchase_order o
    left join lateral (
        select to_status from orders.order_event where order_id = o.id order by n desc limit 1) e on true
    where o.status is distinct from e.to_status";

const SHOWN: &str = "
    select format('%s part %s (%s) is %s and was shown %s times: %s', n.dedup_key, n.part, n.template, n.state,
                  count(s.id), n.error_text)
    from notification.notification n
    left join notification.simulated_message s on s.notification_id = n.id
    where n.provider = 'simulator' group by n.id having count(s.id) <> 1 or n.state <> 'DELIVERED'";
