-- What managers mark a comment with, from a closed list. The marks stand in
-- the response itself: they go when it goes. entry 'named' is the answer of
-- somebody who chose to give their name with it: counted apart, so that no
-- other answer can be worked out by taking known ones away.
CREATE TABLE survey_response_named (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    answers      TEXT    NOT NULL,
    entry        TEXT    NOT NULL DEFAULT '' CHECK (entry IN ('', 'qr', 'counter', 'named')),
    tags         TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO survey_response_named (id, center_id, month, category, equipment_id, template, version, answers, entry)
    SELECT id, center_id, month, category, equipment_id, template, version, answers, entry FROM survey_response;
DROP TABLE survey_response;
ALTER TABLE survey_response_named RENAME TO survey_response;
CREATE INDEX survey_response_month ON survey_response (month, center_id);
CREATE INDEX survey_response_comment ON survey_response (center_id, month, template, entry, id)
    WHERE answers LIKE '%"comment":"%';
CREATE TABLE survey_inbox_named (
    id           TEXT    PRIMARY KEY,
    center_id    TEXT    NOT NULL,
    month        TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    equipment_id TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    answers      TEXT    NOT NULL,
    trait_hour   TEXT    NOT NULL DEFAULT '',
    trait_wait   TEXT    NOT NULL DEFAULT '',
    trait_no_show TEXT   NOT NULL DEFAULT '',
    entry        TEXT    NOT NULL DEFAULT '' CHECK (entry IN ('', 'qr', 'counter', 'named')),
    account_id   TEXT    NOT NULL DEFAULT '',
    day          TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO survey_inbox_named (id, center_id, month, category, equipment_id, template, version, answers, trait_hour, trait_wait, trait_no_show, entry, account_id)
    SELECT id, center_id, month, category, equipment_id, template, version, answers, trait_hour, trait_wait, trait_no_show, entry, account_id FROM survey_inbox;
DROP TABLE survey_inbox;
ALTER TABLE survey_inbox_named RENAME TO survey_inbox;
CREATE INDEX survey_inbox_center ON survey_inbox (center_id);

-- Of an answer with a name, what its center is shown beside it; the id is of
-- the link alone.
ALTER TABLE survey_link ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_link ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_link ADD COLUMN equipment_id TEXT NOT NULL DEFAULT '';
CREATE INDEX survey_link_named ON survey_link (day, id) WHERE id <> '';

-- Texts of questionnaires that came with the program, each brought in once:
-- as a version, or as a draft beside a center's own.
CREATE TABLE survey_brought (
    key  TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (key, text)
) STRICT, WITHOUT ROWID;
