package store

// surveyInvariants are those of what comes after the use.
var surveyInvariants = []invariant{
	{"invitations answered without their mark", `SELECT COUNT(*), COALESCE(MIN(i.id), '') FROM survey_invitation i
		LEFT JOIN survey_answered a ON a.invitation_id = i.id
		WHERE i.state = 'answered' AND a.invitation_id IS NULL`},
	{"answer marks whose invitation is not answered", `SELECT COUNT(*), COALESCE(MIN(a.invitation_id), '') FROM survey_answered a
		JOIN survey_invitation i ON i.id = a.invitation_id WHERE i.state <> 'answered'`},
	// An answer can't be led back to its invitation, so they are compared as counts.
	{"answers beyond one for each invitation", `SELECT CASE WHEN k.answers > k.marks THEN k.answers - k.marks ELSE 0 END, ''
		FROM (SELECT (SELECT COUNT(*) FROM survey_inbox WHERE entry = '') + (SELECT COUNT(*) FROM survey_response WHERE entry = '') AS answers,
			(SELECT COUNT(*) FROM survey_answered) AS marks) AS k`},
	{"final invitations that still name their visit", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM survey_invitation
		WHERE state IN ('answered', 'expired', 'revoked', 'skipped') AND (visit_id IS NOT NULL OR equipment_id <> '')`},
	{"closed survey months out of their chain", `SELECT COUNT(*), COALESCE(MIN(m.month), '') FROM survey_month m
		LEFT JOIN survey_month p ON p.hash = m.prev
		WHERE m.prev <> '' AND (p.month IS NULL OR p.month >= m.month)`},
	{"released survey cells of fewer than five people", `SELECT COUNT(*), COALESCE(MIN(center_id), '') FROM survey_cell WHERE n < 5`},
}
