package notify

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"gongbang/internal/lang"
)

// The kinds of messages. Each has a text in both languages.
const (
	AccountCode      = "account.code"
	BookingRequested = "booking.requested"
	BookingConfirmed = "booking.confirmed"
	BookingRejected  = "booking.rejected"
	BookingMoved     = "booking.moved"
	BookingCancelled = "booking.cancelled"
	BookingNoShow    = "booking.no_show"
	BookingReminder  = "booking.reminder"
	AccountSuspended = "account.suspended"
	BookingGiven     = "booking.handed_over"
	ApprovalWaiting  = "approval.waiting"
	JobReceived      = "job.received"
	JobReady         = "job.ready"
	JobDelayed       = "job.delayed"
	OutageAffected   = "outage.affected"
	SurveyInvitation = "survey.invitation"
	SurveyReminder   = "survey.reminder"
	SurveySafety     = "survey.safety"
	CaseReply        = "case.reply"
	CaseDue          = "case.due"
	StrikeAnswered   = "strike.answered"
	InquiryWaiting   = "inquiry.waiting"
	SurveyLow        = "survey.low"
	ManagerMonthly   = "manager.monthly"
)

// Kinds lists every kind of message.
var Kinds = []string{
	AccountCode, BookingRequested, BookingConfirmed, BookingRejected, BookingMoved,
	BookingCancelled, BookingNoShow, BookingReminder, AccountSuspended, ApprovalWaiting, JobReceived, JobReady, JobDelayed,
	OutageAffected, SurveyInvitation, SurveyReminder, SurveySafety, CaseReply, BookingGiven, CaseDue, StrikeAnswered, InquiryWaiting, SurveyLow, ManagerMonthly,
}

// toStaff are the kinds that staff read: 24 hour times.
var toStaff = map[string]bool{ApprovalWaiting: true, SurveySafety: true, CaseDue: true, InquiryWaiting: true, SurveyLow: true, ManagerMonthly: true}

//go:embed templates
var files embed.FS

var texts = map[lang.Locale]*template.Template{
	lang.Ko: parse("templates/ko.txt"),
	lang.En: parse("templates/en.txt"),
}

func parse(path string) *template.Template {
	t := template.New(path).Funcs(template.FuncMap{"josa": lang.Josa})
	return template.Must(t.ParseFS(files, path))
}

var emptyLines = regexp.MustCompile(`\n{3,}`)

// Compose writes the message of a kind: subject, text, links and headers; who
// gets it, by which channel and when is for the caller. An unknown kind is an error.
func Compose(kind string, l lang.Locale, v View) (Message, error) {
	t, ok := texts[l]
	if !ok {
		t = texts[lang.Ko]
		l = lang.Ko
	}
	written := v.in(l, toStaff[kind])
	subject, err := execute(t, kind+".subject", written)
	if err != nil {
		return Message{}, err
	}
	text, err := execute(t, kind, written)
	if err != nil {
		return Message{}, err
	}
	m := Message{Kind: kind, Subject: strings.ReplaceAll(subject, "\n", " "), Text: text + "\n", Links: links(v)}
	if kind == SurveyInvitation || kind == SurveyReminder {
		m.OneClick(v.OptOut)
	}
	return m, nil
}

func links(v View) []string {
	found := []string{}
	for _, l := range []string{v.Link, v.OptOut} {
		if l != "" {
			found = append(found, l)
		}
	}
	return found
}

func execute(t *template.Template, name string, p page) (string, error) {
	if t.Lookup(name) == nil {
		return "", fmt.Errorf("notify: no text %q", name)
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name, p); err != nil {
		return "", fmt.Errorf("notify: %w", err)
	}
	return strings.TrimSpace(emptyLines.ReplaceAllString(b.String(), "\n\n")), nil
}
