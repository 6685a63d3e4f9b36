package survey

import (
	"context"
	"strings"
	"time"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Form is what a link shows. Looking at it records nothing.
type Form struct {
	Template  string     `json:"template"` // its key
	Title     lang.Text  `json:"title"`
	Intro     lang.Text  `json:"intro"`
	Anonymity lang.Text  `json:"anonymity"`
	Mode      string     `json:"mode"` // "identified" offers to leave the name
	Use       FormUse    `json:"use"`
	Questions []Question `json:"questions"`
	State     string     `json:"state"` // "open"
	ExpiresAt time.Time  `json:"expires_at"`
}

// FormUse reminds the person of what is asked about.
type FormUse struct {
	Center    lang.Text `json:"center"`
	Equipment lang.Text `json:"equipment"`
	Month     string    `json:"month"`
	CenterID  string    `json:"-"` // whose board of changes the last page leads to
}

// Open shows the form behind a link: fault.ErrNotFound for a link that never
// was or was revoked, ErrAnswered, ErrExpired.
func (s *Service) Open(ctx context.Context, token string) (Form, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return Form{}, err
	}
	var f Form
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		i, err := s.behind(ctx, r, token)
		if err != nil {
			return err
		}
		t, err := r.Template(ctx, i.Template, i.Version)
		if err != nil {
			return err
		}
		center, _ := cat.Center(i.Center)
		machine, _ := cat.Equipment(i.Equipment)
		f = t.form(FormUse{center, machine.Name, i.Month(), i.Center})
		f.ExpiresAt = i.ExpiresAt.In(cat.Zone())
		return nil
	})
	return f, err
}

// form is the open form of a template.
func (t *Template) form(about FormUse) Form {
	return Form{Template: t.Key, Title: t.Title, Intro: t.Intro, Anonymity: promise(t.Mode), Mode: t.Mode, Questions: t.Questions,
		State: "open", Use: about}
}

// OfUse tells whether the form asks about the use of one machine, so that the
// machine may stand in its title.
func (f Form) OfUse() bool { return strings.HasPrefix(f.Template, "use-") }

// Lead is the key of the question that a link in a message may fill in.
func (f Form) Lead() string {
	t := Template{Questions: f.Questions}
	return t.Lead()
}

// behind finds the open invitation behind a link.
func (s *Service) behind(ctx context.Context, r Reader, token string) (*Invitation, error) {
	i, err := r.ByToken(ctx, tokenHash(token))
	switch {
	case err != nil:
		return nil, err
	case i.State == Answered:
		return nil, ErrAnswered
	case i.State == Expired, i.may(Answered) && !i.open(r.Now()):
		return nil, ErrExpired
	case !i.may(Answered):
		return nil, fault.ErrNotFound
	}
	return i, nil
}
