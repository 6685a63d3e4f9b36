package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gongbang/internal/fault"
)

// Downloaded is the action under which the audit keeps files that left.
const Downloaded = "file.download"

// Download is a file of figures that leaves the service.
type Download struct {
	Name   string // usage.csv, survey-results.xlsx, …
	Center string // "" several
	Filter string // what was asked for
	Reason string // why; needed
	Rows   int
	File   []byte // its hash alone is kept
}

// LogDownload writes down who took which figures and why; call it before the
// file leaves. Whoever has the file can be told by its hash when it was taken.
func (s *Service) LogDownload(ctx context.Context, actor Actor, d Download) error {
	d.Reason = strings.TrimSpace(d.Reason)
	switch {
	case actor.Anonymous():
		return fault.ErrSignIn
	case !actor.MaySomewhere(Results):
		return fault.ErrForbidden
	case d.Reason == "":
		return fault.BadField("reason", "required", "")
	}
	sum := sha256.Sum256(d.File)
	e := entry(actor, Downloaded, d.Name)
	e.Center, e.Reason = d.Center, d.Reason
	e.Detail = map[string]any{"filter": d.Filter, "rows": d.Rows, "sha256": hex.EncodeToString(sum[:])}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (bool, error) { return true, tx.Trace(ctx, e) })
	return err
}
