-- What becomes of what people say. A case is worked on until it is answered;
-- one without a person was forgotten and is a count alone. What came before
-- this step is due at once.
ALTER TABLE survey_case ADD COLUMN assignee TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_case ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE survey_case ADD COLUMN told BIGINT NOT NULL DEFAULT 0 CHECK (told IN (0, 1));
ALTER TABLE survey_case ADD COLUMN reply TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_case ADD COLUMN closed_at BIGINT CHECK ((state = 'answered') = (closed_at IS NOT NULL));
ALTER TABLE survey_case ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_case ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (state IN ('received', 'acknowledged', 'acted', 'answered'));
DROP INDEX survey_case_center;
CREATE INDEX survey_case_center ON survey_case (center_id, state, due_at);
CREATE INDEX survey_case_due ON survey_case (due_at) WHERE state <> 'answered';
CREATE INDEX survey_case_closed ON survey_case (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX survey_case_person ON survey_case (account_id);

-- "What we changed": for everybody to read.
CREATE TABLE survey_note (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    case_id      TEXT    NOT NULL,
    ko           TEXT    NOT NULL CHECK (ko <> ''),
    en           TEXT    NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT    NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX survey_note_center ON survey_note (center_id, published_at);

-- What staff made of a report of a danger, and the outage it opened.
ALTER TABLE survey_ticket ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'fault', 'safe'));
ALTER TABLE survey_ticket ADD COLUMN outage_id TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_ticket ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_ticket ADD COLUMN settled_at BIGINT CHECK ((state = 'open') = (settled_at IS NULL));
ALTER TABLE survey_ticket ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
CREATE INDEX survey_ticket_center ON survey_ticket (center_id, state);
CREATE INDEX survey_ticket_settled ON survey_ticket (settled_at) WHERE settled_at IS NOT NULL;

-- How many low scores of a month the center's managers were told of.
CREATE TABLE survey_low (
    month     TEXT    NOT NULL,
    center_id TEXT    NOT NULL,
    told      BIGINT NOT NULL,
    told_at   BIGINT NOT NULL,
    PRIMARY KEY (month, center_id)
);
