-- Shops that want to be asked what they mean by a phrase, whatever it means for all shops.
create table inventory.asked_again (
    account_id text collate "C" not null,
    key text collate "C" not null,
    at timestamptz not null,
    constraint asked_again_pkey primary key (account_id, key)
);
