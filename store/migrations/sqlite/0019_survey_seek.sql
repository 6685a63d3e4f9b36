-- Comments are found and counted without going through the answers that have
-- none. A question is a key of the JSON: inside of a text its quotes are escaped.
CREATE INDEX survey_response_comment ON survey_response (center_id, month, template, entry, id)
    WHERE answers LIKE '%"comment":"%';

-- What is known about one center is found without going through the others.
CREATE INDEX survey_cell_center ON survey_cell (center_id, dim, month);
CREATE INDEX survey_counter_center ON survey_counter (center_id, rule, month);
