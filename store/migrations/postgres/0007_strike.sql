-- What a no-show or a late cancel cost. A row stays: taking it back and
-- waiving it are written beside. id is the booking and the kind.
CREATE TABLE strike (
    id            TEXT    PRIMARY KEY,
    booking_id    TEXT    NOT NULL REFERENCES booking (id),
    kind          TEXT    NOT NULL CHECK (kind IN ('no_show', 'late_cancel', 'late_move')),
    account_id    TEXT    NOT NULL REFERENCES account (id),
    center_id     TEXT    NOT NULL,
    equipment_id  TEXT    NOT NULL,
    at            BIGINT  NOT NULL,
    points        BIGINT  NOT NULL CHECK (points > 0),
    minutes       BIGINT  NOT NULL,
    rule          TEXT    NOT NULL,
    taken_back_at BIGINT,
    waived_at     BIGINT,
    waived_by     TEXT,
    waive_reason  TEXT,
    review_at     BIGINT,
    review_text   TEXT,
    kept_at       BIGINT,
    kept_by       TEXT,
    keep_reason   TEXT,
    UNIQUE (booking_id, kind)
);
CREATE INDEX strike_account ON strike (account_id, at);
CREATE INDEX strike_review ON strike (center_id, review_at)
    WHERE review_at IS NOT NULL AND kept_at IS NULL AND waived_at IS NULL AND taken_back_at IS NULL;

-- When the next reminder of a booking is handed out.
ALTER TABLE booking ADD COLUMN remind_at BIGINT;
CREATE INDEX booking_remind ON booking (remind_at) WHERE status = 'confirmed' AND remind_at IS NOT NULL;
