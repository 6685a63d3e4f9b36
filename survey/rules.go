package survey

import (
	"context"
	"encoding/binary"
	"slices"
	"time"
)

// Names of the rules; counters and invitations carry them.
const (
	useRule      = "use"
	notUsedRule  = "not-used"
	trainingRule = "training"
	yearlyRule   = "yearly"
)

// rule says who is asked what after which event.
type rule struct {
	name     string
	trigger  string // the event, for whoever reads the table
	template func(uses int) string
	visits   bool // uses that follow each other are asked about once
	// wait is the least time from the event to the message.
	wait time.Duration
}

// rules is the one table of what is asked when. When several are due for one
// person the first wins: what comes up rarely is not crowded out by what is
// asked often. Who came from a course or could not use a machine is left alone
// for a day, and a use within it is asked about instead: the score keeps its coverage.
var rules = []rule{
	{yearlyRule, "1 December, who used a center in the last twelve months", always(yearlyKey), false, 0},
	{trainingRule, "a certificate was given after a course", always(trainingKey), false, aDay},
	{useRule, "check-out, else the scheduled end", standardOrShort, true, 0},
	{notUsedRule, "no-show, late cancel, rejected, machine out of service", always(notUsedKey), false, aDay},
}

const (
	aDay = 24 * time.Hour
	// often: who used machines more often than this lately gets the short questionnaire.
	often     = 4
	oftenDays = 30
)

func always(key string) func(int) string { return func(int) string { return key } }

func standardOrShort(uses int) string {
	if uses > often {
		return shortKey
	}
	return standardKey
}

// HasRule tells whether the table has a rule of that name.
func HasRule(name string) bool { return rank(name) >= 0 }

// ruleNamed finds a rule of the table.
func ruleNamed(name string) rule {
	return rules[slices.IndexFunc(rules, func(r rule) bool { return r.name == name })]
}

// rank of a rule among those that are due for one person: less is first.
func rank(name string) int {
	return slices.IndexFunc(rules, func(r rule) bool { return r.name == name })
}

// questionnaire is the newest version of what the rule asks after this use.
func (s *Service) questionnaire(ctx context.Context, tx Tx, r rule, u Use, zone *time.Location) (*Template, error) {
	uses := 1
	if r.visits && u.AccountID != "" {
		earlier, err := tx.Uses(ctx, u.AccountID, day(u.End.AddDate(0, 0, -oftenDays), zone))
		if err != nil {
			return nil, err
		}
		uses += earlier
	}
	return tx.Newest(ctx, r.template(uses))
}

// sampled tells whether the visit is in the share of the rule that is asked:
// by a keyed hash, so that nobody can pick.
func (s *Service) sampled(r rule, id string) bool {
	share, limited := s.d.Shares[r.name]
	if !limited {
		return true
	}
	return s.part(100, "survey.sample", r.name, id) < share
}

// part is a number in [0, n) that the key and the parts alone decide.
func (s *Service) part(n int, purpose string, parts ...string) int {
	sum := keyed(s.d.Key, purpose, parts...)
	return int(binary.BigEndian.Uint64(sum) % uint64(n))
}
