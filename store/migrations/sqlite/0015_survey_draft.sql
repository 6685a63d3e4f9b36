-- Versions of questionnaires in the making, one per key at most. What is
-- published stands in survey_template and never changes.
CREATE TABLE survey_draft (
    key        TEXT   NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    body       TEXT   NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
