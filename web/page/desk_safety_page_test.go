package page_test

import (
	"context"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/store"
	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// report stores a report of a danger with the outage it opened; "" opens none.
func report(t *testing.T, s *pagetest.Site, id, outage string) {
	t.Helper()
	_, err := store.NewSurveys(s.DB).Do(context.Background(), func(ctx context.Context, tx survey.Tx) (any, error) {
		if err := tx.SaveTicket(ctx, survey.Ticket{ID: id, Center: pagetest.Saha, Equipment: pagetest.Laser, Day: "2030-01-07", Text: "덮개가 열린 채 돕니다"}); err != nil {
			return nil, err
		}
		return nil, tx.TicketOutage(ctx, id, outage)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSafetyAtTheDesk: a report stands on the board; one press ends the outage
// it opened, or says that the machine is broken.
func TestSafetyAtTheDesk(t *testing.T) {
	s := pagetest.New(t)
	staff, desk := s.As(pagetest.Staff), "/desk/"+pagetest.Saha
	staff.Get(desk).Is(200).Lacks("/safety")
	staff.Get(desk + "/safety").Is(200).Has("확인할 신고가 없습니다")
	until := s.Clock.Now().Add(4 * time.Hour)
	out := func() *booking.Outage {
		t.Helper()
		o, _, _, err := s.Bookings.ReportOutage(t.Context(), s.Actor(pagetest.Staff), booking.OutageRequest{EquipmentID: pagetest.Laser,
			From: s.Clock.Now().Add(-time.Minute), ExpectedUntil: &until, Reason: "점검", Kind: booking.Fault})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	running := func() int {
		t.Helper()
		list, err := s.Bookings.Outages(t.Context(), s.Actor(pagetest.Staff), pagetest.Laser)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	report(t, s, "t1", out().ID)
	staff.Get(desk).Is(200).Has(desk+"/safety", "고장·안전 신고 1건")
	page := staff.Get(desk+"/safety").Is(200).Has("덮개가 열린 채 돕니다", "멈춤").Lacks("시민1", "⟦")
	staff.Get("/en"+desk+"/safety").Is(200).Has("No danger, use it again", `<span lang="ko">덮개가 열린 채 돕니다</span>`)
	path := desk + "/safety/t1"
	form := page.Form(path)
	form.Set("state", "safe")
	form.Del("reason.t1")
	staff.Post(path, form).Is(422).Has("f-reason-t1-error")
	if running() != 1 {
		t.Fatal("a refused answer ended the outage")
	}
	form.Set("reason.t1", "덮개를 닫았습니다")
	s.Clock.Set(s.Clock.Now().Truncate(time.Minute).Add(100 * time.Second))
	staff.Post(path, form).Follow().Is(200).Has("장비를 다시 쓰게 했습니다", "확인할 신고가 없습니다")
	if n := running(); n != 0 {
		t.Fatalf("%d outages go on", n)
	}
	seated, _, err := s.Bookings.WalkIn(t.Context(), s.Actor(pagetest.Staff), booking.WalkInRequest{CenterID: pagetest.Saha, EquipmentID: pagetest.Laser, Minutes: 60, Name: "시민9", Phone: "+821000009009", Consent: "counter"})
	if err != nil {
		t.Fatalf("in the minute in which the outage ended nobody is seated: %v", err)
	}
	if _, err := s.Bookings.Finish(t.Context(), s.Actor(pagetest.Staff), seated.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	s.As(pagetest.Manager).Get("/manage/audit").Is(200).Has("안전 신고에 이상이 없음을 확인했습니다", "덮개를 닫았습니다")

	report(t, s, "t2", out().ID)
	form.Set("state", "fault")
	staff.Post(desk+"/safety/t2", form).Follow().Is(200).Has("멈춘 채로")
	if n := running(); n != 1 {
		t.Fatalf("%d outages after a fault was confirmed", n)
	}
	report(t, s, "t3", "")
	if to := staff.Post(desk+"/safety/t3", form).To(); to != desk+"/outage?machine="+pagetest.Laser+"+0" {
		t.Errorf("without an outage on to %s", to)
	}
	if p := staff.Post(desk+"/safety/t3", form); p.Status != 409 {
		t.Errorf("a settled report answers %d", p.Status)
	}
}
