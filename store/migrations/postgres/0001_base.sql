-- What every part of the service stands on. Times are Unix milliseconds UTC.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The catalog in force: one row, replaced as a whole by each import.
CREATE TABLE catalog (
    id       BIGINT PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    revision BIGINT NOT NULL,
    doc      TEXT   NOT NULL
);

CREATE TABLE center (
    id      TEXT   PRIMARY KEY,
    ord     BIGINT NOT NULL,
    doc     TEXT   NOT NULL,
    retired BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
);

CREATE TABLE equipment (
    id        TEXT   PRIMARY KEY,
    center_id TEXT   NOT NULL REFERENCES center (id),
    ord       BIGINT NOT NULL,
    quantity  BIGINT NOT NULL CHECK (quantity >= 0),
    doc       TEXT   NOT NULL,
    retired   BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
);
CREATE INDEX equipment_center ON equipment (center_id, ord);

-- One effect per key. subject is the id of what the first success made.
CREATE TABLE idempotency (
    caller  TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    body    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Effects that leave after the commit, at least once each.
CREATE TABLE outbox (
    id          BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    kind        TEXT   NOT NULL,
    key         TEXT   NOT NULL UNIQUE,
    subject     TEXT   NOT NULL,
    data        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    tries       BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    done_at     BIGINT,
    dead_at     BIGINT,
    last_error  TEXT
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_subject ON outbox (subject);

-- Who did what. Rows are never changed, and go only below the horizon that
-- the retention job sets (meta 'audit.horizon'), which lies inside the seals.
CREATE TABLE audit (
    seq       BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at        BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    action    TEXT   NOT NULL,
    subject   TEXT   NOT NULL,
    center_id TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    request   TEXT   NOT NULL,
    detail    TEXT   NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_center ON audit (center_id, seq);
CREATE INDEX audit_actor ON audit (actor, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME;
END $$;

CREATE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seq >= COALESCE((SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'audit.horizon'), 0) THEN
        RAISE EXCEPTION 'audit rows are deleted below the horizon only';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_delete();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A seal covers the rows of one batch: leaves names each row and its hash.
CREATE TABLE audit_seal (
    no        BIGINT PRIMARY KEY,
    first_seq BIGINT NOT NULL,
    last_seq  BIGINT NOT NULL,
    leaves    BYTEA  NOT NULL,
    prev_hash BYTEA  NOT NULL,
    hash      BYTEA  NOT NULL,
    sealed_at BIGINT NOT NULL
);
CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One run per calendar job and due time.
CREATE TABLE job_run (
    job         TEXT   NOT NULL,
    due         BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    ended_at    BIGINT,
    attempt     BIGINT NOT NULL DEFAULT 1,
    error       TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (job, due)
);

-- Minutes in which the service ran, and in which a desk was used: what the
-- no-show drain may judge.
CREATE TABLE tick (
    minute BIGINT PRIMARY KEY
);

CREATE TABLE desk_seen (
    center_id TEXT   NOT NULL,
    minute    BIGINT NOT NULL,
    PRIMARY KEY (center_id, minute)
);
