with changed as (
    update credit.account set limit_paisa = $2, state = $3, block_reason = $4, version = version + 1
    where id = $1
    returning id, version, limit_paisa
), noted as (
    insert into credit.account_event (account_id, seq, kind, d_owed_paisa, d_held_paisa, limit_after_paisa,
        cause_id, trace_id, at)
    select id, version, $5, 0, 0, limit_paisa, $10, $11, $12 from changed
)
insert into credit.account_change (account_id, kind, actor, reason, before, after, cause_id, trace_id, at)
select id, $5, $6, $7, $8, $9, $10, $11, $12 from changed
