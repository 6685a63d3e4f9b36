package page_test

import (
	"context"
	"encoding/json"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// TestComingRules: what will change stands on the machine's page with its day,
// the new sentence and the one that goes; English has its own.
func TestComingRules(t *testing.T) {
	s := pagetest.New(t)
	path := "/machines/" + pagetest.Studio
	s.As(pagetest.Nobody).Get(path).Is(200).Lacks("곧 바뀌는 규칙")
	from := s.At(30, 0, 0)
	_, err := s.Bookings.ChangePolicy(context.Background(), account.Actor{ID: "a", Grants: []account.Grant{{Role: account.Admin}}}, pagetest.Studio,
		booking.PolicyChange{Values: booking.PolicyValues{"buffer_minutes": json.RawMessage("20")}, EffectiveFrom: &from})
	if err != nil {
		t.Fatal(err)
	}
	s.As(pagetest.Nobody).Get(path).Is(200).Has("곧 바뀌는 규칙", "정리 시간 20분을 비워 둡니다", "이미 하신 예약에는 예약하실 때의 규칙을 그대로 적용합니다")
	s.As(pagetest.Nobody).Get("/en"+path).Is(200).Has("Rules that will change", "kept free for 20 minutes of cleaning")
}
