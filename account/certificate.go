package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gongbang/internal/fault"
)

// ImportCertificates gives many people a certificate at once from a CSV file
// with the columns phone or email, key, basis, expires (the last day, in zone)
// and center. All or nothing: every wrong line is told (422, fields
// "LINE.COLUMN"). With dry nothing is written. It tells what each line does.
func (s *Service) ImportCertificates(ctx context.Context, actor Actor, center string, raw []byte, zone *time.Location, dry bool) ([]PlannedCertificate, error) {
	center, err := desk(actor, center)
	if err != nil {
		return nil, err
	}
	lines, w := readCertificates(raw, zone)
	for _, l := range lines {
		if l.cert.Center != "" && l.cert.Center != center && center != "" {
			w.add(fmt.Sprintf("%d.center", l.line), "own", "")
		}
	}
	if dry {
		return read(ctx, s.store, func(ctx context.Context, r Reader) ([]PlannedCertificate, error) {
			return plan(ctx, r, lines, slices.Clone(w))
		})
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) ([]PlannedCertificate, error) {
		planned, err := plan(ctx, tx, lines, slices.Clone(w))
		if err != nil {
			return nil, err
		}
		for _, c := range planned {
			if _, err := s.addCertificate(ctx, tx, actor, center, c.Who.ID, c.New); err != nil {
				return nil, err
			}
		}
		return planned, nil
	})
}

// PlannedCertificate is what one line of a file gives to whom.
type PlannedCertificate struct {
	Line int     // the head is line 1
	Who  Account // masked
	New  NewCertificate
	Ends bool // an earlier one of the same key and center, which is valid until now, ends with it
}

// plan finds what each line does, and refuses the file if any line is wrong.
func plan(ctx context.Context, r Reader, lines []certificateLine, w wrong) ([]PlannedCertificate, error) {
	people, err := owners(ctx, r, lines, w)
	if err != nil {
		return nil, err
	}
	out := make([]PlannedCertificate, len(lines))
	given := map[[3]string]bool{} // by earlier lines
	for i, l := range lines {
		held, err := r.Certificates(ctx, people[i].ID)
		if err != nil {
			return nil, err
		}
		same := [3]string{people[i].ID, l.cert.Key, l.cert.Center}
		out[i] = PlannedCertificate{Line: l.line, Who: people[i].Masked(), New: l.cert, Ends: given[same] || slices.ContainsFunc(held, func(c Certificate) bool {
			return c.Key == l.cert.Key && c.Center == l.cert.Center && c.RevokedAt == nil && (c.ValidUntil == nil || c.ValidUntil.After(r.Now()))
		})}
		given[same] = true
	}
	return out, nil
}

// owners finds whom each line is about, and refuses the file if any line is wrong.
func owners(ctx context.Context, r Reader, lines []certificateLine, w wrong) ([]Account, error) {
	people := make([]Account, len(lines))
	for i, l := range lines {
		if until := l.cert.ValidUntil; until != nil && !until.After(r.Now()) {
			w.add(fmt.Sprintf("%d.expires", l.line), "future", "")
		}
		if l.login.Value == "" {
			continue
		}
		h, err := r.Holder(ctx, l.login)
		if err != nil {
			return nil, err
		}
		if h == nil {
			w.add(fmt.Sprintf("%d.%s", l.line, l.login.Kind), "nobody", "")
			continue
		}
		people[i] = h.Account
	}
	return people, w.err()
}

// RevokeCertificate ends a certificate before its time, with the reason. Who
// may is staff of the center that gave it; for others it does not exist.
func (s *Service) RevokeCertificate(ctx context.Context, actor Actor, who, id, reason string) (Certificate, error) {
	if !actor.MaySomewhere(PeopleConfirm) {
		return Certificate{}, fault.ErrForbidden
	}
	if reason == "" {
		return Certificate{}, fault.BadField("reason", "required", "")
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Certificate, error) {
		given, err := tx.GivenBy(ctx, who, id)
		if err != nil {
			return Certificate{}, err
		}
		if !actor.May(PeopleConfirm, given) {
			return Certificate{}, fault.ErrNotFound
		}
		if err := tx.RevokeCertificate(ctx, id); err != nil {
			return Certificate{}, err
		}
		e := entry(actor, "account.certificate_revoked", who)
		e.Center, e.Reason, e.About, e.Detail = given, reason, who, map[string]any{"certificate": id}
		if err := tx.Trace(ctx, e); err != nil {
			return Certificate{}, err
		}
		all, err := tx.Certificates(ctx, who)
		i := slices.IndexFunc(all, func(c Certificate) bool { return c.ID == id })
		if err != nil || i < 0 {
			return Certificate{}, err
		}
		return all[i], nil
	})
}
