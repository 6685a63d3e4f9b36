package booking

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	// InquiryMax is how many characters a question or an answer may have.
	InquiryMax = 500
	// inquiriesADay is how many questions one account may send within inquiryDay.
	inquiriesADay = 5
	inquiryDay    = 24 * time.Hour
)

// InquiryState tells whether a question still waits for somebody of the center.
type InquiryState string

const (
	InquiryWaiting  InquiryState = "waiting"
	InquiryAnswered InquiryState = "answered"
	InquiryClosed   InquiryState = "closed" // settled without an answer in writing
)

// Inquiry is a question that a person wrote to a center, maybe about a machine.
type Inquiry struct {
	ID          string
	AccountID   string
	CenterID    string
	EquipmentID string // "" asks about the center
	Text        string
	State       InquiryState
	Answer      string
	AskedAt     time.Time
	SettledAt   *time.Time // answered or closed
	SettledBy   string     // account
	Version     int
}

// InquiryQuery selects questions, oldest first. Empty fields do not select.
type InquiryQuery struct {
	Account, Center string
	State           InquiryState
	Since           time.Time // asked after
	After           Cursor    // continue behind this one
	Newest          bool      // newest first
	Limit           int       // always set, 1…1000
}

// Inquiries reads what people wrote to centers. None of them judges who may see what.
type Inquiries interface {
	Inquiry(ctx context.Context, id string) (*Inquiry, error) // fault.ErrNotFound
	Inquiries(ctx context.Context, q InquiryQuery) ([]*Inquiry, error)
}

// InquiryView is a question with what is shown beside it.
type InquiryView struct {
	*Inquiry
	Center    *Center
	Equipment *Equipment // nil: about the center
	Zone      *time.Location
	Person    PersonView
}

// InquiryPage is a piece of a list; Next is "" at its end.
type InquiryPage struct {
	Items []InquiryView
	Next  string
}

// words checks what somebody wrote: a line's end counts once, and there is
// something in it that can be read.
func words(field, s string) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch {
	case s == "":
		return "", fault.BadField(field, "required", "")
	case !utf8.ValidString(s), strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return "", fault.BadField(field, "text", "")
	case utf8.RuneCountInString(s) > InquiryMax:
		return "", fault.BadField(field, "too_long", itoa(InquiryMax))
	}
	return s, nil
}

// tooMany refuses a question of somebody who sent as many as a day takes; in
// is the newest ones of that day.
func tooMany(in []*Inquiry, now time.Time) error {
	if len(in) < inquiriesADay {
		return nil
	}
	left := in[len(in)-1].AskedAt.Add(inquiryDay).Sub(now)
	f := fault.New(fault.TooMany, "rate_limited")
	f.RetryAfter = max(1, int((left+time.Second-1)/time.Second))
	return f.With("seconds", strconv.Itoa(f.RetryAfter))
}

// inquiryEntry is the audit line of a question: ids, no words.
func inquiryEntry(actor account.Actor, action string, q *Inquiry) account.Entry {
	return account.Entry{Actor: actor.Name(), Action: action, Subject: q.ID, Center: q.CenterID, Request: actor.RequestID,
		Detail: map[string]any{"equipment": q.EquipmentID, "state": q.State}}
}
