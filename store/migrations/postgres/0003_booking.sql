-- Reservations. Times are Unix milliseconds UTC. What occupies is stored, not
-- derived: the constraint, the locks, availability and the partial index look at
-- [starts_at, busy_until) where occupies = 1 and at nothing else.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE booking (
    id            TEXT    PRIMARY KEY,
    code          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    version       BIGINT  NOT NULL,
    equipment_id  TEXT    NOT NULL REFERENCES equipment (id),
    center_id     TEXT    NOT NULL,
    unit          BIGINT  NOT NULL CHECK (unit >= 1),
    starts_at     BIGINT  NOT NULL,
    ends_at       BIGINT  NOT NULL,
    busy_until    BIGINT  NOT NULL,
    occupies      BIGINT  NOT NULL CHECK (occupies IN (0, 1)),
    counted       BIGINT  NOT NULL CHECK (counted IN (0, 1)),
    account_id    TEXT    NOT NULL REFERENCES account (id),
    made_by       TEXT    NOT NULL,
    origin        TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    checked_in_at BIGINT ,
    ended_at      BIGINT ,
    answer_by     BIGINT ,
    survey_at     BIGINT ,
    details       TEXT    NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK (occupies = 0 OR busy_until > starts_at),
    CONSTRAINT booking_overlap EXCLUDE USING gist
        (equipment_id WITH =, unit WITH =, int8range(starts_at, busy_until) WITH &&) WHERE (occupies = 1)
);

-- Finished rows leave this index, so that it stays small over years of history.
CREATE INDEX booking_occupied ON booking (equipment_id, unit, starts_at, busy_until) WHERE occupies = 1;
CREATE INDEX booking_account ON booking (account_id, starts_at);
CREATE INDEX booking_center ON booking (center_id, starts_at, id);
CREATE INDEX booking_code ON booking (code);
CREATE INDEX booking_running ON booking (status, ends_at) WHERE status IN ('confirmed', 'checked_in');
CREATE INDEX booking_answer ON booking (answer_by) WHERE status = 'pending';
CREATE INDEX booking_survey ON booking (survey_at) WHERE survey_at IS NOT NULL;
CREATE INDEX booking_tidy ON booking (busy_until) WHERE occupies = 1 AND status = 'completed';

CREATE TABLE outage (
    id             TEXT    PRIMARY KEY,
    equipment_id   TEXT    NOT NULL REFERENCES equipment (id),
    center_id      TEXT    NOT NULL,
    unit           BIGINT  NOT NULL CHECK (unit >= 0), -- 0: all units
    starts_at      BIGINT  NOT NULL,
    ends_at        BIGINT ,
    expected_until BIGINT ,
    kind           TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    version        BIGINT  NOT NULL,
    created_at     BIGINT  NOT NULL,
    CHECK (ends_at IS NOT NULL OR expected_until IS NOT NULL),
    CHECK (ends_at IS NULL OR ends_at > starts_at)
);
CREATE INDEX outage_equipment ON outage (equipment_id, starts_at);
CREATE INDEX outage_center ON outage (center_id, starts_at);
