package survey

import (
	"sort"
	"time"
)

const (
	capPerson   = 14 * 24 * time.Hour
	capCategory = 30 * 24 * time.Hour
	capYear     = 12
	year        = 365 * 24 * time.Hour
	silentRun   = 3
	rest        = 90 * 24 * time.Hour
	// adultYears: by the year of birth alone, who turns 14 this year may still be 13.
	adultYears = 15
)

// judge is the one rule of who is asked: the reason not to send i at that
// moment, or "". past is what was sent to the person, oldest first.
func judge(i *Invitation, r Reach, past []*Invitation, at time.Time) Skip {
	switch {
	case r.Staff:
		return SkipStaff
	case r.BirthYear > 0 && i.UsedUntil.Year()-r.BirthYear < adultYears:
		return SkipUnder14
	case r.OptOut:
		return SkipOptOut
	case r.Channel == "" || i.Account == "":
		return SkipNoChannel
	case at.Sub(i.UsedUntil) > giveUp:
		return SkipUnsent
	}
	return caps(i.Category, past, at)
}

// caps tells which limit on messages forbids one more at that moment.
func caps(category string, past []*Invitation, at time.Time) Skip {
	var person, same, inYear bool
	n := 0
	for _, p := range past {
		ago := at.Sub(p.SentAt)
		person = person || ago < capPerson
		same = same || p.Category == category && ago < capCategory
		if ago < year {
			n++
		}
	}
	inYear = n >= capYear
	switch {
	case at.Before(restUntil(past)):
		return SkipQuarantine
	case person:
		return SkipPerson
	case same:
		return SkipCategory
	case inYear:
		return SkipYear
	}
	return ""
}

// restUntil is the end of the rest after three silent invitations in a row;
// zero when the last three were not all silent. Open ones say nothing yet.
func restUntil(past []*Invitation) time.Time {
	silent, last := 0, time.Time{}
	for i := len(past) - 1; i >= 0 && silent < silentRun; i-- {
		switch past[i].State {
		case Sent, Reminded:
			continue
		case Expired:
			silent++
			if last.IsZero() {
				last = past[i].ExpiresAt
			}
		default:
			return time.Time{}
		}
	}
	if silent < silentRun {
		return time.Time{}
	}
	return last.Add(rest)
}

// choose orders what competes for one message: by rule, then the machine with
// the fewest recent answers first, then by a keyed hash that nobody can steer.
func choose(due []*Invitation, answers map[string]int) {
	sort.SliceStable(due, func(a, b int) bool {
		if x, y := rank(due[a].Rule), rank(due[b].Rule); x != y {
			return x < y
		}
		if x, y := answers[due[a].Equipment], answers[due[b].Equipment]; x != y {
			return x < y
		}
		return due[a].Tie < due[b].Tie
	})
}
