package page

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/booking"
)

// AuditQuery selects lines of the audit, newest first. Empty fields do not
// select; Centers nil is every center.
type AuditQuery struct {
	Actor, Action, Subject string
	Centers                []string
	From, To               time.Time // zero: open
	Before                 int64     // lines with a lower id; 0: from the newest
	Limit                  int
}

// AuditLine is one line with its place.
type AuditLine struct {
	ID int64
	At time.Time
	account.Entry
	// Erased is why a typed reason is not there any more: "left" or "date".
	Erased string
}

// Audit reads what was done. Who may read which centers is judged before.
type Audit interface {
	Audit(ctx context.Context, q AuditQuery) ([]AuditLine, error)
}

// auditLimit is how many lines one page shows.
const auditLimit = 100

// auditView is who did what, when and why.
type auditView struct {
	Frame
	Form  *Form
	Only  string // what the lines are narrowed to; "" is all
	All   string
	Lines []auditLine
	Older string
}

type auditLine struct {
	ISO, At, Who, Job, WhoLink   string
	What, About, Link, OnlyAbout string
	Center                       string
	Reason                       string // a word of ours
	Typed                        string // what staff typed
}

// audit shows a manager the lines of their centers, and who sees all every line.
func (p *pages) audit(r *request) error {
	q, err := r.auditQuery()
	if err != nil {
		return err
	}
	lines, err := p.Audit.Audit(r.ctx(), q)
	if err != nil {
		return err
	}
	v := auditView{Frame: r.frame("audit.title"), Form: r.auditForm(), All: r.url("/manage/audit")}
	if q.Actor != "" || q.Subject != "" {
		v.Only = r.T("audit.only")
	}
	if len(lines) == auditLimit {
		values := r.Request.URL.Query()
		values.Set("before", strconv.FormatInt(lines[len(lines)-1].ID, 10))
		v.Older = r.url("/manage/audit?" + values.Encode())
	}
	names, err := r.auditNames(lines)
	if err != nil {
		return err
	}
	for _, l := range lines {
		v.Lines = append(v.Lines, r.auditLine(l, names))
	}
	return r.page(http.StatusOK, "audit", &v)
}

func (r *request) auditQuery() (AuditQuery, error) {
	q := AuditQuery{Actor: r.Query("actor"), Subject: r.Query("subject"), Limit: auditLimit}
	own, all := r.actor.Centers(account.AuditRead)
	switch center := r.Query("center"); {
	case center != "" && !all && !slices.Contains(own, center):
		return q, badField("center", "own", "")
	case center != "":
		q.Centers = []string{center}
	case !all:
		q.Centers = own
	}
	zone := r.catalog.Zone
	if d, ok := booking.ParseDate(r.Query("from")); ok {
		q.From = d.At(0, zone)
	}
	if d, ok := booking.ParseDate(r.Query("to")); ok {
		q.To = d.Add(1).At(0, zone)
	}
	q.Before, _ = strconv.ParseInt(r.Query("before"), 10, 64)
	return q, nil
}

func (r *request) auditForm() *Form {
	fields := []*Field{
		{Name: "from", Type: "date", Label: r.T("manage.from"), Value: r.Query("from")},
		{Name: "to", Type: "date", Label: r.T("manage.to"), Value: r.Query("to")},
	}
	if centers, _ := r.manageable(); len(centers) > 1 {
		fields = append(fields, choiceOf("center", r.T("manage.center"), r.T("filter.all"), r.Query("center"), centers, r.lang))
	}
	f := r.form("/manage/audit", fields...)
	return f.hide("actor", r.Query("actor")).hide("subject", r.Query("subject"))
}

// auditNames are the masked names of everybody in the lines.
func (r *request) auditNames(lines []AuditLine) (map[string]string, error) {
	var ids []string
	for _, l := range lines {
		ids = append(ids, l.Actor)
		if aboutPerson(l.Action) {
			ids = append(ids, l.Subject)
		}
	}
	slices.Sort(ids)
	found, err := r.p.People.Named(r.ctx(), slices.Compact(ids))
	names := map[string]string{}
	for id, a := range found {
		if names[id] = a.Masked().Name.Reveal(); a.ClosedAt != nil {
			names[id] = r.T("audit.gone")
		}
	}
	return names, err
}

func aboutPerson(action string) bool {
	return strings.HasPrefix(action, "account.") || strings.HasPrefix(action, "firm.") || action == "strike.look" || action == "survey.look" || action == "survey.unname"
}

func (r *request) auditLine(l AuditLine, names map[string]string) auditLine {
	at := r.staffWhen()
	out := auditLine{ISO: l.At.In(r.catalog.Zone).Format(time.RFC3339), At: at.Moment(l.At), Who: names[l.Actor], What: l.Action}
	switch job, isJob := strings.CutPrefix(l.Actor, "job:"); {
	case isJob:
		out.Job = r.T("audit.job", job)
	case out.Who == "":
		out.Job = r.T("audit.service")
	}
	if !strings.HasPrefix(l.Actor, "job:") && l.Actor != "" {
		out.WhoLink = r.url("/manage/audit?actor=" + url.QueryEscape(l.Actor))
	}
	if key := "audit.do." + l.Action; r.p.texts.has(r.lang, key) {
		out.What = r.T(key)
	}
	if c, ok := r.catalog.Center(l.Center); ok {
		out.Center = c.Name.In(r.lang)
	}
	if key := "audit.reason." + l.Reason; r.p.texts.has(r.lang, key) {
		out.Reason = r.T(key)
	} else if l.Erased != "" {
		out.Reason = r.T("audit.erased." + l.Erased)
	} else {
		out.Typed = l.Reason
	}
	r.auditAbout(l, names, &out)
	return out
}

// auditAbout names what was changed or looked at: a person, masked, or the
// machine and time of a booking.
func (r *request) auditAbout(l AuditLine, names map[string]string, out *auditLine) {
	if l.Subject == "" {
		return
	}
	out.OnlyAbout = r.url("/manage/audit?subject=" + url.QueryEscape(l.Subject))
	if aboutPerson(l.Action) {
		out.About = names[l.Subject]
		return
	}
	id, _ := l.Detail["equipment"].(string)
	e, ok := r.catalog.Machine(id)
	if !ok {
		return
	}
	out.About = e.Name.In(r.lang)
	if start, ok := l.Detail["starts_at"].(float64); ok {
		out.About += " · " + r.staffWhen().Moment(time.UnixMilli(int64(start)))
		out.Link = r.url("/bookings/" + l.Subject)
	}
}
