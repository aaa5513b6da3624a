insert into credit.invoice (id, number, fiscal_year, account_id, order_id, order_number, entry_id, amount_paisa,
    vat_paisa, vendor_id, vendor_paisa, open_paisa, delivered_at, issued_at, due_at, cause_id, trace_id)
select $1, $2 || lpad(n::text, greatest(6, length(n::text)), '0'), $3, $4, $5, $6, $7, $8, $9, $10, $11, $8, $12, $13,
    $14, $15, $16
from nextval('credit.invoice_number') as n
returning number
