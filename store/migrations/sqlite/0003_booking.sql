-- Reservations. Times are Unix milliseconds UTC. What occupies is stored, not
-- derived: the trigger, the locks, availability and the partial index look at
-- [starts_at, busy_until) where occupies = 1 and at nothing else.

CREATE TABLE booking (
    id            TEXT    PRIMARY KEY,
    code          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    equipment_id  TEXT    NOT NULL REFERENCES equipment (id),
    center_id     TEXT    NOT NULL,
    unit          INTEGER NOT NULL CHECK (unit >= 1),
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    busy_until    INTEGER NOT NULL,
    occupies      INTEGER NOT NULL CHECK (occupies IN (0, 1)),
    counted       INTEGER NOT NULL CHECK (counted IN (0, 1)),
    account_id    TEXT    NOT NULL REFERENCES account (id),
    made_by       TEXT    NOT NULL,
    origin        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    checked_in_at INTEGER,
    ended_at      INTEGER,
    answer_by     INTEGER,
    survey_at     INTEGER,
    details       TEXT    NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK (occupies = 0 OR busy_until > starts_at)
) STRICT, WITHOUT ROWID;

-- Finished rows leave this index, so that inserts stay as fast over years of
-- history. It covers the overlap check.
CREATE INDEX booking_occupied ON booking (equipment_id, unit, starts_at, busy_until) WHERE occupies = 1;
CREATE INDEX booking_account ON booking (account_id, starts_at);
CREATE INDEX booking_center ON booking (center_id, starts_at, id);
CREATE INDEX booking_code ON booking (code);
CREATE INDEX booking_running ON booking (status, ends_at) WHERE status IN ('confirmed', 'checked_in');
CREATE INDEX booking_answer ON booking (answer_by) WHERE status = 'pending';
CREATE INDEX booking_survey ON booking (survey_at) WHERE survey_at IS NOT NULL;
CREATE INDEX booking_tidy ON booking (busy_until) WHERE occupies = 1 AND status = 'completed';

-- Occupying bookings of a unit never overlap, so only the one with the
-- greatest start before the new end can clash: one seek in the index.
CREATE TRIGGER booking_no_overlap_insert BEFORE INSERT ON booking WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'booking_overlap')
    WHERE NEW.starts_at < (
        SELECT b.busy_until FROM booking b
        WHERE b.equipment_id = NEW.equipment_id AND b.unit = NEW.unit AND b.occupies = 1 AND b.starts_at < NEW.busy_until
        ORDER BY b.starts_at DESC LIMIT 1);
END;

CREATE TRIGGER booking_no_overlap_update BEFORE UPDATE OF equipment_id, unit, starts_at, busy_until, occupies ON booking WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'booking_overlap')
    WHERE NEW.starts_at < (
        SELECT b.busy_until FROM booking b
        WHERE b.equipment_id = NEW.equipment_id AND b.unit = NEW.unit AND b.occupies = 1 AND b.starts_at < NEW.busy_until AND b.id <> NEW.id
        ORDER BY b.starts_at DESC LIMIT 1);
END;

CREATE TABLE outage (
    id             TEXT    PRIMARY KEY,
    equipment_id   TEXT    NOT NULL REFERENCES equipment (id),
    center_id      TEXT    NOT NULL,
    unit           INTEGER NOT NULL CHECK (unit >= 0), -- 0: all units
    starts_at      INTEGER NOT NULL,
    ends_at        INTEGER,
    expected_until INTEGER,
    kind           TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    CHECK (ends_at IS NOT NULL OR expected_until IS NOT NULL),
    CHECK (ends_at IS NULL OR ends_at > starts_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX outage_equipment ON outage (equipment_id, starts_at);
CREATE INDEX outage_center ON outage (center_id, starts_at);
