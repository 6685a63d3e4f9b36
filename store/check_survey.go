package store

import (
	"context"

	"gongbang/survey"
)

// surveyInvariants are those of what comes after the use.
var surveyInvariants = []invariant{
	{"invitations answered without their mark", `SELECT COUNT(*), COALESCE(MIN(i.id), '') FROM survey_invitation i
		LEFT JOIN survey_answered a ON a.invitation_id = i.id
		WHERE i.state = 'answered' AND a.invitation_id IS NULL`},
	{"answer marks whose invitation is not answered", `SELECT COUNT(*), COALESCE(MIN(a.invitation_id), '') FROM survey_answered a
		JOIN survey_invitation i ON i.id = a.invitation_id WHERE i.state <> 'answered'`},
	// An answer can't be led back to its invitation, so they are compared as counts.
	{"answers beyond one for each invitation", `SELECT CASE WHEN k.answers > k.marks THEN k.answers - k.marks ELSE 0 END, ''
		FROM (SELECT (SELECT COUNT(*) FROM survey_inbox WHERE entry IN ('', 'named')) + (SELECT COUNT(*) FROM survey_response WHERE entry IN ('', 'named')) AS answers,
			(SELECT COUNT(*) FROM survey_answered) AS marks) AS k`},
	{"final invitations that still name their visit", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM survey_invitation
		WHERE state IN ('answered', 'expired', 'revoked', 'skipped') AND (visit_id IS NOT NULL OR equipment_id <> '')`},
	// Closing a month is in the audit, which has seals of its own: so the newest
	// month can't be taken away, nor the whole chain be made anew.
	{"closed survey months that the audit has otherwise", `SELECT COUNT(*), COALESCE(MIN(a.subject), '') FROM audit a
		LEFT JOIN survey_month m ON m.month = a.subject
		WHERE a.action = 'survey.close' AND (m.month IS NULL OR a.detail NOT LIKE '%' || m.hash || '%')`},
	{"released survey cells of no closed month", `SELECT COUNT(*), COALESCE(MIN(c.month), '') FROM survey_cell c
		LEFT JOIN survey_month m ON m.month = c.month WHERE m.month IS NULL`},
}

// surveyFindings recompute what was released: every seal, every cell of the
// counts, and the funnels.
func (db *DB) surveyFindings(ctx context.Context) ([]Finding, error) {
	v, err := Read(ctx, db, func(ctx context.Context, tx *Tx) (survey.Verified, error) {
		return survey.Verify(ctx, surveyTx{tx})
	})
	finding := func(name string, months []string) Finding {
		f := Finding{Name: name, Count: int64(len(months)), Broken: len(months) > 0}
		if f.Broken {
			f.Detail = months[0]
		}
		return f
	}
	return []Finding{
		finding("closed survey months out of their chain", v.Seals),
		finding("closed survey months whose cells are not the sum of their answers", v.Cells),
		finding("closed survey months whose funnel shrank", v.Funnel),
	}, err
}
