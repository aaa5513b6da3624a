-- What the tables refuse whoever asks, a superuser's slip included.

-- An entry balances when its transaction ends: at least two lines that sum to zero.
create function credit.entry_balances() returns trigger language plpgsql as $$
declare
    which uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
    total numeric;
    lines bigint;
begin
    select coalesce(sum(amount_paisa), 0), count(*) into total, lines
    from credit.entry_line where entry_id = which;
    if total <> 0 or lines < 2 then
        raise exception 'entry % has % lines that sum to % paisa', which, lines, total
            using errcode = 'check_violation', schema = 'credit', table = 'entry', constraint = 'entry_balances';
    end if;
    return null;
end
$$;

create constraint trigger entry_balances after insert on credit.entry
    deferrable initially deferred for each row execute function credit.entry_balances('id');
create constraint trigger entry_line_balances after insert on credit.entry_line
    deferrable initially deferred for each row execute function credit.entry_balances('entry_id');

-- History stays as it was written: corrections are new rows.
create function credit.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of credit.% is refused: its rows are history', lower(tg_op), tg_table_name
        using errcode = 'restrict_violation', schema = 'credit', table = tg_table_name, constraint = 'append_only';
end
$$;

create trigger entry_append_only before update or delete on credit.entry
    for each row execute function credit.refuse_change();
create trigger entry_append_only_whole before truncate on credit.entry
    for each statement execute function credit.refuse_change();
create trigger entry_line_append_only before update or delete on credit.entry_line
    for each row execute function credit.refuse_change();
create trigger entry_line_append_only_whole before truncate on credit.entry_line
    for each statement execute function credit.refuse_change();
create trigger account_event_append_only before update or delete on credit.account_event
    for each row execute function credit.refuse_change();
create trigger account_event_append_only_whole before truncate on credit.account_event
    for each statement execute function credit.refuse_change();
create trigger allocation_append_only before update or delete on credit.allocation
    for each row execute function credit.refuse_change();
create trigger allocation_append_only_whole before truncate on credit.allocation
    for each statement execute function credit.refuse_change();
create trigger account_change_append_only before update or delete on credit.account_change
    for each row execute function credit.refuse_change();
create trigger account_change_append_only_whole before truncate on credit.account_change
    for each statement execute function credit.refuse_change();

-- A hold is settled once: posted or released, never both, never back.
create trigger hold_settles_once before update on credit.hold
    for each row when (old.state <> 'PENDING' or new.amount_paisa <> old.amount_paisa
        or new.account_id <> old.account_id or new.order_id <> old.order_id)
    execute function credit.refuse_change();
create trigger hold_stays before delete on credit.hold
    for each row execute function credit.refuse_change();

-- Invoices and payments keep what they say; only what is still open of them falls.
create trigger invoice_keeps before update on credit.invoice
    for each row when (new.open_paisa > old.open_paisa
        or (to_jsonb(new) - 'open_paisa') <> (to_jsonb(old) - 'open_paisa'))
    execute function credit.refuse_change();
create trigger invoice_stays before delete on credit.invoice
    for each row execute function credit.refuse_change();
create trigger payment_keeps before update on credit.payment
    for each row when (new.unallocated_paisa > old.unallocated_paisa
        or (to_jsonb(new) - 'unallocated_paisa') <> (to_jsonb(old) - 'unallocated_paisa'))
    execute function credit.refuse_change();
create trigger payment_stays before delete on credit.payment
    for each row execute function credit.refuse_change();
