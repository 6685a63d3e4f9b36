package page_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/booking"
	"gongbang/store"
	"gongbang/web/page"
	"gongbang/web/page/pagetest"
)

const desk = "/desk/" + pagetest.Saha

// who must never stand on a screen that everybody sees.
var inFull = []string{"시민1", "시민2", "010-0000-1001", "01000001001", "+821000001001"}

func found(t *testing.T, s *pagetest.Site, id string) *booking.View {
	t.Helper()
	v, err := s.Bookings.Get(context.Background(), s.Actor(pagetest.Admin), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// checkedIn is a booking whose person is at the machine.
func checkedIn(t *testing.T, s *pagetest.Site, who pagetest.Who, machine string, start time.Time, hours int) *booking.View {
	t.Helper()
	b := s.Book(who, machine, start, hours)
	s.Clock.Set(start)
	v, err := s.Bookings.CheckIn(context.Background(), s.Actor(pagetest.Staff), b.ID, booking.AttendRequest{})
	noErr(t, err)
	return v
}

func TestDeskBelongsToItsStaff(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 1)
	clients := map[pagetest.Who]*pagetest.Client{}
	for _, who := range []pagetest.Who{pagetest.Nobody, pagetest.Citizen, pagetest.Staff} {
		clients[who] = s.As(who)
	}
	n := 0
	for _, row := range page.Routes() {
		if !strings.HasPrefix(row.Path, "/desk/") {
			continue
		}
		n++
		at := func(center string) string {
			return strings.NewReplacer(":center", center, ":id", b.ID).Replace(row.Path)
		}
		form := url.Values(nil)
		if row.Method == http.MethodPost {
			form = url.Values{"version": {"1"}}
		}
		if to := clients[pagetest.Nobody].Do(row.Method, at(pagetest.Saha), form).To(); !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s %s: nobody is sent to %s", row.Method, row.Path, to)
		}
		clients[pagetest.Citizen].Do(row.Method, at(pagetest.Saha), form).Is(http.StatusForbidden)
		clients[pagetest.Staff].Do(row.Method, at(pagetest.Gangseo), form).Is(http.StatusForbidden)
	}
	if n < 30 {
		t.Errorf("only %d desk routes", n)
	}
	if v := found(t, s, b.ID); v.Status != booking.Confirmed || v.Version != b.Version {
		t.Errorf("somebody changed the booking: %+v", v.Booking)
	}
}

// TestDeskIsItsCentersBookings: who works at two centers finds each booking at its own.
func TestDeskIsItsCentersBookings(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 1)
	admin := s.As(pagetest.Admin)
	admin.Get(desk + "/bookings/" + b.ID).Is(200)
	admin.Get("/desk/" + pagetest.Gangseo + "/bookings/" + b.ID).Is(404)
	admin.Get("/desk/nowhere").Is(404)
	admin.Get("/desk").Is(200).Has(desk, "/desk/"+pagetest.Gangseo)
	admin.Get("/en/desk").Is(200).Has("/en" + desk)
	if to := s.As(pagetest.Staff).Get("/desk").To(); to != desk {
		t.Errorf("staff of one center are sent to %s", to)
	}
}

func TestDeskBoard(t *testing.T) {
	s := pagetest.New(t)
	now := checkedIn(t, s, pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	s.Clock.Add(5 * time.Minute)
	next := s.Book(pagetest.Citizen2, pagetest.Laser, s.At(0, 14, 0), 1)
	asked := s.Book(pagetest.Citizen2, pagetest.Cutter, s.At(1, 14, 0), 1)
	staff := s.As(pagetest.Staff)
	p := staff.Get(desk).Is(200).Lacks(inFull...)
	p.Has("시*1", "이용 중", "11:00~13:00", "11:05 기준", "autofocus", `data-events="/api/v1/events?center=`+pagetest.Saha)
	for _, id := range []string{now.ID, next.ID} {
		blocks := p.Find(func(n *html.Node) bool { return strings.HasSuffix(pagetest.Attr(n, "href"), "/bookings/"+id) })
		if len(blocks) < 2 {
			t.Errorf("%d links to a booking: it should stand on the timeline and on the list", len(blocks))
		}
		name := pagetest.Inner(blocks[0])
		for _, part := range []string{"시*", ":00", "레이저 커팅기"} {
			if !strings.Contains(name, part) {
				t.Errorf("the name of the block is %q", name)
			}
		}
	}
	p.Has("/bookings/"+asked.ID, "답해 주세요") // a request of another day waits beside the board
	staff.Get(desk+"?show=in_use").Is(200).Has("/bookings/"+now.ID).Lacks("/bookings/"+next.ID, "⟦")
	staff.Get(desk + "?date=2030-01-09").Is(200).Has("승인 대기").Lacks(`id="live"`)
	staff.Get(desk + "?date=soon").Is(422)
	staff.Get("/en"+desk).Is(200).Has("In use", "11:00–13:00", "As of 11:05", "Walk-in").Lacks("⟦")
	staff.Get(desk + "?view=list").Is(200).Has(`class="view-list"`).Lacks(inFull...)
	uniqueIDs(t, p)
}

// uniqueIDs holds a page to what labels and links need.
func uniqueIDs(t *testing.T, p *pagetest.Page) {
	t.Helper()
	seen := map[string]bool{}
	for _, n := range p.Find(func(n *html.Node) bool { return pagetest.Attr(n, "id") != "" }) {
		id := pagetest.Attr(n, "id")
		if seen[id] {
			t.Errorf("the id %s stands twice", id)
		}
		seen[id] = true
	}
}

// TestDeskBoardRefreshesItself: the part that is fetched again is the board
// alone, and a screen that nobody touches is no active desk.
func TestDeskBoardRefreshesItself(t *testing.T) {
	s := pagetest.New(t)
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 1)
	staff := s.As(pagetest.Staff)
	staff.Get(desk+"?part=board").Is(200).Has(`id="board"`, "/bookings/").Lacks("<html", "<header")
	staff.Get("/en" + desk + "?part=board").Is(200).Has("As of 10:05")
	seen := func() int {
		n, err := store.Read(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (n int, err error) {
			err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM desk_seen WHERE center_id = $1", pagetest.Saha).Scan(&n)
			return n, err
		})
		noErr(t, err)
		return n
	}
	if n := seen(); n != 0 {
		t.Errorf("a refresh marked the desk as active %d times", n)
	}
	staff.Get(desk).Is(200)
	if n := seen(); n != 1 {
		t.Errorf("a person at the board counts %d times", n)
	}
	s.As(pagetest.Citizen).Get(desk + "?part=board").Is(403)
}

func TestDeskBoardEscapes(t *testing.T) {
	s := pagetest.New(t)
	start := s.At(0, 14, 0)
	v, _, err := s.Bookings.Book(context.Background(), s.Actor(pagetest.Citizen), booking.BookRequest{EquipmentID: pagetest.Cutter, Start: start, End: start.Add(time.Hour),
		Purpose: "<script>alert(1)</script>", Attendee: &booking.Attendee{Name: "<img src=x>", Phone: "010-0000-7777"},
		Job: &booking.JobRequest{What: "<b>what", Note: "\"><svg>"}})
	noErr(t, err)
	staff := s.As(pagetest.Staff)
	for _, path := range []string{"", "?view=list", "/bookings/" + v.ID, "/find?q=" + v.Code, "/sheet", "/sheet?names=full", "/paper", "/find?q=%3Cscript%3E"} {
		p := staff.Get(desk + path).Is(200)
		for _, bad := range []string{"<script>alert", "<img src=x", "<b>what", "\"><svg>"} {
			if strings.Contains(p.Body, bad) {
				t.Errorf("%s: %q came through", path, bad)
			}
		}
	}
	staff.Get(desk + "/bookings/" + v.ID).Has("&lt;script&gt;")
}

func TestDeskChangesNothingByGet(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 10, 0).Add(time.Hour), 1)
	staff := s.As(pagetest.Staff)
	for _, row := range page.Routes() {
		if row.Method == http.MethodPost && strings.HasPrefix(row.Path, "/desk/:center/bookings/") {
			staff.Get(strings.NewReplacer(":center", pagetest.Saha, ":id", b.ID).Replace(row.Path))
		}
	}
	if v := found(t, s, b.ID); v.Version != b.Version {
		t.Errorf("a GET changed the booking: %+v", v.Booking)
	}
}
