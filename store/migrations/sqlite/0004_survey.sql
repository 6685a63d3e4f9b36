-- From a finished use to what may be shown of its answers.

CREATE TABLE survey_template (
    key          TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    body         TEXT    NOT NULL,
    hash         TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER survey_template_never_changes BEFORE UPDATE ON survey_template
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
CREATE TRIGGER survey_template_never_goes BEFORE DELETE ON survey_template
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;

-- Which bookings were counted; each has one effect.
CREATE TABLE survey_use (
    booking_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE survey_visit (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    day          TEXT    NOT NULL,
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    closed       INTEGER NOT NULL CHECK (closed IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_visit_person ON survey_visit (account_id, equipment_id, day, ends_at);
CREATE INDEX survey_visit_ended ON survey_visit (ends_at);

-- A final invitation has no visit, center and equipment.
CREATE TABLE survey_invitation (
    id           TEXT    PRIMARY KEY,
    rule         TEXT    NOT NULL,
    visit_id     TEXT,
    account_id   TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    day          TEXT    NOT NULL,
    used_until   INTEGER,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'skipped', 'sent', 'reminded', 'answered', 'expired', 'revoked')),
    reason       TEXT    NOT NULL,
    generation   INTEGER NOT NULL,
    token_hash   TEXT    UNIQUE,
    tie          TEXT    NOT NULL,
    desk         INTEGER NOT NULL CHECK (desk IN (0, 1)),
    delivered    INTEGER NOT NULL CHECK (delivered IN (0, 1)),
    blurred      INTEGER NOT NULL DEFAULT 0 CHECK (blurred IN (0, 1)),
    due_at       INTEGER,
    sent_at      INTEGER,
    remind_at    INTEGER,
    expires_at   INTEGER,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (rule, visit_id),
    CHECK (state IN ('queued', 'sent', 'reminded') OR visit_id IS NULL AND center_id = '' AND equipment_id = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_invitation_due ON survey_invitation (due_at) WHERE state = 'queued';
CREATE INDEX survey_invitation_remind ON survey_invitation (remind_at) WHERE state = 'sent';
CREATE INDEX survey_invitation_expire ON survey_invitation (expires_at) WHERE state IN ('sent', 'reminded');
CREATE INDEX survey_invitation_person ON survey_invitation (account_id, sent_at);
CREATE INDEX survey_invitation_visit ON survey_invitation (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX survey_invitation_blur ON survey_invitation (sent_at) WHERE blurred = 0;

-- One answer per invitation.
CREATE TABLE survey_answered (
    invitation_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Answers wait here without a time; the center's row says until when at most.
CREATE TABLE survey_center (
    center_id TEXT PRIMARY KEY,
    due_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_inbox (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    answers      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_inbox_center ON survey_inbox (center_id);

-- Kept by random id alone: the file's order tells nothing.
CREATE TABLE survey_response (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    answers      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_response_month ON survey_response (month, center_id);

-- The funnel, the people asked day by day, the values given.
CREATE TABLE survey_counter (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    desk         INTEGER NOT NULL CHECK (desk IN (0, 1)),
    step         TEXT    NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, desk, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_asked (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    day          TEXT    NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_tally (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    question     TEXT    NOT NULL,
    value        TEXT    NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, question, value)
) STRICT, WITHOUT ROWID;

-- What is shown: the open month's total, then the frozen cells in a chain of hashes.
CREATE TABLE survey_published (
    month     TEXT NOT NULL,
    center_id TEXT NOT NULL,
    counts    TEXT NOT NULL,
    PRIMARY KEY (month, center_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_month (
    month     TEXT    PRIMARY KEY,
    closed_at INTEGER NOT NULL,
    prev      TEXT    NOT NULL,
    hash      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_cell (
    month     TEXT    NOT NULL,
    center_id TEXT    NOT NULL,
    n         INTEGER NOT NULL CHECK (n >= 5),
    questions TEXT    NOT NULL,
    PRIMARY KEY (month, center_id)
) STRICT, WITHOUT ROWID;

-- What stands apart from the answers.
CREATE TABLE survey_ticket (
    id           TEXT PRIMARY KEY,
    center_id    TEXT NOT NULL,
    equipment_id TEXT NOT NULL,
    day          TEXT NOT NULL,
    body         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_case (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL,
    center_id    TEXT NOT NULL,
    equipment_id TEXT NOT NULL,
    month        TEXT NOT NULL,
    day          TEXT NOT NULL,
    state        TEXT NOT NULL,
    comment      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_case_center ON survey_case (center_id, state);
