package survey

import "time"

// State of an invitation.
type State string

const (
	Queued   State = "queued"
	Skipped  State = "skipped"
	Sent     State = "sent"
	Reminded State = "reminded"
	Answered State = "answered"
	Expired  State = "expired"
	Revoked  State = "revoked"
)

// Skip is why a use is not asked about.
type Skip string

const (
	SkipPerson     Skip = "cap_person"
	SkipCategory   Skip = "cap_category"
	SkipYear       Skip = "cap_year"
	SkipQuarantine Skip = "quarantine"
	SkipOptOut     Skip = "opt_out"
	SkipNoChannel  Skip = "no_channel"
	SkipUnder14    Skip = "under14"
	SkipStaff      Skip = "staff_or_test"
	SkipSampled    Skip = "sampled_out"
	SkipUnsent     Skip = "expired_unsent"
)

// Skips lists all reasons in the order they are printed.
var Skips = []Skip{SkipPerson, SkipCategory, SkipYear, SkipQuarantine, SkipOptOut, SkipNoChannel,
	SkipUnder14, SkipStaff, SkipSampled, SkipUnsent}

// transitions is the one table of what may follow what.
var transitions = map[State][]State{
	Queued:   {Queued, Skipped, Sent},
	Sent:     {Sent, Reminded, Answered, Expired, Revoked},
	Reminded: {Reminded, Answered, Expired, Revoked},
}

// Invitation is one person asked once about one visit. When it is final it has
// lost visit, equipment and center; person, day and outcome stay for the caps.
type Invitation struct {
	ID, Rule, Visit, Account    string
	Center, Equipment, Category string
	Day                         string    // of the use
	UsedUntil                   time.Time // zero once final
	Template                    string
	Version                     int
	State                       State
	Reason                      Skip
	Generation                  int
	TokenHash                   string // set when sent
	Tie                         string // keyed hash that breaks ties between visits
	Desk                        bool   // the contact was typed at the desk
	Delivered                   bool
	Traits                      Traits
	DueAt                       time.Time
	SentAt, RemindAt, ExpiresAt time.Time // zero: not
}

// Month of the use, "2006-01".
func (i *Invitation) Month() string { return i.Day[:min(len(monthLayout), len(i.Day))] }

// may tells whether the invitation can go to the state.
func (i *Invitation) may(to State) bool {
	for _, s := range transitions[i.State] {
		if s == to {
			return true
		}
	}
	return false
}

// open tells whether an answer may still come.
func (i *Invitation) open(now time.Time) bool { return i.may(Answered) && !now.After(i.ExpiresAt) }

// final ends the invitation and forgets what it was about.
func (i *Invitation) final(to State) {
	i.State = to
	i.Visit, i.Center, i.Equipment, i.Tie = "", "", "", ""
	i.UsedUntil, i.RemindAt, i.Traits = time.Time{}, time.Time{}, Traits{}
}

// skip ends it without a message.
func (i *Invitation) skip(why Skip) {
	i.Reason = why
	i.final(Skipped)
}

// Drain names a job that works off invitations.
type Drain string

const (
	DrainSend   Drain = "send"
	DrainRemind Drain = "remind"
	DrainExpire Drain = "expire"
)
