package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
)

// year is one center lived through by simulated people. What they meant to do
// and what the center did is kept here, apart from the database, and is what
// the database is held against.
type year struct {
	*Engine
	t       *testing.T
	rnd     *rand.Rand
	days    int
	misses  float64 // share of people who do not come
	steps   []yearStep
	ticked  time.Time
	people  []account.Actor
	all     []*yearUse
	asked   []*yearUse // wait for an answer of staff
	byID    map[string]*yearUse
	strikes map[int][]yearStrike // by person
	freed   []yearFreed
	stood   []yearFreed    // times in which the center had taken a machine, or with "" all, away
	lost    map[string]int // bookings the center took back or moved, and how often
	overdue string         // the machine whose repair goes on day by day
	box     *store.Outbox
	sent    map[string]int // by key
	n       map[string]int // figures
}

// A firm is three neighbours among the first people of each ten.
func firmOfPerson(who int) (firm int, in bool) { return who / 10, who < yearPeople && who%10 < 3 }

// yearPeople is how many people live near the center.
const yearPeople = 300

// yearUse is one booking as its person knows it.
type yearUse struct {
	id, machine string
	who, unit   int
	booking.Interval
	made, confirmed time.Time
	terms           yearRules
	comes           bool // the person means to come
	standing        bool // it takes time, as far as its person knows
	counts          bool // a limit may count it
	walkIn          bool
	continued       bool     // staff made it for a job that took longer
	job             *yearJob // what staff do on a staff-run machine; of a job in several bookings the same
	round           int      // plans of an earlier round are void
	moves, handed   int      // how often it was moved and handed over
	said            int      // how often it was confirmed
	lost            bool     // the center cancelled it
	taken           bool     // or ended or shortened it
}

type yearFreed struct {
	machine string
	unit    int
	at      time.Time
	booking.Interval
}

// Year lives through a year of one center (two weeks at a small scale) at each
// rate of people who do not come. It goes red when somebody has points, a
// suspension or a limit that they did not bring on themselves, when freed time
// is not free or not bookable in that moment, when a promise is judged by a
// later rule, when a booking ends in no way that its person knows of, and when
// a message is missing or leaves twice. yearCases and goesRed are its controls.
func Year(t *testing.T, open Opener, small, full int, rates ...float64) {
	var mu sync.Mutex
	met := map[string]int{}
	t.Run("rates", func(t *testing.T) {
		for k, rate := range rates {
			t.Run(fmt.Sprintf("%.0f %% do not come", rate*100), func(t *testing.T) {
				t.Parallel()
				y := newYear(t, open, scale(small, full), rate)
				y.live()
				for _, f := range y.findings() {
					t.Error(f)
				}
				y.print()
				mu.Lock()
				met["runs"]++
				for what, n := range y.n {
					met[what] += n
				}
				mu.Unlock()
				if k == len(rates)-1 && !t.Failed() {
					y.goesRed()
				}
			})
		}
	})
	for _, what := range yearCases {
		if met[what] == 0 && met["runs"] == len(rates) && (scale(small, full) > 100 || !slices.Contains(yearRare, what)) { // one rate alone may miss a case
			t.Errorf("nobody met: %s", what)
		}
	}
}

// yearCases must each come up, else what is held above holds of nothing.
var yearCases = []string{"booked", "came", "no-shows", "late cancels", "given up", "taken back", "suspended", "limit", "rejected", "offered", "spot", "walk-ins", "failed",
	"not judged", "old rule", "differs", "outages", "moved by people", "late moves", "not moved", "handed over", "not handed over", "jobs", "late jobs", "continued", "collected", "not collected", "prolonged", "overdue", "closures", "given back", booking.BecameMoved, booking.BecameCancelled, "more time", "desk left"}

// yearRare may be missed in a few weeks.
var yearRare = []string{"more time", "desk left", "late moves", "not handed over"}

func newYear(t *testing.T, open Opener, days int, misses float64) *year {
	y := &year{Engine: NewEngine(t, open, nil), t: t, rnd: seeded(t), days: days, misses: misses, byID: map[string]*yearUse{},
		strikes: map[int][]yearStrike{}, lost: map[string]int{}, sent: map[string]int{}, n: map[string]int{}}
	y.box = store.NewOutbox(y.DB)
	ImportCatalog(t, y.DB, yearCatalog())
	y.people = make([]account.Actor, yearPeople)
	atOnce(yearPeople, func(n int) { y.people[n] = y.Citizen(t, n) })
	for k := 0; k < yearPeople; k += 10 {
		y.firm(t, fmt.Sprintf("firm-%d", k/10), y.people[k:k+3]...)
	}
	return y
}

// yearCatalog is one center with 15 machines of 12 kinds: a row of three, a
// pair, one that staff run, one with cleaning time, one that staff approve.
func yearCatalog() string {
	var machines []string
	for k := range 12 {
		quantity, mode, policy := 1, "self", `{}`
		switch k {
		case 0:
			quantity = 3
		case 1:
			quantity = 2
		case 9:
			mode, policy = "operator", `{"check_in":{"grace_minutes":null}}`
		case 10:
			policy = `{"buffer_minutes":60}`
		case 11:
			policy = `{"approval":{"by":"staff","answer_within_hours":9}}`
		}
		machines = append(machines, fmt.Sprintf(`{"id":"m%02d","name":{"ko":"장비 %d"},"category":"k%d","quantity":%d,"mode":"%s","fee_krw_per_hour":0,"policy":%s}`, k, k, k%4, quantity, mode, policy))
	}
	hours := strings.Replace(week("09:00", "18:00"), `,"sun": ["09:00", "18:00"]`, "", 1)
	return `{"catalog":"test","time_zone":"Asia/Seoul","centers":[{"id":"c","name":{"ko":"시험 센터"},"operator":"city","district":"금천구","sectors":["apparel"],"hours":` + hours +
		`,"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},"policy":` + yearEras[0].policy() + `,"equipment":[` + strings.Join(machines, ",") + `]}]}`
}

// print tells the figures.
func (y *year) print() {
	y.t.Logf("%s, %d days, %.0f %% do not come: %d bookings and %d walk-ins; %d no-shows, %d late cancels, %d points taken back; %d bookings refused to the suspended, %d over a limit",
		y.DB.Dialect(), y.days, y.misses*100, y.n["booked"], y.n["walk-ins"], y.n["no-shows"], y.n["late cancels"], y.n["taken back"], y.n["suspended"], y.n["limit"])
	freed, again := y.rebooked()
	y.t.Logf("freed %d times, %.0f hours: %.0f hours of them used again (%.0f %%); %d whole slots were free at once, %d of them booked on the spot",
		len(y.freed), freed.Hours(), again.Hours(), 100*again.Hours()/max(freed.Hours(), 1), y.n["offered"], y.n["spot"])
	y.t.Logf("the center hit %d bookings: moved %d, cancelled %d, ended %d, shortened %d; not judged, because the desk was absent, the server down, or the person there: %d",
		len(y.lost), y.n[booking.BecameMoved], y.n[booking.BecameCancelled], y.n[booking.BecameEnded], y.n[booking.BecameShortened], y.n["not judged"])
	y.t.Logf("people moved %d bookings, %d of them late, and handed %d to colleagues; %d moves and hand-overs were refused; %d jobs were received, %d of them promised anew, %d bookings made to go on with one, %d collected",
		y.n["moved by people"], y.n["late moves"], y.n["handed over"], y.n["not moved"]+y.n["not handed over"], y.n["jobs"], y.n["late jobs"], y.n["continued"], y.n["collected"])
	y.t.Logf("the desk had left before %d of those who did not come had to be there; the limit to cancel of %d was moved because the server was down, %d cancelled in time because of it",
		y.n["desk left"], y.n["more time"], y.n["in time after all"])
	y.t.Logf("judged by a rule that was no longer in force: %d, where the new one would have said otherwise: %d; %d messages, %d came twice out of the box because they failed",
		y.n["old rule"], y.n["differs"], len(y.sent), y.n["failed"])
}
