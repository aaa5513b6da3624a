-- The two questions that are asked of this table all the time get a column each, and their indexes are bound to it.
-- Before, both indexes spoke of `state`, so that a query for one line of messages was also answered by the index of
-- deadlines: as long as the table has no statistics the planner holds them for equally small, and read every message
-- that was ever sent for each message that was to be sent.
alter table notification.notification
    -- in its line, and nothing was handed over yet
    add column waits boolean not null generated always as (
        state in ('QUEUED', 'SENDING') and provider_message_id is null) stored,
    -- somebody still has to hear of it by the deadline
    add column unsettled boolean not null generated always as (state in ('QUEUED', 'SENDING', 'SENT')) stored;
drop index notification.notification_waiting_idx;
drop index notification.notification_deadline_at_idx;
create index notification_waiting_idx on notification.notification (recipient, seq) where waits;
create index notification_deadline_at_idx on notification.notification (deadline_at) where unsettled;
