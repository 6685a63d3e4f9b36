-- What managers mark a comment with, from a closed list. The marks stand in
-- the response itself: they go when it goes. entry 'named' is the answer of
-- somebody who chose to give their name with it: counted apart, so that no
-- other answer can be worked out by taking known ones away.
ALTER TABLE survey_response ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE survey_response DROP CONSTRAINT survey_response_entry_check;
ALTER TABLE survey_response ADD CONSTRAINT survey_response_entry_check CHECK (entry IN ('', 'qr', 'counter', 'named'));
ALTER TABLE survey_inbox DROP CONSTRAINT survey_inbox_entry_check;
ALTER TABLE survey_inbox ADD CONSTRAINT survey_inbox_entry_check CHECK (entry IN ('', 'qr', 'counter', 'named'));
ALTER TABLE survey_inbox ADD COLUMN day TEXT NOT NULL DEFAULT '';

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
);
