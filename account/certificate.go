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
// "LINE.COLUMN"). With dry nothing is written. It tells how many there are.
func (s *Service) ImportCertificates(ctx context.Context, actor Actor, center string, raw []byte, zone *time.Location, dry bool) (int, error) {
	center, err := desk(actor, center)
	if err != nil {
		return 0, err
	}
	lines, w := readCertificates(raw, zone)
	for _, l := range lines {
		if l.cert.Center != "" && l.cert.Center != center && center != "" {
			w.add(fmt.Sprintf("%d.center", l.line), "own", "")
		}
	}
	if dry {
		return read(ctx, s.store, func(ctx context.Context, r Reader) (int, error) {
			_, err := owners(ctx, r, lines, slices.Clone(w))
			return len(lines), err
		})
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (int, error) {
		people, err := owners(ctx, tx, lines, slices.Clone(w))
		if err != nil {
			return 0, err
		}
		for i, l := range lines {
			if _, err := s.addCertificate(ctx, tx, actor, center, people[i], l.cert); err != nil {
				return 0, err
			}
		}
		return len(lines), nil
	})
}

// owners finds whom each line is about, and refuses the file if any line is wrong.
func owners(ctx context.Context, r Reader, lines []certificateLine, w wrong) ([]string, error) {
	ids := make([]string, len(lines))
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
		ids[i] = h.ID
	}
	return ids, w.err()
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
		e.Center, e.Reason, e.Detail = given, reason, map[string]any{"certificate": id}
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
