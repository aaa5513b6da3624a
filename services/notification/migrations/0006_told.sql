-- What one person was told, for those who read the conversation. Without it every message ever sent would be read.
create index notification_recipient_idx on notification.notification (recipient, seq);
