-- What is asked, of whom, by which rule; what stands beside an answer until it
-- can't be told apart.

-- Traits of the use: gone as soon as the invitation is final.
ALTER TABLE survey_invitation ADD COLUMN trait_hour TEXT NOT NULL DEFAULT ''
    CHECK (trait_hour = '' OR state IN ('queued', 'sent', 'reminded'));
ALTER TABLE survey_invitation ADD COLUMN trait_wait TEXT NOT NULL DEFAULT ''
    CHECK (trait_wait = '' OR state IN ('queued', 'sent', 'reminded'));
ALTER TABLE survey_invitation ADD COLUMN trait_no_show TEXT NOT NULL DEFAULT ''
    CHECK (trait_no_show = '' OR state IN ('queued', 'sent', 'reminded'));
CREATE INDEX survey_invitation_days ON survey_invitation (account_id, day);

-- entry is '' for an invitation's link, else 'qr' or 'counter'. account_id is ''
-- unless the questionnaire says that answers stay linked for a while.
ALTER TABLE survey_inbox ADD COLUMN trait_hour TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_inbox ADD COLUMN trait_wait TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_inbox ADD COLUMN trait_no_show TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_inbox ADD COLUMN entry TEXT NOT NULL DEFAULT '' CHECK (entry IN ('', 'qr', 'counter'));
ALTER TABLE survey_inbox ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_response ADD COLUMN entry TEXT NOT NULL DEFAULT '' CHECK (entry IN ('', 'qr', 'counter'));

-- Who gave a linked answer; destroyed when the time that was promised is over.
CREATE TABLE survey_link (
    response_id TEXT    PRIMARY KEY,
    account_id  TEXT    NOT NULL,
    mode        TEXT    NOT NULL CHECK (mode IN ('confidential', 'identified')),
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_link_person ON survey_link (account_id);
CREATE INDEX survey_link_expires ON survey_link (expires_at);

-- Each rule has a funnel of its own. By machine and contact it counts answers;
-- complete and partial are told apart for the whole center alone: how much
-- somebody answered is part of a response, and must not lead to its machine.
CREATE TABLE survey_counter_by_rule (
    rule         TEXT    NOT NULL DEFAULT 'use',
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    desk         INTEGER NOT NULL CHECK (desk IN (0, 1)),
    step         TEXT    NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (rule, month, center_id, category, equipment_id, desk, step)
) STRICT, WITHOUT ROWID;
INSERT INTO survey_counter_by_rule (month, center_id, category, equipment_id, desk, step, n)
    SELECT month, center_id, category, equipment_id, desk, step, n FROM survey_counter WHERE step NOT IN ('completed', 'partial');
INSERT INTO survey_counter_by_rule (month, center_id, category, equipment_id, desk, step, n)
    SELECT month, center_id, category, equipment_id, desk, 'answered', SUM(n) FROM survey_counter
    WHERE step IN ('completed', 'partial') GROUP BY month, center_id, category, equipment_id, desk;
INSERT INTO survey_counter_by_rule (month, center_id, category, equipment_id, desk, step, n)
    SELECT month, center_id, '', '', 0, step, SUM(n) FROM survey_counter
    WHERE step IN ('completed', 'partial') GROUP BY month, center_id, step;
DROP TABLE survey_counter;
ALTER TABLE survey_counter_by_rule RENAME TO survey_counter;

-- A response tells its questionnaire, so people are counted by it.
CREATE TABLE survey_asked_about (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    day          TEXT    NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (month, center_id, category, equipment_id, template, version, day)
) STRICT, WITHOUT ROWID;
INSERT INTO survey_asked_about (month, center_id, category, equipment_id, template, version, day, n)
    SELECT month, center_id, category, equipment_id, 'use-standard', 1, day, n FROM survey_asked;
DROP TABLE survey_asked;
ALTER TABLE survey_asked_about RENAME TO survey_asked;

-- How many people's answers were moved out of the inbox by machine, and how
-- many kept it (equipment_id '': kept the category alone).
CREATE TABLE survey_ground (
    month        TEXT    NOT NULL,
    center_id    TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    entry        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    people       INTEGER NOT NULL,
    kept         INTEGER NOT NULL,
    PRIMARY KEY (month, center_id, template, version, entry, category, equipment_id)
) STRICT, WITHOUT ROWID;
