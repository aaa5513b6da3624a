with opened as (
    insert into credit.account (id, code, shop_name, owner_name, language, municipality, ward, latitude, longitude,
        terms_days, limit_paisa, opened_at, language_given)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $19)
    returning id, version, limit_paisa, opened_at
), reachable as (
    insert into credit.account_phone (account_id, phone, position, seat)
    select $1, p.phone, p.position,
        case when $18 then 1 + (select count(*) from credit.account_phone o where o.phone = p.phone) else 1 end
    from unnest($13::text[]) with ordinality as p (phone, position)
), noted as (
    insert into credit.account_event (account_id, seq, kind, d_owed_paisa, d_held_paisa, limit_after_paisa,
        cause_id, trace_id, at)
    select id, version, 'opened', 0, 0, limit_paisa, $16, $17, opened_at from opened
)
insert into credit.account_change (account_id, kind, actor, reason, before, after, cause_id, trace_id, at)
select id, 'opened', $14, '', '{}', $15, $16, $17, opened_at from opened
