package store

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// TestCountsAsJSON: whatever is written, or is nearly so, reads as encoding/json reads it.
func TestCountsAsJSON(t *testing.T) {
	name := rapid.OneOf(rapid.StringMatching(`[a-z0-9_-]{0,6}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.MapOf(name, rapid.MapOf(name, rapid.OneOf(rapid.IntRange(0, 1_000_000), rapid.Int()))).Draw(t, "counts")
		raw, err := json.Marshal(counts)
		if err != nil {
			t.Fatal(err)
		}
		sameCounts(t, string(raw))
		cut := rapid.IntRange(0, len(raw)).Draw(t, "cut")
		end := rapid.IntRange(cut, len(raw)).Draw(t, "end")
		sameCounts(t, string(raw[:cut])+rapid.SampledFrom([]string{"", "0", "-", " ", `"`, "{", "}", ",", `\`, "null", "1.5"}).Draw(t, "in between")+string(raw[end:]))
	})
	for _, text := range []string{"", "{}", "null", `{"q":{}}`, `{"q":null}`, `{"q":{"1":01}}`, `{"q":{"1":}}`, `{"q":{"1":1,}}`, `{"q":{"1":9999999999}}`, `{"q":{"1":1}} `, `{"q":{"1":1},"q":{"2":2}}`, `{"q":{"1":1}}}`} {
		sameCounts(t, text)
	}
}

func sameCounts(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	var want map[string]map[string]int
	wantErr := json.Unmarshal([]byte(text), &want)
	got, err := readCounts(text)
	if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: %v %v, want %v %v", text, got, err, want, wantErr)
	}
}

// TestYears: every period of the months lies between, in any order of letters.
func TestYears(t *testing.T) {
	for _, x := range [][4]string{
		{"2027-03", "2028-12", "2027", "2029"}, {"2029-12", "2029-12", "2029", "2030"}, {"2027-01", "9999-12", "2027", "A"},
		{"0999-01", "0999-12", "0999", "1000"}, {"", "", "", "A"},
	} {
		if first, beyond := years(x[0], x[1]); first != x[2] || beyond != x[3] {
			t.Errorf("years(%q, %q) = %q, %q", x[0], x[1], first, beyond)
		}
	}
}
