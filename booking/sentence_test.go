package booking

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongbang/internal/lang"
	"gongbang/testdata"
)

var renew = flag.Bool("renew", false, "write the golden files of the sentences anew")

func seoul(t testing.TB) *Catalog {
	t.Helper()
	f, problems := DecodeCatalog(testdata.Seoul)
	if f == nil {
		t.Fatal(problems)
	}
	c, problems := f.Build()
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

// TestPolicyTextGolden keeps the sentences of some real machines to be read by people.
func TestPolicyTextGolden(t *testing.T) {
	c := seoul(t)
	var b strings.Builder
	for _, id := range []string{"city-geumcheon-apparel--auto-cutter", "city-geumcheon-apparel--lockstitch", "city-junggu-fashionhub-create--lockstitch"} {
		e, ok := c.Machine(id)
		if !ok {
			t.Fatal(id)
		}
		ko, en := c.PolicyText(e)
		b.WriteString("# " + id + "\n" + strings.Join(ko, "\n") + "\n\n" + strings.Join(en, "\n") + "\n\n")
	}
	for _, center := range c.Centers {
		for _, e := range center.Equipment {
			if e.Policy.Certificate != nil && len(center.Eligibility.Groups) > 0 {
				ko, en := c.PolicyText(e)
				b.WriteString("# " + e.ID + "\n" + strings.Join(ko, "\n") + "\n\n" + strings.Join(en, "\n") + "\n")
				checkGolden(t, "policy-text.golden", b.String())
				return
			}
		}
	}
	t.Fatal("no machine asks for a certificate")
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *renew {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the sentences changed; look at them and run with -renew\n%s", got)
	}
}

// TestNoValueIsMissing: every value that is enforced is told, in both languages.
func TestNoValueIsMissing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		c := &Catalog{Zone: drawDay.Location()}
		e := &Equipment{Center: &Center{}, Policy: p, Mode: rapid.SampledFrom([]Mode{Self, Operator}).Draw(t, "mode"),
			FeeKRWPerHour: rapid.IntRange(0, 1).Draw(t, "fee") * 12000}
		kos, ens := c.PolicyText(e)
		ko, en := strings.Join(kos, "\n"), strings.Join(ens, "\n")
		tell := func(what string, text lang.Text) {
			if !strings.Contains(ko, text.Ko) || !strings.Contains(en, text.En) {
				t.Fatalf("%s (%q, %q) is missing in\n%s\n%s", what, text.Ko, text.En, ko, en)
			}
		}
		for what, minutes := range map[string]int{
			"slot": p.SlotMinutes, "step": p.StartStepMinutes, "min": p.MinMinutes, "max": p.MaxMinutes, "hold": p.Hold.Minutes,
		} {
			tell(what, textLength(minutes))
		}
		if p.BufferMinutes > 0 {
			tell("buffer", textLength(p.BufferMinutes))
		}
		if p.Hold.Extensions > 0 {
			tell("extensions", lang.Text{Ko: count(p.Hold.Extensions) + "번", En: plural(p.Hold.Extensions, "time")})
			tell("extension", textLength(p.Hold.ExtendMinutes))
		}
		if p.CheckIn.OpensMinutesBefore > 0 {
			tell("check-in", textLength(p.CheckIn.OpensMinutesBefore))
		}
		if g := p.CheckIn.GraceMinutes; g != nil && *g > 0 {
			tell("grace", textLength(*g))
		}
		if p.Approval != nil {
			tell("approval", textLength(p.Approval.AnswerWithinHours*60))
		}
		if p.Certificate != nil {
			tell("certificate", lang.Text{Ko: "laser", En: "laser"})
		}
		tell("opens", textWhen(p.Opens))
		tell("closes", textWhen(p.Closes))
		tell("cancel", textWhen(p.CancelUntil))
		tell("capacity", lang.Text{Ko: count(p.Capacity) + "명", En: count(p.Capacity)})
		if r := p.NoShow; r != nil && r.NoShow+r.LateCancel > 0 {
			tell("no-show", textCost(r.NoShow))
			tell("late", textCost(r.LateCancel))
			for _, step := range r.Steps {
				tell("suspend", textStretch(step.Suspend))
				tell("stopped", textStopped(r.Over, lang.Text{}))
			}
			if r.Hours > 0 {
				tell("hours", lang.Text{Ko: count(r.Hours) + "배", En: count(r.Hours) + " times"})
			}
			if len(r.Steps) > 0 && !r.Expire.IsZero() {
				tell("expire", textStretch(r.Expire))
			}
			if len(r.Steps) > 0 && !r.Clean.IsZero() {
				tell("clean", textStretch(r.Clean))
			}
		}
		if p.MinAge > 0 {
			tell("age", lang.Text{Ko: "만 " + count(p.MinAge) + "세", En: count(p.MinAge) + " or older"})
		}
		for _, h := range p.Reminders {
			tell("reminder", textLength(h*60))
		}
		for _, l := range p.Limits {
			tell("limit", textCount(l.Count, l.Max))
			tell("per", textPer(l.Per))
			tell("over", textOver(l.Over, lang.Text{}))
		}
		if e.FeeKRWPerHour > 0 {
			tell("fee", textWon(e.FeeKRWPerHour))
		}
	})
}

// TestPolicyTextDiffers: machines with different rules never read the same,
// so no enforced value can be left out of the sentences.
func TestPolicyTextDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, center := &Catalog{Zone: drawDay.Location()}, &Center{}
		a := &Equipment{Center: center, Mode: Self, Policy: drawPolicy(t)}
		b := *a
		b.Policy = changeOne(t, a.Policy)
		one, _ := c.PolicyText(a)
		two, _ := c.PolicyText(&b)
		if strings.Join(one, "\n") == strings.Join(two, "\n") {
			t.Fatalf("%+v and %+v read the same:\n%s", a.Policy, b.Policy, strings.Join(one, "\n"))
		}
	})
}

func changeOne(t *rapid.T, p Policy) Policy {
	switch rapid.IntRange(0, 14).Draw(t, "change") {
	case 0:
		p.BufferMinutes++
	case 1:
		p.Opens.N++
	case 2:
		p.Closes.N++
	case 3:
		p.Limits = append([]Limit{{Count: "minutes", Max: 501, Per: "day", By: "person", Over: "city"}}, p.Limits...)
	case 4:
		p.Capacity++
	case 5:
		p.CheckIn.OpensMinutesBefore++
	case 6:
		p.Hold.Minutes++
	case 7:
		p.MaxMinutes += p.SlotMinutes
	case 8:
		p.CancelUntil.N++
	case 9:
		p.Certificate = &CertificateRule{Key: "welding"}
	case 10:
		p.MinAge++
	case 11:
		p.Reminders = append([]int{201}, p.Reminders...)
	case 12:
		p.NoShow = &NoShowRule{NoShow: 9, Hours: 9, By: "firm", Over: "city"}
	case 13:
		p.Limits = append([]Limit{{Count: "minutes", Max: 501, Per: "day", By: "firm", Over: "city"}}, p.Limits...)
	default:
		p.Approval = &Approval{241}
	}
	return p
}

func TestEveryMachineReads(t *testing.T) {
	c := seoul(t)
	for _, center := range c.Centers {
		for _, e := range center.Equipment {
			ko, en := c.PolicyText(e)
			if len(ko) != len(en) || len(ko) < 8 {
				t.Fatalf("%s: %d and %d sentences", e.ID, len(ko), len(en))
			}
			for i := range ko {
				checkSentence(t, e.ID, lang.Text{Ko: ko[i], En: en[i]})
			}
		}
	}
}

func TestElsewhereText(t *testing.T) {
	c, e := smallCatalog(t, "Asia/Seoul", everyDay(`["09:00","18:00"]`), `, "booking": {"phone": "+82212345678"}, "bookable_from": "2027-01-04"`, `{}`)
	ko, _ := c.PolicyText(e)
	if !strings.Contains(ko[0], "02-1234-5678") {
		t.Errorf("%v", ko)
	}
	e.Elsewhere = nil
	if ko, _ = c.PolicyText(e); !strings.Contains(ko[0], "2027. 1. 4.(월)") {
		t.Errorf("%v", ko)
	}
}
