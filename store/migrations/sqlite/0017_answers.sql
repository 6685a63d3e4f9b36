-- What managers mark a comment with, from a closed list. The marks stand in
-- the response itself: they go when it goes.
ALTER TABLE survey_response ADD COLUMN tags TEXT NOT NULL DEFAULT '';
