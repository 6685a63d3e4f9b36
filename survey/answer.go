package survey

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/internal/fault"
)

// inboxFor is how long an answer waits at most for company, on top of the rest of its hour.
const inboxFor = 24 * time.Hour

// Submission is what a person sends. Contact and Safety stand apart from the answers.
type Submission struct {
	Answers map[string]any `json:"answers"`
	Contact *Contact       `json:"contact,omitempty"`
	Safety  *Safety        `json:"safety,omitempty"`
	// Identify: the person's name may go with the answer, where the questionnaire offers it.
	Identify bool `json:"identify,omitempty"`
}

// wantsReply tells whether the person consented to be answered by name.
func (s Submission) wantsReply() bool { return s.Contact != nil && s.Contact.Consent }

// Contact is the separate consent to be answered.
type Contact struct {
	Consent bool `json:"consent"`
}

// Safety reports a broken machine or a danger.
type Safety struct {
	Text string `json:"text"`
}

// Waited is an answer in the inbox: no time, and no person unless the
// questionnaire says that answers stay linked for a while.
type Waited struct {
	ID, Month, Center, Category, Equipment, Template string
	Version                                          int
	Answers                                          Answers
	Traits                                           Traits
	Entry                                            Entry
	Account                                          string
	Day                                              string // of the use; only beside a name that its center may see
}

// Answer records the one answer of an invitation. Marking the invitation and
// putting the answer into the inbox is one transaction; of several at once one
// wins and the others get ErrAnswered. The audit has no line with this moment:
// the invitation's own row says that it was answered.
func (s *Service) Answer(ctx context.Context, token string, sub Submission) error {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return err
	}
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		i, err := s.behind(ctx, tx, token)
		if err != nil {
			return false, err
		}
		return true, s.record(ctx, tx, i, sub, cat)
	})
	return err
}

// record checks what was sent, takes the invitation's one answer, and puts it
// into the inbox.
func (s *Service) record(ctx context.Context, tx Tx, i *Invitation, sub Submission, cat Catalog) error {
	t, err := tx.Template(ctx, i.Template, i.Version)
	if err != nil {
		return err
	}
	answers, err := check(t, sub.Answers)
	if err != nil {
		return err
	}
	report, err := sub.Safety.read()
	if err != nil {
		return err
	}
	step := StepPartial
	if answers.complete(t) {
		step = StepCompleted
	}
	about, raise := *i, counted(i, StepAnswered, tx.Now(), cat.Zone())
	month := raise[len(raise)-1].Month
	raise = append(raise, Counter{Rule: i.Rule, Month: month, Center: i.Center, Step: step})
	if err := take(ctx, tx, i); err != nil {
		return err
	}
	if err := s.aside(ctx, tx, &about, sub, report, answers, cat); err != nil {
		return err
	}
	a := Waited{ID: s.d.NewID(), Month: month, Center: about.Center, Category: about.Category,
		Equipment: about.Equipment, Template: about.Template, Version: about.Version, Answers: answers, Traits: about.Traits,
		Account: linked(t, &about, sub)}
	if a.Account != "" && t.Mode == Identified {
		a.Entry, a.Day = ByName, about.Day
	} else if a.Month != about.Month() || sub.wantsReply() { // too few come this late, or leave their name, to hide among
		a.Category, a.Equipment, a.Traits = "", "", Traits{}
	}
	if err := tx.Put(ctx, a, inboxDue(tx.Now())); err != nil {
		return err
	}
	return tx.Raise(ctx, raise...)
}

// inboxDue is until when an answer waits; by the hour: no moment is kept.
func inboxDue(now time.Time) time.Time { return now.Truncate(time.Hour).Add(time.Hour + inboxFor) }

// take marks the invitation answered: a unique row and compare-and-set, so
// that of several answers at once one is taken.
func take(ctx context.Context, tx Tx, i *Invitation) error {
	first, err := tx.Answered(ctx, i.ID)
	switch {
	case err != nil:
		return err
	case !first:
		return ErrAnswered
	}
	was := i.State
	i.Delivered = true
	i.final(Answered)
	return stale(tx.Change(ctx, i, was))
}

// counted lists the steps an answer takes; the last is the answer itself. It
// counts in the month of the use, or, when that is closed, in the present one:
// no answer is lost and no closed month moves.
func counted(i *Invitation, step Step, now time.Time, zone *time.Location) []Counter {
	var raise []Counter
	if !i.Delivered { // an answer proves that the message came
		raise = append(raise, i.count(StepDelivered))
	}
	c := i.count(step)
	if closes(c.Month, zone).After(now) {
		return append(raise, c)
	}
	c.Month = month(now, zone)
	return append(raise, c)
}

// stale is what a lost race for an invitation means to who lost it.
func stale(err error) error {
	if fault.Code(err) == fault.ErrStale.Code {
		return ErrAnswered
	}
	return err
}

// aside stores what stands apart from the answers. With a wish for a reply the
// comment moves to the case: the response must not be found by its words.
func (s *Service) aside(ctx context.Context, tx Tx, i *Invitation, sub Submission, report string, a Answers, cat Catalog) error {
	today := day(tx.Now(), cat.Zone())
	if sub.wantsReply() {
		words, _ := a[comment].(string)
		delete(a, comment)
		c := Case{ID: s.d.NewID(), Account: i.Account, Center: i.Center, Equipment: i.Equipment,
			Month: i.Month(), Day: today, Comment: words, DueAt: caseDue(today, cat)}
		if err := tx.SaveCase(ctx, c); err != nil {
			return err
		}
	}
	if report == "" {
		return nil
	}
	return saveReport(ctx, tx, Ticket{ID: s.d.NewID(), Center: i.Center, Equipment: i.Equipment, Day: today, Text: report}, "")
}

// saveReport stores a report of a danger and says where it came from: only
// that of an invitation takes the machine out of use by itself.
func saveReport(ctx context.Context, tx Tx, t Ticket, from Entry) error {
	if err := tx.SaveTicket(ctx, t); err != nil {
		return err
	}
	e := account.Entry{Actor: account.System("survey").Name(), Action: "survey.safety", Subject: t.ID, Center: t.Center}
	return tx.Trace(ctx, e, account.Event{Kind: "survey.safety", Key: "survey.safety:" + t.ID, Subject: t.ID,
		Data: map[string]string{"center": t.Center, "equipment": t.Equipment, "entry": string(from)}})
}

// read checks and masks a safety report; nil and nothing but spaces are none.
func (r *Safety) read() (string, error) {
	if r == nil {
		return "", nil
	}
	t := strings.TrimSpace(r.Text)
	switch {
	case t == "" || !utf8.ValidString(t):
		return "", fault.BadField("safety.text", "required", "")
	case utf8.RuneCountInString(t) > commentMax:
		return "", fault.BadField("safety.text", "too_long", strconv.Itoa(commentMax))
	}
	return Mask(t), nil
}
