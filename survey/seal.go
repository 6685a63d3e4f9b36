package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// sealVersion is what a seal is made of: 1 were the centers' cells alone.
const sealVersion = 2

// Frozen is a closed month: the cells that were released with it, those of the
// quarter and half-year it ends included, the funnel as it stood, and a hash
// that continues the month before.
type Frozen struct {
	Month      string
	ClosedAt   time.Time
	Version    int
	Prev, Hash string
	Funnel     string // JSON list of SealedCount; read by itself
	Cells      []Cell
}

// SealedCount is a step or an exclusion of a center when the month was closed.
type SealedCount struct {
	Center string `json:"center"`
	Desk   bool   `json:"desk,omitempty"`
	Step   Step   `json:"step"`
	N      int    `json:"n"`
}

// sum is the hash over the month before and everything this one says.
func (f Frozen) sum() (string, error) {
	var what any = struct {
		Prev    string `json:"prev"`
		Month   string `json:"month"`
		Version int    `json:"version"`
		Funnel  string `json:"funnel"`
		Cells   []Cell `json:"cells"`
	}{f.Prev, f.Month, f.Version, f.Funnel, f.Cells}
	if f.Version == 1 {
		what = f.first()
	}
	b, err := json.Marshal(what)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:]), nil
}

// first is what the first version sealed.
func (f Frozen) first() any {
	type cell struct {
		Month     string                    `json:"month"`
		Center    string                    `json:"center"`
		N         int                       `json:"n"`
		Questions map[string]map[string]int `json:"questions"`
	}
	cells := []cell{}
	for _, c := range f.Cells {
		cells = append(cells, cell{c.Period, c.Center, c.N, c.Questions})
	}
	return struct {
		Prev  string `json:"prev"`
		Month string `json:"month"`
		Cells []cell `json:"cells"`
	}{f.Prev, f.Month, cells}
}
