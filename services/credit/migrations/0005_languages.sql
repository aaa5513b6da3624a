-- Whether the shop's language was set by somebody. Until now an account without one was stored as English, so English
-- of before counts as none, and any other language as set (null). While none is set `language` is English.
alter table credit.account add column language_given boolean;

alter table credit.account_change
    drop constraint account_change_kind_check,
    add constraint account_change_kind_check
        check (kind in ('opened', 'limit_set', 'language_set', 'blocked', 'unblocked', 'identity_linked'));
