package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/store"
)

// findings holds the database against what people did and what they were
// promised, after all of it; nothing found is nil.
func (y *year) findings() (out []string) {
	note := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	report, err := y.DB.Check(context.Background(), y.Clock.Now())
	y.must(err)
	for _, f := range report.Broken() {
		note("invariant: %d %s %s", f.Count, f.Name, f.Detail)
	}
	if n := Overlaps(y.t, y.DB); n > 0 {
		note("%d overlaps", n)
	}
	y.strikesStand(note)
	told := y.messages(note)
	actors := y.read(`SELECT subject, actor FROM audit WHERE action = 'booking.cancel'`)
	y.jobsStand(note, told)
	for _, u := range y.all {
		v := y.now(u)
		if unlike := u.terms.unlike(v.Details.Terms, u.Start); unlike != "" && !u.walkIn {
			note("%s was promised rule %d and has %s", u.id, u.terms.no, unlike)
		}
		if v.Details.Terms.Prolonged {
			y.n["more time"]++
			if want := y.limit(u); !v.Details.Terms.CancelUntil.Equal(want) {
				note("%s can be cancelled until %s, want %s", u.id, v.Details.Terms.CancelUntil, want)
			}
		}
		if how := y.ended(u, v, actors[u.id]); how != "" {
			note("%s on %s at %s: %s", u.id, u.machine, u.Start.In(Seoul), how)
		}
		if n := told["outage.affected/"+u.id]; n != y.lost[u.id] {
			note("%s was hit by the center %d times and told %d times", u.id, y.lost[u.id], n)
		}
		if n := told["booking.confirmed/"+u.id]; !u.walkIn && n != u.said {
			note("%s: %d confirmations, want %d", u.id, n, u.said)
		}
		if n := told["booking.reminder/"+u.id]; n > 1+u.moves {
			note("%s: %d reminders", u.id, n)
		}
		if n, m := told["booking.moved/"+u.id], told["booking.handed_over/"+u.id]; n != u.moves || m != 2*u.handed {
			note("%s was moved %d times and told so %d times; handed over %d times and told so to %d", u.id, u.moves, n, u.handed, m)
		}
	}
	return out
}

// ended says what is wrong with how a booking ended; "" is nothing.
func (y *year) ended(u *yearUse, v *booking.View, by string) string {
	cause := v.Details.Cause
	switch {
	case (cause == "center") != u.taken, u.taken && v.Counted:
		return fmt.Sprintf("cause %q, taken by the center %v, counted %v", cause, u.taken, v.Counted)
	case v.Unit != u.unit, v.Interval() != u.Interval, v.EquipmentID != u.machine, v.AccountID != y.people[u.who].ID:
		return fmt.Sprintf("it stands on %s %d from %s to %s for %s; want unit %d, from %s to %s for %s", v.EquipmentID, v.Unit, v.Start.In(Seoul), v.End.In(Seoul),
			v.AccountID, u.unit, u.Start.In(Seoul), u.End.In(Seoul), y.people[u.who].ID)
	case v.Status == booking.Completed, v.Status == booking.CheckedIn && u.job != nil && u.standing, v.Status == booking.NoShow && !u.comes && u.job == nil, v.Status == booking.Rejected && u.confirmed.IsZero():
		return ""
	case v.Status == booking.Cancelled && (cause == "center" || cause == "person" && by == y.people[u.who].ID):
		return ""
	}
	return fmt.Sprintf("%s, cause %q, by %q, comes %v", v.Status, cause, by, u.comes)
}

// strikesStand holds the points in the database against those that people have
// themselves to thank for: none more and none fewer.
func (y *year) strikesStand(note func(string, ...any)) {
	got := y.read(`SELECT booking_id || '-' || kind, account_id || ' ' || CAST(points AS TEXT) FROM strike WHERE taken_back_at IS NULL`)
	for who, list := range y.strikes {
		for _, s := range list {
			if want := fmt.Sprint(y.people[who].ID, " ", s.points); got[s.key] != want {
				note("strike %s: %q, want %q", s.key, got[s.key], want)
			}
			delete(got, s.key)
		}
	}
	for key, s := range got {
		note("strike %s: %s, for nothing the person did", key, s)
	}
}

// messages counts what left by kind and booking; each key left once.
func (y *year) messages(note func(string, ...any)) map[string]int {
	told := map[string]int{}
	for key, n := range y.sent {
		if n != 1 {
			note("%s was sent %d times", key, n)
		}
		if p := strings.Split(key, "/"); len(p) > 1 {
			told[p[0]+"/"+p[1]] += n
		}
	}
	return told
}

// read reads pairs of texts.
func (y *year) read(query string) map[string]string {
	out, err := store.Read(context.Background(), y.DB, func(ctx context.Context, tx *store.Tx) (map[string]string, error) {
		rows, err := tx.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		out := map[string]string{}
		for rows.Next() {
			var a, b sql.NullString
			if err := rows.Scan(&a, &b); err != nil {
				return nil, err
			}
			out[a.String] = b.String
		}
		return out, rows.Err()
	})
	y.must(err)
	return out
}

// rebooked is how much time was freed, and how much of it somebody used after all.
func (y *year) rebooked() (freed, again time.Duration) {
	made := map[string][]*yearUse{}
	place := func(machine string, unit int, at time.Time) string {
		day, _ := y.dayOf(at)
		return fmt.Sprint(machine, unit, day)
	}
	for _, u := range y.all {
		if u.counts {
			k := place(u.machine, u.unit, u.Start)
			made[k] = append(made[k], u)
		}
	}
	for _, f := range y.freed {
		freed += f.End.Sub(f.Start)
		for _, u := range made[place(f.machine, f.unit, f.Start)] {
			if part := minTime(u.End, f.End).Sub(later(u.Start, f.Start)); part > 0 && !u.made.Before(f.at) {
				again += part
			}
		}
	}
	return freed, again
}

// goesRed is the control: each wrong done by hand is found.
func (y *year) goesRed() {
	var lost, used, job string
	for _, u := range y.all {
		if u.lost {
			lost = u.id
		} else if u.comes && !u.walkIn && y.now(u).Status == booking.Completed {
			used = u.id
		}
		if u.job != nil && len(u.job.uses) > 1 && u.job.uses[1] == u && u.job.state == booking.JobCollected {
			job = u.job.uses[0].id
		}
	}
	known := map[string]bool{}
	key := ""
	for k := range y.sent {
		key = k
		break
	}
	wrongs := map[string]func(){
		"points for what the center did": func() {
			y.write(`UPDATE strike SET booking_id = $1 WHERE id = (SELECT MIN(id) FROM strike WHERE taken_back_at IS NULL)`, lost)
		},
		"a promise that was changed": func() {
			y.write(`UPDATE booking SET details = REPLACE(details, '"cancel_until":"2', '"cancel_until":"3') WHERE id = $1`, used)
		},
		"a booking that never ended":       func() { y.write(`UPDATE booking SET status = 'offered' WHERE id = $1`, used) },
		"time the center took that counts": func() { y.write(`UPDATE booking SET counted = 1 WHERE id = $1`, lost) },
		"a booking that stands elsewhere":  func() { y.write(`UPDATE booking SET unit = unit + 1 WHERE id = $1`, used) },
		"a job asked about twice":          func() { y.sent["booking.completed/"+job+"/0"]++ },
		"a message that was sent twice":    func() { y.sent[key]++ },
	}
	if job == "" { // two weeks may see no job that went on and was collected
		delete(wrongs, "a job asked about twice")
	}
	for what, wrong := range wrongs {
		wrong()
		fresh := 0
		for _, f := range y.findings() {
			if !known[f] {
				known[f] = true
				fresh++
			}
		}
		if fresh == 0 {
			y.t.Errorf("%s was not found", what)
		}
	}
}

func (y *year) write(query string, args ...any) {
	n, err := store.Do(context.Background(), y.DB, func(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Exec(ctx, query, args...) })
	if err != nil || n != 1 {
		y.t.Fatalf("%s: %d rows, %v", query, n, err)
	}
}
