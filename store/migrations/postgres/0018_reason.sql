-- Why somebody did something, typed by staff. The audit row is sealed for good
-- and holds a hash of the text alone; the text and its salt go when the person
-- it is about leaves, or after its date, and the row says when and for what.
CREATE TABLE audit_reason (
    audit_seq   BIGINT PRIMARY KEY,
    about       TEXT   NOT NULL,
    salt        TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    erase_after BIGINT NOT NULL,
    erased_at   BIGINT,
    erased_for  TEXT   CHECK (erased_for IN ('left', 'date')),
    CHECK ((erased_at IS NULL) = (erased_for IS NULL) AND (erased_at IS NULL) = (salt <> '') AND (erased_at IS NULL) = (body <> ''))
);
CREATE INDEX audit_reason_about ON audit_reason (about) WHERE erased_at IS NULL;
CREATE INDEX audit_reason_due ON audit_reason (erase_after) WHERE erased_at IS NULL;

CREATE FUNCTION audit_reason_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.audit_seq <> OLD.audit_seq OR NEW.about <> OLD.about OR NEW.erase_after <> OLD.erase_after THEN
        RAISE EXCEPTION 'reasons are erased, never changed';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_reason_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.audit_seq >= COALESCE((SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'audit.horizon'), 0) THEN
        RAISE EXCEPTION 'reasons are deleted with their audit rows only';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER audit_reason_no_update BEFORE UPDATE ON audit_reason
    FOR EACH ROW EXECUTE FUNCTION audit_reason_update();
CREATE TRIGGER audit_reason_no_delete BEFORE DELETE ON audit_reason
    FOR EACH ROW EXECUTE FUNCTION audit_reason_delete();
CREATE TRIGGER audit_reason_no_truncate BEFORE TRUNCATE ON audit_reason
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
