-- Products with unit, alias, offer and stock, as the product's own demonstration loads them: one product has one vendor.
-- Making them through the API takes minutes, since each new product makes the service read its whole catalogue.
with given as (
    select g.sku, g.price, g.units * 1000 as milli, v.vendor_id
    from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as g (sku, vendor, price, units)
    join inventory.vendor v on v.code = g.vendor
), products as (
    insert into inventory.product (sku, name, name_ne, category, brand, base_unit, pack_label, pack_quantity, vat_class,
        mrp_paisa, typical_wholesale_paisa, created_at)
    select sku, 'Measured goods ' || sku, 'Measured goods ' || sku, 'measured', 'Kasauti', 'packet', '1 packet', 1,
        'standard', price * 2, price, now()
    from given
), units as (
    insert into inventory.product_unit (sku, position, unit, factor) select sku, 1, 'packet', 1 from given
), aliases as (
    insert into inventory.product_alias (sku, position, alias) select sku, 1, 'measured goods ' || lower(sku) from given
), offers as (
    insert into inventory.offer (vendor_id, sku, price_paisa, lead_time_days, minimum_quantity, active, updated_at,
        updated_by)
    select vendor_id, sku, price, 0, 1, true, now(), 'kasauti' from given
), stocked as (
    insert into inventory.stock (vendor_id, sku, on_hand_milli, seq)
    select vendor_id, sku, milli, 1 from given where milli > 0
), moves as (
    insert into inventory.stock_move (vendor_id, sku, seq, kind, on_hand_delta_milli, reserved_delta_milli, reason,
        actor, cause, trace_id, at)
    select vendor_id, sku, 1, 'opening', milli, 0, 'counted for a measurement', 'kasauti', 'kasauti', '', now()
    from given where milli > 0
), version as (
    update inventory.catalogue set version = version + 1
)
select count(*) from given
