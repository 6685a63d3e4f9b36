-- What was answered is counted by series and in one dimension at a time: a
-- center's answers, those of a category, of a machine, of an hour. held is what
-- came since the month was last shown: too few to be told from what was.
CREATE TABLE survey_tally_by (
    month     TEXT    NOT NULL,
    center_id TEXT    NOT NULL,
    series    TEXT    NOT NULL,
    dim       TEXT    NOT NULL CHECK (dim IN ('', 'category', 'equipment', 'hour', 'wait', 'noshow')),
    key       TEXT    NOT NULL,
    parent    TEXT    NOT NULL,
    question  TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    held      INTEGER NOT NULL,
    PRIMARY KEY (month, center_id, series, dim, key, parent, question, value)
) STRICT, WITHOUT ROWID;
INSERT INTO survey_tally_by
    SELECT month, center_id, 'use-standard', '', '', '', question, value, 0, SUM(n)
    FROM survey_tally GROUP BY month, center_id, question, value;
INSERT INTO survey_tally_by
    SELECT month, center_id, 'use-standard', 'category', category, '', question, value, 0, SUM(n)
    FROM survey_tally WHERE category <> '' GROUP BY month, center_id, category, question, value;
INSERT INTO survey_tally_by
    SELECT month, center_id, 'use-standard', 'equipment', equipment_id, category, question, value, 0, SUM(n)
    FROM survey_tally WHERE category <> '' AND equipment_id <> '' GROUP BY month, center_id, category, equipment_id, question, value;
-- How many answered at all stands as a question of its own.
INSERT INTO survey_tally_by
    SELECT month, center_id, series, dim, key, parent, '', '#', 0, SUM(held)
    FROM survey_tally_by WHERE question = 'overall' AND value IN ('1', '2', '3', '4', '5')
    GROUP BY month, center_id, series, dim, key, parent;
UPDATE survey_tally_by SET n = held, held = 0 WHERE month IN (SELECT month FROM survey_month);
DROP TABLE survey_tally;
ALTER TABLE survey_tally_by RENAME TO survey_tally;

CREATE TABLE survey_published_of (
    month     TEXT NOT NULL,
    center_id TEXT NOT NULL,
    series    TEXT NOT NULL,
    counts    TEXT NOT NULL,
    PRIMARY KEY (month, center_id, series)
) STRICT, WITHOUT ROWID;
INSERT INTO survey_published_of SELECT month, center_id, 'use-standard', counts FROM survey_published;
DROP TABLE survey_published;
ALTER TABLE survey_published_of RENAME TO survey_published;

-- Released cells: a center's month, quarter or half-year, and inside of it
-- categories, machines and traits. n is how many answered, shown or not.
CREATE TABLE survey_cell_of (
    period      TEXT    NOT NULL,
    center_id   TEXT    NOT NULL,
    series      TEXT    NOT NULL,
    dim         TEXT    NOT NULL CHECK (dim IN ('', 'category', 'equipment', 'hour', 'wait', 'noshow')),
    key         TEXT    NOT NULL,
    parent      TEXT    NOT NULL,
    month       TEXT    NOT NULL,
    first_month TEXT    NOT NULL,
    n           INTEGER NOT NULL,
    questions   TEXT    NOT NULL,
    months      TEXT    NOT NULL,
    PRIMARY KEY (period, center_id, series, dim, key, parent)
) STRICT, WITHOUT ROWID;
INSERT INTO survey_cell_of
    SELECT month, center_id, 'use-standard', '', '', '', month, month, n, questions, '' FROM survey_cell;
DROP TABLE survey_cell;
ALTER TABLE survey_cell_of RENAME TO survey_cell;
CREATE INDEX survey_cell_closed ON survey_cell (month, dim);

-- Version 1 sealed the centers' cells alone.
ALTER TABLE survey_month ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE survey_month ADD COLUMN funnel TEXT NOT NULL DEFAULT '';

CREATE TRIGGER survey_month_never_changes BEFORE UPDATE ON survey_month
BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END;
CREATE TRIGGER survey_month_never_goes BEFORE DELETE ON survey_month
BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END;
CREATE TRIGGER survey_cell_never_changes BEFORE UPDATE ON survey_cell
BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END;
CREATE TRIGGER survey_cell_never_goes BEFORE DELETE ON survey_cell
BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END;
