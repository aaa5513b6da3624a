-- Conversations that wait for a person, whom to answer, and the newest messages of each, newest first.
alter table orders.conversation
    add column phone text not null default '',
    add column user_id text not null default '',
    add column recent uuid[] not null default '{}',
    add column waits_since timestamptz,
    add column waits_for text not null default '';

create index conversation_waits_since_idx on orders.conversation (waits_since, id) where waits_since is not null;
