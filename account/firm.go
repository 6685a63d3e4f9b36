package account

import (
	"strings"
	"time"
)

// Firm is a business somebody says they belong to; the claim counts for
// limits only when a member or staff confirmed it.
type Firm struct {
	Name           string
	BusinessNumber string // ten digits
	ConfirmedAt    *time.Time
	ID             string // "" before it is known
}

// NormalizeBusinessNumber reads a Korean business registration number
// (사업자등록번호, 123-45-67891) and holds it to its check digit.
func NormalizeBusinessNumber(s string) (string, bool) {
	d := strings.NewReplacer("-", "", " ", "").Replace(s)
	if len(d) != 10 || strings.Trim(d, "0123456789") != "" || d == "0000000000" {
		return "", false
	}
	sum := 0
	for i, weight := range []int{1, 3, 7, 1, 3, 7, 1, 3, 5} {
		sum += int(d[i]-'0') * weight
	}
	sum += int(d[8]-'0') * 5 / 10 // the ninth digit counts its tens too
	return d, (10-sum%10)%10 == int(d[9]-'0')
}
