package booking

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/internal/lang"
)

// ICS is the booking as a calendar file (RFC 5545): a stable UID, a SEQUENCE
// that grows with each change, METHOD:CANCEL once it is off.
func (s *Service) ICS(ctx context.Context, actor account.Actor, id string, l lang.Locale) ([]byte, error) {
	v, err := s.load(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	method := "PUBLISH"
	if off(v.Status) {
		method = "CANCEL"
	}
	return icsFile(method, s.icsEvent(v, v.Equipment.Name.In(l), l)), nil
}

// off tells whether nobody is expected any more.
func off(s Status) bool { return s == Cancelled || s == Rejected || s == NoShow }

// icsEvent is one booking as the lines of an event.
func (s *Service) icsEvent(v *View, summary string, l lang.Locale) []string {
	status := "CONFIRMED"
	switch {
	case v.Status == Pending, v.Status == Offered:
		status = "TENTATIVE"
	case off(v.Status):
		status = "CANCELLED"
	}
	const layout = "20060102T150405Z"
	return []string{
		"BEGIN:VEVENT", "UID:" + v.ID + "@gongbang", fmt.Sprintf("SEQUENCE:%d", v.Version-1),
		"DTSTAMP:" + s.now().Format(layout), "DTSTART:" + v.Start.Format(layout), "DTEND:" + v.End.Format(layout),
		"STATUS:" + status, "SUMMARY:" + icsText(summary), "LOCATION:" + icsText(strings.TrimSpace(v.Center.Name.In(l)+" "+v.Center.Address)),
		"DESCRIPTION:" + icsText(ShowCode(v.Code)), "END:VEVENT",
	}
}

// icsFile is a calendar around some lines.
func icsFile(method string, lines []string) []byte {
	all := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gongbang//Booking//KO", "CALSCALE:GREGORIAN", "METHOD:" + method}, lines...)
	var b strings.Builder
	for _, line := range append(all, "END:VCALENDAR") {
		b.WriteString(fold(line) + "\r\n")
	}
	return []byte(b.String())
}

func icsText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(s)
}

// fold breaks a line after at most 75 octets, never inside a character (RFC 5545, 3.1).
func fold(line string) string {
	var b strings.Builder
	n := 0
	for _, r := range line {
		if size := utf8.RuneLen(r); n+size > 75 {
			b.WriteString("\r\n ")
			n = 1
		}
		n += utf8.RuneLen(r)
		b.WriteRune(r)
	}
	return b.String()
}

// ShowCode writes a booking's code as people read it: 7K3F-9QWD.
func ShowCode(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + "-" + code[4:]
}

// CodeAlphabet has no character that is taken for another: no 0 O 1 I L.
const CodeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// can lists what the actor may do with the booking now: the table's rows for
// its status, less what time forbids.
func (s *Service) can(actor account.Actor, b *Booking) []Verb {
	now := s.now()
	out := []Verb{}
	for _, verb := range []Verb{VerbMove, VerbCancel, VerbRestore, VerbApprove, VerbReject, VerbArrived, VerbCheckIn, VerbStart, VerbNoShow, VerbLate, VerbExtend, VerbFinish, VerbUndo, VerbJob, VerbContinue} {
		if allowed(actor, b, verb) && b.timely(verb, actor, now) {
			out = append(out, verb)
		}
	}
	return out
}

// timely tells whether the moment is right for a verb the table allows.
func (b *Booking) timely(verb Verb, actor account.Actor, now time.Time) bool {
	switch verb {
	case VerbMove, VerbCancel:
		return actor.ID != b.AccountID || b.lateRefusal(now, time.UTC) == nil
	case VerbRestore:
		return b.restorable(now)
	case VerbCheckIn, VerbStart:
		return !now.Before(b.Details.Terms.CheckInFrom) && now.Before(b.End)
	case VerbNoShow:
		until := b.Details.Terms.CheckInUntil
		return until != nil && !now.Before(*until)
	case VerbLate:
		return now.Before(b.End)
	case VerbJob, VerbContinue:
		return b.Details.Job != nil
	}
	return true
}
