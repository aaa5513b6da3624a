-- Things of a cart that was put together in the provider's catalogue.
alter table orders.inbound_message add column cart jsonb not null default '[]';
