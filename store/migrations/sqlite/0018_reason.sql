-- Why somebody did something, typed by staff. The audit row is sealed for good
-- and holds a hash of the text alone; the text and its salt go when the person
-- it is about leaves, or after its date, and the row says when and for what.
CREATE TABLE audit_reason (
    audit_seq   INTEGER PRIMARY KEY,
    about       TEXT    NOT NULL,
    salt        TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    erase_after INTEGER NOT NULL,
    erased_at   INTEGER,
    erased_for  TEXT    CHECK (erased_for IN ('left', 'date')),
    CHECK ((erased_at IS NULL) = (erased_for IS NULL) AND (erased_at IS NULL) = (salt <> '') AND (erased_at IS NULL) = (body <> ''))
) STRICT;
CREATE INDEX audit_reason_about ON audit_reason (about) WHERE erased_at IS NULL;
CREATE INDEX audit_reason_due ON audit_reason (erase_after) WHERE erased_at IS NULL;

CREATE TRIGGER audit_reason_no_update BEFORE UPDATE ON audit_reason
WHEN OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.audit_seq <> OLD.audit_seq OR NEW.about <> OLD.about OR NEW.erase_after <> OLD.erase_after
BEGIN
    SELECT RAISE(ABORT, 'reasons are erased, never changed');
END;

CREATE TRIGGER audit_reason_no_delete BEFORE DELETE ON audit_reason
WHEN OLD.audit_seq >= COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'audit.horizon'), 0)
BEGIN
    SELECT RAISE(ABORT, 'reasons are deleted with their audit rows only');
END;
