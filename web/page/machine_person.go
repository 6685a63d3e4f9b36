package page

import (
	"slices"
	"strconv"

	"gongbang/account"
	"gongbang/booking"
)

// machineChips say the most important in a word each: today, units, and what
// is asked of people and how this person stands.
func (r *request) machineChips(t *timesView) ([]Chip, error) {
	e := t.board.e
	var chips []Chip
	if today, ok := t.board.day(r.today()); ok {
		chip := Chip{Kind: "ok", Text: r.T("machine.chip.today_free")}
		if word, off := r.dayWord(t.board, today); off {
			chip = Chip{Kind: "plain", Text: r.T("machine.chip.today", word)}
		}
		chips = append(chips, chip)
	}
	if e.Quantity > 1 {
		chips = append(chips, Chip{Kind: "plain", Text: r.T("machine.chip.units", strconv.Itoa(e.Quantity))})
	}
	me, err := r.profile()
	if err != nil {
		return nil, err
	}
	if len(e.Center.Eligibility.Groups) > 0 {
		chip := Chip{Kind: "info", Text: r.T("machine.chip.for", groupNames(r.catalog, e.Center).In(r.lang))}
		if declared(me, e.Center) {
			chip = Chip{Kind: "ok", Text: r.T("machine.chip.eligible")}
		}
		chips = append(chips, chip)
	}
	if c := e.Policy.Certificate; c != nil {
		chips = append(chips, r.machineCertificate(me, *c))
	}
	if e.Mode == booking.Operator {
		chips = append(chips, Chip{Kind: "info", Text: r.T("machine.chip.operator")})
	}
	if e.Policy.Approval != nil {
		chips = append(chips, Chip{Kind: "info", Text: r.T("machine.chip.approval")})
	}
	return chips, nil
}

// profile is the signed-in person's own; empty for who is not signed in.
func (r *request) profile() (account.Profile, error) {
	if r.actor.Anonymous() {
		return account.Profile{}, nil
	}
	return r.p.People.Me(r.ctx(), r.actor)
}

func (r *request) machineCertificate(me account.Profile, c booking.CertificateRule) Chip {
	name := label(r.catalog.Categories, c.Key).In(r.lang)
	has := slices.ContainsFunc(me.Certificates, func(x account.Certificate) bool {
		return x.Key == c.Key && x.RevokedAt == nil && (x.ValidUntil == nil || x.ValidUntil.After(r.now))
	})
	switch {
	case has:
		return Chip{Kind: "ok", Text: r.T("machine.chip.trained", name)}
	case c.AskStaff:
		return Chip{Kind: "info", Text: r.T("machine.chip.training_staff", name)}
	}
	return Chip{Kind: "warn", Text: r.T("machine.chip.training", name)}
}

// declared tells whether the person said, or staff confirmed, that they belong
// to a group the center is for.
func declared(me account.Profile, c *booking.Center) bool {
	return slices.ContainsFunc(me.Groups, func(g account.Group) bool {
		return slices.Contains(c.Eligibility.Groups, g.ID)
	})
}
