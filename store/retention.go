package store

import (
	"context"
	"time"

	"gongbang/account"
)

// The dates after which what people said and were asked is destroyed. The
// privacy page prints the same figures.
const (
	KeepClosedCases = 30 * 24 * time.Hour  // contact and words of a case, from its answer
	KeepOpenCases   = 365 * 24 * time.Hour // and of one that nobody answered, from when it was due
	KeepTickets     = 365 * 24 * time.Hour // reports of a danger, from when staff settled them
	KeepLinks       = 30 * 24 * time.Hour  // the hash of a link, from its last day
	KeepInvited     = 400 * 24 * time.Hour // who was asked when: thirteen months, the caps need twelve
	// KeepReasons is for what staff typed beside what they did: as long as why
	// somebody looked at personal data has to be shown.
	KeepReasons = 2 * 365 * 24 * time.Hour
)

// destroyed is the action under which the audit keeps the proof.
const destroyed = "retention.destroy"

const (
	forgetClosed = `UPDATE survey_case SET account_id = '', comment = '', reply = '', equipment_id = '', closed_by = '', assignee = ''
		WHERE closed_at < $1 AND account_id <> ''`
	forgetOpen = `UPDATE survey_case SET account_id = '', comment = '', equipment_id = '', assignee = ''
		WHERE state <> 'answered' AND due_at < $1 AND account_id <> ''`
	forgetTickets = `DELETE FROM survey_ticket WHERE settled_at < $1`
	forgetLinks   = `UPDATE survey_invitation SET token_hash = NULL WHERE expires_at < $1 AND token_hash IS NOT NULL
		AND state IN ('answered', 'expired', 'revoked')`
	forgetAnswered = `DELETE FROM survey_answered WHERE invitation_id IN (SELECT id FROM survey_invitation
		WHERE day < $1 AND state IN ('answered', 'expired', 'revoked', 'skipped'))`
	forgetInvited = `DELETE FROM survey_invitation WHERE day < $1 AND state IN ('answered', 'expired', 'revoked', 'skipped')`
)

// DestroyOld destroys what is past its date and leaves a proof in the audit:
// counts, not contents. It returns how many rows that were. The file itself is
// made anew by Compact, so that no copy of a row is left in a page.
func (db *DB) DestroyOld(ctx context.Context) (int, error) {
	return Do(ctx, db, func(ctx context.Context, tx *Tx) (int, error) {
		before := func(keep time.Duration) int64 { return ms(tx.Now().Add(-keep)) }
		day := tx.Now().Add(-KeepInvited).Format(time.DateOnly)
		total, detail := 0, map[string]any{}
		for _, s := range []struct {
			what, query string
			arg         any
		}{
			{"cases_answered", forgetClosed, before(KeepClosedCases)}, {"cases_unanswered", forgetOpen, before(KeepOpenCases)},
			{"tickets", forgetTickets, before(KeepTickets)}, {"links", forgetLinks, before(KeepLinks)},
			{"answer_marks", forgetAnswered, day}, {"invitations", forgetInvited, day}, {"reasons", forgetDue, before(0)},
		} {
			n, err := tx.Exec(ctx, s.query, s.arg)
			if err != nil {
				return 0, err
			}
			if n > 0 {
				detail[s.what], total = n, total+int(n)
			}
		}
		if total == 0 {
			return 0, nil
		}
		if _, err := tx.Exec(ctx, setMeta, leftMark, logMark+destroyed); err != nil {
			return 0, err
		}
		return total, tx.Record(ctx, account.Entry{Actor: account.System("retention").Name(), Action: destroyed, Subject: "survey", Detail: detail})
	})
}
