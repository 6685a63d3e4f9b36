-- From a finished use to what may be shown of its answers.

CREATE TABLE survey_template (
    key          TEXT    NOT NULL,
    version      BIGINT NOT NULL,
    body         TEXT    NOT NULL,
    hash         TEXT    NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (key, version)
);
CREATE FUNCTION survey_template_never_changes() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a published version never changes'; END $$;
CREATE TRIGGER survey_template_never_changes BEFORE UPDATE OR DELETE ON survey_template
    FOR EACH ROW EXECUTE FUNCTION survey_template_never_changes();

-- Which bookings were counted; each has one effect.
CREATE TABLE survey_use (
    booking_id TEXT PRIMARY KEY
);

CREATE TABLE survey_visit (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    day          TEXT    NOT NULL,
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    closed       BIGINT NOT NULL CHECK (closed IN (0, 1))
);
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
    used_until   BIGINT,
    template     TEXT    NOT NULL,
    version      BIGINT NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'skipped', 'sent', 'reminded', 'answered', 'expired', 'revoked')),
    reason       TEXT    NOT NULL,
    generation   BIGINT NOT NULL,
    token_hash   TEXT    UNIQUE,
    tie          TEXT    NOT NULL,
    desk         BIGINT NOT NULL CHECK (desk IN (0, 1)),
    delivered    BIGINT NOT NULL CHECK (delivered IN (0, 1)),
    blurred      BIGINT NOT NULL DEFAULT 0 CHECK (blurred IN (0, 1)),
    due_at       BIGINT,
    sent_at      BIGINT,
    remind_at    BIGINT,
    expires_at   BIGINT,
    lease_until  BIGINT NOT NULL DEFAULT 0,
    UNIQUE (rule, visit_id),
    CHECK (state IN ('queued', 'sent', 'reminded') OR visit_id IS NULL AND center_id = '' AND equipment_id = '')
);
CREATE INDEX survey_invitation_due ON survey_invitation (due_at) WHERE state = 'queued';
CREATE INDEX survey_invitation_remind ON survey_invitation (remind_at) WHERE state = 'sent';
CREATE INDEX survey_invitation_expire ON survey_invitation (expires_at) WHERE state IN ('sent', 'reminded');
CREATE INDEX survey_invitation_person ON survey_invitation (account_id, sent_at);
CREATE INDEX survey_invitation_visit ON survey_invitation (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX survey_invitation_blur ON survey_invitation (sent_at) WHERE blurred = 0;

-- One answer per invitation.
CREATE TABLE survey_answered (
    invitation_id TEXT PRIMARY KEY
);

-- Answers wait here without a time; the center's row says until when at most.
CREATE TABLE survey_center (
    center_id TEXT PRIMARY KEY,
    due_at    BIGINT
);
CREATE TABLE survey_inbox (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      BIGINT NOT NULL,
    answers      TEXT    NOT NULL
);
CREATE INDEX survey_inbox_center ON survey_inbox (center_id);

-- Each batch arrives shuffled, in a transaction of its own.
CREATE TABLE survey_response (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      BIGINT NOT NULL,
    answers      TEXT    NOT NULL
);
CREATE INDEX survey_response_month ON survey_response (month, center_id);

-- The funnel, the people asked day by day, the values given.
CREATE TABLE survey_counter (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    desk         BIGINT NOT NULL CHECK (desk IN (0, 1)),
    step         TEXT    NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, desk, step)
);
CREATE TABLE survey_asked (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    day          TEXT    NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, day)
);
CREATE TABLE survey_tally (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    question     TEXT    NOT NULL,
    value        TEXT    NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, question, value)
);

-- What is shown: the open month's total, then the frozen cells in a chain of hashes.
CREATE TABLE survey_published (
    month     TEXT NOT NULL,
    center_id TEXT NOT NULL,
    counts    TEXT NOT NULL,
    PRIMARY KEY (month, center_id)
);
CREATE TABLE survey_month (
    month     TEXT    PRIMARY KEY,
    closed_at BIGINT NOT NULL,
    prev      TEXT    NOT NULL,
    hash      TEXT    NOT NULL
);
CREATE TABLE survey_cell (
    month     TEXT    NOT NULL,
    center_id TEXT    NOT NULL,
    n         BIGINT NOT NULL CHECK (n >= 5),
    questions TEXT    NOT NULL,
    PRIMARY KEY (month, center_id)
);

-- What stands apart from the answers.
CREATE TABLE survey_ticket (
    id           TEXT PRIMARY KEY,
    center_id    TEXT NOT NULL,
    equipment_id TEXT NOT NULL,
    day          TEXT NOT NULL,
    body         TEXT NOT NULL
);
CREATE TABLE survey_case (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL,
    center_id    TEXT NOT NULL,
    equipment_id TEXT NOT NULL,
    month        TEXT NOT NULL,
    day          TEXT NOT NULL,
    state        TEXT NOT NULL,
    comment      TEXT NOT NULL
);
CREATE INDEX survey_case_center ON survey_case (center_id, state);
