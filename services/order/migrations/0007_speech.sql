-- What a conversation shows of the language of its writer, while no setting of his account says which it is.
alter table orders.conversation add column speech jsonb not null default '{}';
