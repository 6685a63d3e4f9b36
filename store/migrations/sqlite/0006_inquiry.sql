-- What people wrote to a center, and what it answered.
CREATE TABLE inquiry (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'answered', 'closed')),
    answer       TEXT    NOT NULL,
    asked_at     INTEGER NOT NULL,
    settled_at   INTEGER,
    settled_by   TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CHECK ((state = 'answered') = (answer <> ''))
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_person ON inquiry (account_id, asked_at);
CREATE INDEX inquiry_center ON inquiry (center_id, state, asked_at);
CREATE INDEX inquiry_asked ON inquiry (asked_at);
