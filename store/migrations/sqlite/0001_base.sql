-- What every part of the service stands on. Times are Unix milliseconds UTC.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The catalog in force: one row, replaced as a whole by each import.
CREATE TABLE catalog (
    id       INTEGER PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    revision INTEGER NOT NULL,
    doc      TEXT    NOT NULL
) STRICT;

CREATE TABLE center (
    id      TEXT    PRIMARY KEY,
    ord     INTEGER NOT NULL,
    doc     TEXT    NOT NULL,
    retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE equipment (
    id        TEXT    PRIMARY KEY,
    center_id TEXT    NOT NULL REFERENCES center (id),
    ord       INTEGER NOT NULL,
    quantity  INTEGER NOT NULL CHECK (quantity >= 0),
    doc       TEXT    NOT NULL,
    retired   INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX equipment_center ON equipment (center_id, ord);

-- One effect per key. subject is the id of what the first success made.
CREATE TABLE idempotency (
    caller  TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

-- Effects that leave after the commit, at least once each.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    key         TEXT    NOT NULL UNIQUE,
    subject     TEXT    NOT NULL,
    data        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    done_at     INTEGER,
    dead_at     INTEGER,
    last_error  TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_subject ON outbox (subject);

-- Who did what. Rows are never changed, and go only below the horizon that
-- the retention job sets (meta 'audit.horizon'), which lies inside the seals.
CREATE TABLE audit (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    center_id TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    request   TEXT    NOT NULL,
    detail    TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_center ON audit (center_id, seq);
CREATE INDEX audit_actor ON audit (actor, seq);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.seq >= COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'audit.horizon'), 0)
BEGIN
    SELECT RAISE(ABORT, 'audit rows are deleted below the horizon only');
END;

-- A seal covers the rows of one batch: leaves names each row and its hash.
CREATE TABLE audit_seal (
    no        INTEGER PRIMARY KEY,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    leaves    BLOB    NOT NULL,
    prev_hash BLOB    NOT NULL,
    hash      BLOB    NOT NULL,
    sealed_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
BEGIN
    SELECT RAISE(ABORT, 'audit seals are never changed');
END;

CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
BEGIN
    SELECT RAISE(ABORT, 'audit seals are never deleted');
END;

-- One run per calendar job and due time.
CREATE TABLE job_run (
    job         TEXT    NOT NULL,
    due         INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    ended_at    INTEGER,
    attempt     INTEGER NOT NULL DEFAULT 1,
    error       TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (job, due)
) STRICT, WITHOUT ROWID;

-- Minutes in which the service ran, and in which a desk was used: what the
-- no-show drain may judge.
CREATE TABLE tick (
    minute INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE desk_seen (
    center_id TEXT    NOT NULL,
    minute    INTEGER NOT NULL,
    PRIMARY KEY (center_id, minute)
) STRICT, WITHOUT ROWID;
