-- A keyed hash of the phone of somebody who left, until their last strike is
-- over: whoever comes back with it goes on where they stopped.
CREATE TABLE left_phone (
    phone_hash TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (phone_hash, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX left_phone_until ON left_phone (until);

-- An address that a calendar program reads without a sign-in; equipment_id ''
-- is the person's own bookings. Only the hash of its token is kept.
CREATE TABLE calendar_feed (
    id           TEXT   NOT NULL PRIMARY KEY,
    account_id   TEXT   NOT NULL REFERENCES account (id),
    equipment_id TEXT   NOT NULL,
    token_hash   TEXT   NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    UNIQUE (account_id, equipment_id)
) STRICT, WITHOUT ROWID;
