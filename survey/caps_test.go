package survey

import (
	"testing"
	"time"
)

func sentAt(at time.Time, category string, s State) *Invitation {
	return &Invitation{SentAt: at, Category: category, State: s, ExpiresAt: Expires(at, seoul)}
}

func TestFourteenDaysMatchTheWorkedTimes(t *testing.T) {
	for _, v := range readVectors(t).Cap14 {
		past := []*Invitation{sentAt(when(t, v.LastInvited), "other", Answered)}
		due := when(t, v.Due)
		i := &Invitation{Account: "a", Category: "sewing", UsedUntil: due.Add(-2 * time.Hour)}
		got := string(judge(i, Reach{Channel: "email"}, past, due))
		if got == "" {
			got = "sent"
		}
		if got != v.Result {
			t.Errorf("due %s: %s, want %s", v.Due, got, v.Result)
		}
	}
}

func TestEachReasonNotToAsk(t *testing.T) {
	now := time.Date(2027, 6, 1, 3, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	silent := func(n int, last int) (past []*Invitation) {
		for i := n; i > 0; i-- {
			past = append(past, sentAt(ago(last+(i-1)*20), "x", Expired))
		}
		return past
	}
	year := func(n int) (past []*Invitation) {
		for i := n; i > 0; i-- {
			past = append(past, sentAt(ago(35+i*15), "x", Answered))
		}
		return past
	}
	mail := Reach{Channel: "email"}
	for _, c := range []struct {
		name string
		r    Reach
		past []*Invitation
		end  time.Time
		want Skip
	}{
		{"nothing speaks against it", mail, nil, now, ""},
		{"staff", Reach{Channel: "email", Staff: true}, nil, now, SkipStaff},
		{"a child", Reach{Channel: "email", BirthYear: 2014}, nil, now, SkipUnder14},
		{"perhaps still 13", Reach{Channel: "email", BirthYear: 2013}, nil, now, SkipUnder14},
		{"surely 14", Reach{Channel: "email", BirthYear: 2012}, nil, now, ""},
		{"said no", Reach{Channel: "email", OptOut: true}, nil, now, SkipOptOut},
		{"unreachable", Reach{}, nil, now, SkipNoChannel},
		{"seven days later", mail, nil, now.Add(-7 * 24 * time.Hour), ""},
		{"more than seven days later", mail, nil, now.Add(-7*24*time.Hour - time.Millisecond), SkipUnsent},
		{"same category 29 days ago", mail, []*Invitation{sentAt(ago(29), "sewing", Answered)}, now, SkipCategory},
		{"same category 30 days ago", mail, []*Invitation{sentAt(ago(30), "sewing", Answered)}, now, ""},
		{"another category 20 days ago", mail, []*Invitation{sentAt(ago(20), "x", Answered)}, now, ""},
		{"eleven in the year", mail, year(11), now, ""},
		{"twelve in the year", mail, year(12), now, SkipYear},
		{"two silent", mail, silent(2, 30), now, ""},
		{"three silent", mail, silent(3, 30), now, SkipQuarantine},
		{"three silent, rested", mail, silent(3, 110), now, ""},
		{"three silent, then an answer", mail, append(silent(3, 60), sentAt(ago(31), "x", Answered)), now, ""},
		{"three silent, one open", mail, append(silent(3, 60), sentAt(ago(14), "x", Sent)), now, SkipQuarantine},
	} {
		i := &Invitation{Account: "a", Category: "sewing", UsedUntil: c.end}
		if got := judge(i, c.r, c.past, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheMachineWithFewestAnswersIsAskedAbout(t *testing.T) {
	due := []*Invitation{{ID: "1", Equipment: "busy", Tie: "a"}, {ID: "2", Equipment: "rare", Tie: "z"}, {ID: "3", Equipment: "rare", Tie: "b"}}
	choose(due, map[string]int{"busy": 7, "rare": 1})
	if due[0].ID != "3" || due[1].ID != "2" || due[2].ID != "1" {
		t.Errorf("order %s %s %s", due[0].ID, due[1].ID, due[2].ID)
	}
}

func TestStatesOnlyFollowTheTable(t *testing.T) {
	all := []State{Queued, Skipped, Sent, Reminded, Answered, Expired, Revoked}
	n := 0
	for _, from := range all {
		for _, to := range all {
			if (&Invitation{State: from}).may(to) {
				n++
			}
		}
	}
	if n != 12 || (&Invitation{State: Answered}).may(Answered) || (&Invitation{State: Expired}).may(Answered) {
		t.Errorf("%d transitions", n)
	}
}
