-- One phone may act for several accounts, when they are opened so on purpose: each takes a seat of the phone, in the
-- order of opening. Who shares nothing takes seat 1, so a phone that was typed wrong meets the account that has it.
alter table credit.account_phone
    add column seat smallint not null default 1,
    add constraint account_phone_seat_check check (seat between 1 and 10),
    add constraint account_phone_account_id_phone_key unique (account_id, phone),
    drop constraint account_phone_pkey,
    add constraint account_phone_pkey primary key (phone, seat);

-- And so may the person behind it.
alter table credit.account_identity
    drop constraint account_identity_pkey,
    add constraint account_identity_pkey primary key (user_id, account_id);
