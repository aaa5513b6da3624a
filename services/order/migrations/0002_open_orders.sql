-- Every quote counts what its vendors have under way, and vendors list what is open: neither may read their past.
create index purchase_order_open_idx on orders.purchase_order (vendor_id, placed_at desc, id desc)
    where status not in ('COMPLETED', 'CANCELLED', 'REFUSED');
