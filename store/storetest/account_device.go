package storetest

import (
	"context"
	"testing"
	"time"

	"gongbang/account"
)

// devices: a person sees and ends their own sessions, one or all others, and nobody else's.
func devices(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	p.citizen(t, "시민 2", "010-8765-4321", "", withPassword)
	in := func(login string) (account.Session, account.Actor) {
		t.Helper()
		s, err := p.byPassword(login, goodPassword.Reveal(), "a")
		if err != nil {
			t.Fatal(err)
		}
		p.pass(time.Minute)
		return s, p.actor(t, s)
	}
	first, me := in("010-1234-5678")
	second, _ := in("010-1234-5678")
	third, _ := in("010-1234-5678")
	foreign, other := in("010-8765-4321")
	list, err := p.Devices(ctx, me)
	if err != nil || len(list) != 3 || !list[0].Current || list[0].ID != me.Session || list[1].Current || !list[1].Since.After(list[2].Since) {
		t.Fatalf("%+v, %v", list, err)
	}
	wants(t, p.EndDevice(ctx, me, other.Session), "not_found")
	wants(t, p.EndDevice(ctx, me, "none"), "not_found")
	if err := p.EndDevice(ctx, me, list[1].ID); err != nil {
		t.Fatal(err)
	}
	_, err = p.Authenticate(ctx, third.Token.Reveal())
	wants(t, err, "unauthenticated")
	if err := p.EndOtherDevices(ctx, me); err != nil {
		t.Fatal(err)
	}
	_, err = p.Authenticate(ctx, second.Token.Reveal())
	wants(t, err, "unauthenticated")
	for _, s := range []account.Session{first, foreign} {
		if _, err := p.Authenticate(ctx, s.Token.Reveal()); err != nil {
			t.Error("a session that was not meant ended:", err)
		}
	}
	p.pass(31 * 24 * time.Hour)
	if list, err := p.Devices(ctx, me); err != nil || len(list) != 0 {
		t.Errorf("expired sessions are listed: %+v, %v", list, err)
	}
	_, err = p.Devices(ctx, account.Actor{})
	wants(t, err, "unauthenticated")
	wants(t, p.EndOtherDevices(ctx, account.Actor{ID: me.ID}), "unauthenticated")
}
