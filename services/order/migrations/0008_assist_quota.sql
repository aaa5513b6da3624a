-- How often the words of a shop were shown to the language model on one day: a row a shop, which the next day takes over.
create table orders.assist_quota (
    account_id text not null,
    day date not null,
    used integer not null,
    constraint assist_quota_pkey primary key (account_id),
    constraint assist_quota_used_check check (used > 0)
);
