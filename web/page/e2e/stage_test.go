package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/testdata"
)

// stage is a city with people in it: a running site and what the rows of the
// page table need of it.
type stage struct {
	*site
	name                           string
	center                         string
	machine, other                 string // two that people run themselves
	operated                       string // run by staff, who approve
	word, initials                 string // a search that finds machines
	citizen, staff, manager, admin person
	machines                       []string // of the center, run by people themselves
	quiet, ending                  string   // centers that nothing happens at: one tells of no change, one is closed for good
	groups                         []string // two that people can say they belong to
	prepared                       sync.Map // what rows share, by name
	mu                             sync.Mutex
	next                           map[string]time.Time // where the next booking of a machine is tried
}

var (
	stagesMu sync.Mutex
	stages   = map[string]*stage{}
)

// seoul is the demo, the city that all checks run in; busan has the same
// people and another catalog.
func seoul(t testing.TB) *stage { t.Helper(); return staged(t, "seoul", newSeoul) }
func busan(t testing.TB) *stage { t.Helper(); return staged(t, "busan", newBusan) }

func staged(t testing.TB, name string, build func(*stage) error) *stage {
	t.Helper()
	stagesMu.Lock()
	defer stagesMu.Unlock()
	if s := stages[name]; s != nil {
		return s
	}
	s := &stage{name: name, next: map[string]time.Time{}}
	if err := build(s); err != nil {
		t.Fatal(err)
	}
	stages[name] = s
	return s
}

func closeStages() {
	stagesMu.Lock()
	defer stagesMu.Unlock()
	for _, s := range stages {
		s.kill()
	}
}

// ownSeoul is a demo of its own at 10:40, for a test that stops the server,
// counts what is there, or checks somebody in at 11:00.
func ownSeoul(t testing.TB) *stage {
	t.Helper()
	chromium(t)
	s := &stage{name: "own", next: map[string]time.Time{}}
	if err := seoulAt(s, opening().Add(20*time.Minute)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

// demo is the site whose folder every Seoul is a copy of: to load it takes
// longer than most tests. It is ended already, and its clock goes on.
var demo = sync.OnceValues(func() (*site, error) {
	data, err := os.MkdirTemp(scratch, "demo-")
	if err != nil {
		return nil, err
	}
	s, err := newSite(data, opening(), "--demo")
	if err != nil {
		return nil, err
	}
	defer s.kill()
	return s, s.start()
})

func newSeoul(s *stage) error {
	loaded, err := demo()
	if err != nil {
		return err
	}
	return seoulAt(s, loaded.now())
}

func seoulAt(s *stage, at time.Time) error {
	loaded, err := demo()
	if err != nil {
		return err
	}
	data, err := os.MkdirTemp(scratch, "seoul-")
	if err != nil {
		return err
	}
	if err := os.CopyFS(data, os.DirFS(loaded.data)); err != nil {
		return err
	}
	if err := os.Chmod(filepath.Join(data, "server.key"), 0o600); err != nil {
		return err
	}
	if s.site, err = newSite(data, at, "--demo"); err != nil {
		return err
	}
	if err := s.start(); err != nil {
		return err
	}
	s.center, s.word, s.initials = "city-geumcheon-apparel", "재봉", "ㅈㅂㄱ"
	s.machine, s.other, s.operated = s.center+"--pattern-cad", s.center+"--lockstitch", s.center+"--auto-cutter"
	s.machines = selfRun(testdata.Seoul, s.center)
	s.quiet, s.ending, s.groups = "priv-doksan-apparel", "priv-euljiro-printing", []string{"founder", "seoul_citizen"}
	return s.people("citizen@demo.test")
}

func newBusan(s *stage) (err error) {
	data, err := os.MkdirTemp(scratch, "busan-")
	if err != nil {
		return err
	}
	if s.site, err = newSite(data, opening()); err != nil {
		return err
	}
	file := filepath.Join(data, "catalog.json")
	if err := os.WriteFile(file, testdata.Busan, 0o600); err != nil {
		return err
	}
	s.center, s.word, s.initials = "busan-saha-shoes", "레이저", "ㄹㅇㅈ"
	s.machine, s.other, s.operated = s.center+"--laser", s.center+"--sewing", s.center+"--cutter"
	s.quiet, s.ending, s.groups = "busan-gangseo-metal", "busan-suyeong-craft", []string{"small_manufacturer", "citizen"}
	jobs := [][]string{{"import", file}}
	for login, role := range map[string]string{"staff": "staff", "manager": "manager", "admin": "admin", "citizen": "citizen"} {
		args := []string{"account", "create", "--email", login + "@demo.test", "--name", "시험" + login, "--role", role, "--password-stdin"}
		if role == "staff" || role == "manager" {
			args = append(args, "--center", s.center)
		}
		jobs = append(jobs, args)
	}
	for _, args := range jobs {
		if err := s.command(demoPassword+"\n", args...); err != nil {
			return err
		}
	}
	if err := s.start(); err != nil {
		return err
	}
	s.machines = selfRun(testdata.Busan, s.center)
	return s.people("citizen@demo.test")
}

func (s *stage) people(citizen string) (err error) {
	for login, p := range map[string]*person{citizen: &s.citizen, "staff@demo.test": &s.staff, "manager@demo.test": &s.manager, "admin@demo.test": &s.admin} {
		known, failed := s.known(login)
		*p, err = known, errors.Join(err, failed)
	}
	return err
}

// booked makes a booking of a machine at the next free time and tells its id.
func (s *stage) booked(who person, machine string) (string, error) {
	b, err := s.firstFree(machine, func(start time.Time) (object, error) { return who.book(machine, start, 60) })
	return text(b, "id"), err
}

// firstFree tries one start after the other, from tomorrow 9:00, until one is
// not refused; what was tried is not tried again.
func (s *stage) firstFree(machine string, try func(start time.Time) (object, error)) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.next[machine]
	if !ok {
		at = s.clock(1, 9, 0)
	}
	var last error
	for range 13 * 24 {
		start := at
		at = at.Add(time.Hour)
		if h := start.Hour(); h < 9 || h > 19 {
			continue
		}
		s.next[machine] = at
		got, err := try(start)
		if err == nil {
			return got, nil
		}
		last = err
	}
	return nil, fmt.Errorf("%s is never free: %w", machine, last)
}

// held presses a start as a browser does and tells the path of the confirm page.
func (s *stage) held(who person, machine string) (string, error) {
	got, err := s.firstFree(machine, func(start time.Time) (object, error) {
		to, err := who.post("/holds", url.Values{"equipment_id": {machine}, "starts_at": {start.Format(time.RFC3339)}, "ends_at": {start.Add(time.Hour).Format(time.RFC3339)}})
		if err == nil && !strings.HasPrefix(to, "/confirm") {
			err = errors.New("a hold leads to " + to)
		}
		return object{"to": to}, err
	})
	return text(got, "to"), err
}

// post sends a form as the person's browser does and tells where it leads.
func (p person) post(path string, form url.Values) (string, error) {
	req, err := http.NewRequest("POST", p.site.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "gongbang", Value: p.token})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("POST %s answers %d", path, res.StatusCode)
	}
	return res.Header.Get("Location"), nil
}

// seat seats somebody at the desk for an hour, on the first of the machines
// that is free now, and tells the booking.
func (s *stage) seat(who person, machines []string) (b object, machine string, err error) {
	for _, machine = range machines {
		b, err = s.staff.api("POST", "/desk/"+s.center+"/walk-ins", object{"equipment_id": machine, "phone": who.phone, "name": who.name, "minutes": 60, "consent": "counter"})
		if err == nil {
			return b, machine, nil
		}
	}
	return nil, "", fmt.Errorf("no machine is free: %w", err)
}

// invite lets somebody use a machine and leave, and tells the path of the
// survey link that they get.
func (s *stage) invite(who person) (string, error) {
	_, link, err := s.used(who, s.machines)
	return link, err
}

// used is invite that tells the machine, too: the first of these that is free.
func (s *stage) used(who person, machines []string) (machine, path string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, machine, err := s.seat(who, machines)
	if err != nil {
		return "", "", err
	}
	if _, err = s.staff.api("POST", "/bookings/"+text(b, "id")+"/finish", object{}); err != nil {
		return "", "", err
	}
	err = s.waits("no survey invitation leaves", func() (bool, error) {
		for _, m := range s.mails("survey.invitation", who.email) {
			if len(m.Links) > 0 {
				link, err := url.Parse(m.Links[0])
				if err == nil {
					path = link.Path
				}
				return true, err
			}
		}
		return false, nil
	})
	return machine, path, err
}

// waits asks until it is so, and says what is missing when it never is.
func (s *stage) waits(missing string, ok func() (bool, error)) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		if done, err := ok(); done || err != nil {
			return err
		}
	}
	return errors.New(missing)
}

// selfRun lists the machines of a center that people run themselves, for an
// hour at least, and book without further papers.
func selfRun(catalog []byte, center string) (ids []string) {
	var c struct {
		Centers []struct {
			ID        string
			Equipment []struct {
				ID, Mode string
				Policy   struct {
					Min int `json:"min_minutes"`
				}
			}
		}
	}
	if err := json.Unmarshal(catalog, &c); err != nil {
		panic(err)
	}
	for _, x := range c.Centers {
		for _, e := range x.Equipment {
			if x.ID == center && e.Mode == "self" && e.Policy.Min <= 60 {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

// arriving books the next full hour for somebody, on whichever machine of the
// center is free then.
func (s *stage) arriving(t testing.TB, who person) object {
	t.Helper()
	start := s.now().Truncate(time.Hour).Add(time.Hour)
	for _, m := range s.machines {
		if b, err := who.book(m, start, 60); err == nil {
			return b
		}
	}
	t.Fatal("no machine is free at the next full hour")
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
