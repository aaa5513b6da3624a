-- Who has taken a conversation over: until it is released nobody else acts on what is written there.
alter table orders.conversation
    add column claimed_by text not null default '',
    add column claimed_at timestamptz;
