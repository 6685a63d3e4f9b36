package page_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

func cardOf(b *booking.View) string { return desk + "/bookings/" + b.ID }

// deskPress sends a form of the card as it stands there, with some values changed,
// and follows to the board, which says what was done.
func deskPress(t *testing.T, c *pagetest.Client, b *booking.View, deed string, change url.Values) *pagetest.Page {
	t.Helper()
	form := c.Get(cardOf(b)).Is(200).Form(cardOf(b) + "/" + deed)
	for k, v := range change {
		form[k] = v
	}
	p := c.Post(cardOf(b)+"/"+deed, form)
	if to := p.To(); !strings.HasPrefix(to, desk+"?did="+deed) {
		t.Errorf("%s leads to %s", deed, to)
	}
	return p.Follow().Is(200).Lacks("⟦").Lacks(inFull...)
}

func deskStatus(t *testing.T, s *pagetest.Site, b *booking.View, want booking.Status) *booking.View {
	t.Helper()
	v := found(t, s, b.ID)
	if v.Status != want {
		t.Errorf("the booking is %s, want %s", v.Status, want)
	}
	return v
}

func TestDeskVisit(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	staff.Get(cardOf(b)).Is(200).Has("시민1 님", "tel:+821000001001", "010-0000-1001", "부터 입실 확인을 할 수 있습니다").Lacks("⟦")
	deskPress(t, staff, b, "arrived", nil).Has("도착을 표시했습니다")
	s.Clock.Set(s.At(0, 11, 5))
	deskPress(t, staff, b, "check-in", nil).Has("입실을 확인했습니다", "되돌리기")
	deskStatus(t, s, b, booking.CheckedIn)
	undo := staff.Get(desk + "?did=check-in&last=" + b.ID).Form(cardOf(b) + "/undo")
	staff.Post(cardOf(b)+"/undo", undo).Follow().Has("되돌렸습니다")
	deskStatus(t, s, b, booking.Confirmed)
	deskPress(t, staff, b, "check-in", nil)
	deskPress(t, staff, b, "extend", nil).Has("늘렸습니다")
	if v := found(t, s, b.ID); !v.End.Equal(s.At(0, 13, 30)) {
		t.Errorf("it ends at %s", v.End.In(pagetest.KST))
	}
	s.Clock.Set(s.At(0, 12, 0))
	deskPress(t, staff, b, "finish", nil).Has("남은 시간은 다른 분께 열립니다")
	v := deskStatus(t, s, b, booking.Completed)
	if !v.EndedAt.Equal(s.At(0, 12, 0)) {
		t.Errorf("it ended at %s", v.EndedAt)
	}
}

func TestDeskNoShowAndLateStart(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 2)
	s.Clock.Set(s.At(0, 11, 5))
	deskPress(t, staff, b, "late", url.Values{"late.minutes": {"20"}})
	staff.Post(cardOf(b)+"/no-show", nil).Is(422).Has("기다려 주세요")
	s.Clock.Set(s.At(0, 11, 40))
	staff.Get(desk).Has("확인 필요", "도착 확인 필요")
	deskPress(t, staff, b, "no-show", nil).Has("미방문으로 바꿨습니다", "되돌리기")
	deskStatus(t, s, b, booking.NoShow)
	s.Clock.Set(s.At(0, 11, 50))
	staff.Get(desk+"/find?q="+b.Code).Is(200).Has("늦게 오셨습니다 · 지금 시작", `class="result warn"`)
	deskPress(t, staff, b, "start-late", nil)
	deskStatus(t, s, b, booking.CheckedIn)
}

// TestDeskToConfirm: nobody saw them; the three answers stand on the board.
func TestDeskToConfirm(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	var all []*booking.View
	for range 3 {
		all = append(all, s.Book(pagetest.Citizen2, pagetest.Sewing, s.At(0, 11, 0), 1))
	}
	s.Clock.Set(s.At(0, 13, 0)) // the time is over
	want := map[string]booking.Status{"came": booking.CheckedIn, "no-show": booking.NoShow, "close": booking.Cancelled}
	board := staff.Get(desk).Is(200)
	for i, deed := range []string{"came", "no-show", "close"} {
		staff.Post(cardOf(all[i])+"/"+deed, board.Form(cardOf(all[i])+"/"+deed)).Follow().Is(200)
		v := deskStatus(t, s, all[i], want[deed])
		switch {
		case deed == "came" && !v.CheckedInAt.Equal(v.Start):
			t.Errorf("the use began at %s", v.CheckedInAt)
		case deed == "close" && (v.Details.Cause != "center" || v.Counted):
			t.Errorf("the center's own cancel counts: %+v", v.Booking)
		case deed == "close" && (!strings.Contains(v.Details.Reason, "센터 사정") || !strings.Contains(v.Details.Reason, "center")):
			t.Errorf("the reason is not in both languages: %q", v.Details.Reason)
		}
	}
}

func TestDeskApproval(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	a := s.Book(pagetest.Citizen, pagetest.Cutter, s.At(1, 10, 0), 1)
	b := s.Book(pagetest.Citizen2, pagetest.Cutter, s.At(1, 14, 0), 1)
	staff.Get(cardOf(a)).Is(200).Has("아직 확정이 아닙니다")
	p := staff.Post(cardOf(a)+"/approve", url.Values{"approve.date": {"2030-01-09"}, "approve.time": {"열한 시"}, "approve.minutes": {"60"}})
	p.Is(422).Has("시각은 24시간으로", `value="열한 시"`, `aria-invalid="true"`, "autofocus", `id="do-approve" open`)
	uniqueIDs(t, p)
	staff.Post(cardOf(a)+"/approve", url.Values{"approve.date": {"2030-01-09"}, "approve.time": {"1400"}, "approve.minutes": {"60"}}).Is(409)
	deskPress(t, staff, a, "approve", url.Values{"approve.time": {"11:00"}, "approve.minutes": {"120"}}).Has("승인했습니다")
	if v := deskStatus(t, s, a, booking.Confirmed); !v.Start.Equal(s.At(1, 11, 0)) || v.Interval().Minutes() != 120 {
		t.Errorf("approved for %s, %d minutes", v.Start, v.Interval().Minutes())
	}
	deskPress(t, staff, b, "reject", url.Values{"reject.reason": {"reject.2"}, "reject.more": {"두께가 맞지 않습니다."}})
	v := deskStatus(t, s, b, booking.Rejected)
	for _, part := range []string{"이 장비로는 할 수 없는 작업입니다.", "The job can't be done on this machine.", "두께가 맞지 않습니다."} {
		if !strings.Contains(v.Details.Reason, part) {
			t.Errorf("%q is missing in the reason %q", part, v.Details.Reason)
		}
	}
}

func TestDeskJob(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Cutter, s.At(0, 14, 0), 1)
	deskPress(t, staff, b, "approve", nil)
	s.Clock.Set(s.At(0, 13, 40))
	find := staff.Get(desk + "/find?q=" + b.Code).Is(200).Has("원단 받음")
	staff.Post(cardOf(b)+"/job", find.Form(cardOf(b)+"/job")).Follow().Has("작업 상태를 저장했습니다")
	deskStatus(t, s, b, booking.CheckedIn)
	deskPress(t, staff, b, "job", url.Values{"job.state": {"working"}, "job.date": {"2030-01-08"}, "job.time": {"15:30"}, "job.note": {"2장 모자랍니다"}})
	v := found(t, s, b.ID)
	if j := v.Details.Job; j.State != booking.JobWorking || j.PromisedAt == nil || !j.PromisedAt.Equal(s.At(0, 15, 30)) || j.StaffNote != "2장 모자랍니다" {
		t.Errorf("%+v", j)
	}
	staff.Post(cardOf(b)+"/job", url.Values{"job.state": {"ready"}, "job.date": {"2030-01-08"}}).Is(422).Has("다 되는 시각")
	form := staff.Get(cardOf(b)).Form(cardOf(b) + "/continue")
	form.Set("continue.date", "2030-01-10")
	form.Set("continue.time", "0900")
	first := staff.Post(cardOf(b)+"/continue", form).To()
	if again := staff.Post(cardOf(b)+"/continue", form).To(); again != first {
		t.Errorf("pressing twice leads to %s and %s", first, again)
	}
	deskPress(t, staff, b, "job", url.Values{"job.state": {"ready"}})
	deskPress(t, staff, b, "job", url.Values{"job.state": {"collected"}})
	deskStatus(t, s, b, booking.Completed)
}

func TestDeskCancelAndMove(t *testing.T) {
	s := pagetest.New(t)
	staff := s.As(pagetest.Staff)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 1)
	deskPress(t, staff, b, "move", url.Values{"move.time": {"16:00"}, "move.unit": {"2"}})
	if v := found(t, s, b.ID); !v.Start.Equal(s.At(0, 16, 0)) || v.Unit != 2 {
		t.Errorf("moved to %s on %d", v.Start, v.Unit)
	}
	staff.Post(cardOf(b)+"/cancel", url.Values{"version": {"2"}}).Is(422)
	deskPress(t, staff, b, "cancel", url.Values{"cancel.reason": {"cancel.1"}})
	deskStatus(t, s, b, booking.Cancelled)
}

// TestTwoAtTheDesk: what two people press at once happens once, and whoever
// came second over another's change is told.
func TestTwoAtTheDesk(t *testing.T) {
	s := pagetest.New(t)
	one, two := s.As(pagetest.Staff), s.As(pagetest.Admin)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 10, 0).Add(30*time.Minute+30*time.Minute), 2)
	s.Clock.Set(s.At(0, 11, 0))
	form := one.Get(cardOf(b)).Form(cardOf(b) + "/check-in")
	move := two.Get(cardOf(b)).Form(cardOf(b) + "/move")
	one.Post(cardOf(b)+"/check-in", form).Follow().Has("입실을 확인했습니다")
	two.Post(cardOf(b)+"/check-in", form).Follow().Has("입실을 확인했습니다")
	v := deskStatus(t, s, b, booking.CheckedIn)
	move.Set("move.time", "15:00")
	p := two.Post(cardOf(b)+"/move", move).Is(409)
	p.Has(`role="alert"`, "먼저 바뀌었습니다", "이용 중")
	if now := found(t, s, b.ID); now.Version != v.Version {
		t.Errorf("a stale form changed the booking")
	}
	extend := one.Get(cardOf(b)).Form(cardOf(b) + "/extend")
	one.Post(cardOf(b)+"/extend", extend).To()
	two.Post(cardOf(b)+"/extend", extend).To()
	if now := found(t, s, b.ID); !now.End.Equal(b.End.Add(30 * time.Minute)) {
		t.Errorf("two presses made it end at %s", now.End)
	}
}

// TestDeskExtendSaysWhyNot: only what fits can be pressed.
func TestDeskExtendSaysWhyNot(t *testing.T) {
	s := pagetest.New(t)
	b := checkedIn(t, s, pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 1)
	next := s.Book(pagetest.Citizen2, b.EquipmentID, s.At(0, 12, 0), 1)
	for next.Unit != b.Unit {
		next = s.Book(pagetest.Citizen2, b.EquipmentID, s.At(0, 12, 0), 1)
	}
	p := s.As(pagetest.Staff).Get(cardOf(b)).Is(200).Has("12:00 예약 있음")
	if forms := p.Find(func(n *html.Node) bool { return strings.HasSuffix(pagetest.Attr(n, "action"), "/extend") }); len(forms) != 0 {
		t.Errorf("%d buttons extend into a booking", len(forms))
	}
	s.As(pagetest.Staff).Post(cardOf(b)+"/extend", url.Values{"ends_at": {"2030-01-08T03:30:00Z"}}).Is(409).Has(`role="alert"`)
}

func TestDeskPapers(t *testing.T) {
	s := pagetest.New(t)
	admin := s.As(pagetest.Admin)
	b := s.Book(pagetest.Citizen, pagetest.CNC, s.At(0, 14, 0), 1)
	if b.Status != booking.Pending {
		t.Fatalf("it is %s", b.Status)
	}
	card := "/desk/" + pagetest.Gangseo + "/bookings/" + b.ID
	p := admin.Get(card).Is(200).Has("교육 미이수", "이용 자격 확인 전", "자격 확인", "이수 확인")
	admin.Get("/desk/"+pagetest.Gangseo+"/find?q="+b.Code).Is(200).Has("아직 승인 전입니다", "교육 미이수: 예약 카드에서")
	admin.Post(card+"/group", url.Values{"group": {"citizen"}}).Is(422)
	admin.Post(card+"/group", p.Form(card+"/group")).Follow().Is(200).Has("자격 확인됨: 소공인", "확인한 내용을 저장했습니다")
	bad := p.Form(card + "/certificate")
	bad.Set("expires", "2020-01-01")
	admin.Post(card+"/certificate", bad).Is(422).Has(`aria-invalid="true"`)
	form := p.Form(card + "/certificate")
	form.Set("expires", "2031-12-31")
	admin.Post(card+"/certificate", form).Follow().Is(200).Has("교육 이수:").Lacks("교육 미이수")
	me, err := s.Accounts.Me(context.Background(), account.Actor{ID: b.AccountID})
	noErr(t, err)
	if len(me.Certificates) != 1 || me.Certificates[0].Basis != account.FromCard || len(me.Groups) == 0 {
		t.Errorf("%+v", me)
	}
	s.As(pagetest.Staff).Get(card).Is(403)
}
