package page

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"gongbang/account"
)

// downloadsView is which figures left the service.
type downloadsView struct {
	Frame
	Lines     []downloadLine
	Destroyed []destroyedLine // proofs; for who sees all centers
}

// destroyedLine is the proof of what went past its date: counts, not contents.
type destroyedLine struct{ ISO, At, What string }

type downloadLine struct {
	auditLine
	Name, Rows, Filter, Hash string
}

// downloads shows a manager the files taken of their centers, and who sees all every one.
func (p *pages) downloads(r *request) error {
	q := AuditQuery{Action: account.Downloaded, Limit: auditLimit}
	own, all := r.actor.Centers(account.AuditRead)
	if !all {
		q.Centers = slices.Clone(own)
	}
	lines, err := p.Audit.Audit(r.ctx(), q)
	if err != nil {
		return err
	}
	if !all { // one's own of several centers name none
		q.Centers, q.Actor = nil, r.actor.ID
		mine, err := p.Audit.Audit(r.ctx(), q)
		if err != nil {
			return err
		}
		for _, l := range mine {
			if l.Center == "" {
				lines = append(lines, l)
			}
		}
		slices.SortFunc(lines, func(a, b AuditLine) int { return int(b.ID - a.ID) })
	}
	names, err := r.auditNames(lines)
	if err != nil {
		return err
	}
	v := downloadsView{Frame: r.frame("downloads.title")}
	for _, l := range lines {
		rows, _ := l.Detail["rows"].(float64)
		v.Lines = append(v.Lines, downloadLine{auditLine: r.auditLine(l, names), Name: l.Subject, Rows: r.T("downloads.rows", int(rows)),
			Filter: detailText(l, "filter"), Hash: detailText(l, "sha256")})
	}
	if all {
		if v.Destroyed, err = r.destroyed(); err != nil {
			return err
		}
	}
	return r.page(http.StatusOK, "downloads", &v)
}

func (r *request) destroyed() ([]destroyedLine, error) {
	lines, err := r.p.Audit.Audit(r.ctx(), AuditQuery{Action: "retention.destroy", Limit: auditLimit})
	var out []destroyedLine
	for _, l := range lines {
		var what []string
		for _, key := range slices.Sorted(maps.Keys(l.Detail)) {
			what = append(what, r.T("destroyed."+key)+" "+detailText(l, key))
		}
		out = append(out, destroyedLine{l.At.In(r.catalog.Zone).Format(time.RFC3339), r.staffWhen().Moment(l.At), strings.Join(what, ", ")})
	}
	return out, err
}

func detailText(l AuditLine, key string) string {
	if v, ok := l.Detail[key]; ok {
		return fmt.Sprint(v)
	}
	return ""
}
