package survey

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// openFor is longer than any link lasts.
const openFor = 16 * 24 * time.Hour

// OpenInvitation is what a person was asked and has not answered.
type OpenInvitation struct {
	Token             string // of the link; for this person's eyes alone
	Center, Equipment lang.Text
	EquipmentID       string
	Day               string    // of the use, "2006-01-02"
	Expires           time.Time // the link's last moment
}

// Mine lists the signed-in person's own open invitations, oldest first. An open
// invitation still knows its visit, so this tells nothing new; a final one
// never is here. Who works at a center is shown no links, not even their own.
func (s *Service) Mine(ctx context.Context, actor account.Actor) ([]OpenInvitation, error) {
	switch {
	case actor.ID == "":
		return nil, fault.ErrSignIn
	case actor.MaySomewhere(account.DeskWork), actor.MaySomewhere(account.Results):
		return nil, nil
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	var out []OpenInvitation
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		out = nil
		all, err := r.OfAccount(ctx, actor.ID, r.Now().Add(-openFor))
		for _, i := range all {
			if !i.open(r.Now()) {
				continue
			}
			center, _ := cat.Center(i.Center)
			machine, _ := cat.Equipment(i.Equipment)
			out = append(out, OpenInvitation{Token: s.link(i), Center: center, Equipment: machine.Name, EquipmentID: i.Equipment,
				Day: i.Day, Expires: i.ExpiresAt.In(cat.Zone())})
		}
		return err
	})
	return out, err
}
