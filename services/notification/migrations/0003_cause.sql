-- The story of an order begins with answers that name no order yet: they are found by the message that they answer.
create index notification_cause_idx on notification.notification (cause, seq) where order_id is null;
