-- Rules that change. Times are Unix milliseconds UTC. A layer is the catalog
-- (subject ''), a center or a machine; its document keeps what it began with.
-- Versions are only ever added: the highest no whose effective_from has come is in force.
CREATE TABLE policy_version (
    layer          TEXT    NOT NULL CHECK (layer IN ('catalog', 'center', 'equipment')),
    subject        TEXT    NOT NULL,
    no             INTEGER NOT NULL CHECK (no >= 1),
    effective_from INTEGER NOT NULL,
    doc            TEXT    NOT NULL,
    made_by        TEXT    NOT NULL,
    made_at        INTEGER NOT NULL,
    PRIMARY KEY (layer, subject, no)
) STRICT, WITHOUT ROWID;

-- Closures that were posted; center_id '' is the whole city. One that was
-- taken back stays, with the instant at which it ended.
CREATE TABLE closure (
    id         TEXT    PRIMARY KEY,
    center_id  TEXT    NOT NULL,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    made_by    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER,
    CHECK (ends_at > starts_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX closure_ends ON closure (ends_at);

-- What became of each booking that an outage, a closure or a change of the
-- offer (the subject) hit, so that a repeated request is told the same.
CREATE TABLE withdrawn (
    subject    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    ord        INTEGER NOT NULL,
    booking_id TEXT    NOT NULL,
    became     TEXT    NOT NULL,
    PRIMARY KEY (subject, at, booking_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE center ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE equipment ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Outages of one recurring maintenance share the id of the first.
ALTER TABLE outage ADD COLUMN series TEXT NOT NULL DEFAULT '';
CREATE INDEX outage_series ON outage (series) WHERE series <> '';
CREATE INDEX outage_open ON outage (expected_until) WHERE ends_at IS NULL;
