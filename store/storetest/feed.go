package storetest

import (
	"context"
	"strings"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
)

// Feeds is the contract of calendar addresses.
func Feeds(t *testing.T, open Opener) {
	e := NewEngine(t, open, nil)
	ctx := context.Background()
	who, other := e.Citizen(t, 1), e.Citizen(t, 2)
	read := func(token account.Secret) (string, error) {
		actor, machine, err := e.Accounts.FeedActor(ctx, token.Reveal())
		if err != nil {
			return "", err
		}
		file, err := e.Calendar(ctx, actor, machine, lang.Ko)
		return strings.ReplaceAll(string(file), "\r\n ", ""), err
	}
	first, token, err := e.Accounts.NewFeed(ctx, who, "", "")
	if err != nil {
		t.Fatal(err)
	}
	stays, goes := e.MustBook(t, who, Want("one", At(1, 10, 0), 60)), e.MustBook(t, who, Want("one", At(2, 10, 0), 60))
	e.MustBook(t, other, Want("one", At(3, 10, 0), 60))
	if _, err := e.Cancel(ctx, who, goes.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	got, err := read(token)
	if err != nil || strings.Count(got, "BEGIN:VEVENT") != 2 || !strings.HasPrefix(got, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(got, "END:VCALENDAR\r\n") {
		t.Fatalf("%s %v", got, err)
	}
	for _, want := range []string{"UID:" + stays.ID + "@gongbang\r\nSEQUENCE:0\r\n", "UID:" + goes.ID + "@gongbang\r\nSEQUENCE:1\r\n",
		"STATUS:CONFIRMED", "STATUS:CANCELLED", "DTSTART:20261124T010000Z", "METHOD:PUBLISH"} {
		if !strings.Contains(got, want) {
			t.Errorf("the calendar lacks %q:\n%s", want, got)
		}
	}
	again, renewed, err := e.Accounts.NewFeed(ctx, who, "", "")
	if err != nil || again.ID == first.ID || renewed == token {
		t.Fatal(again, err)
	}
	_, err = read(token)
	Refused(t, err, "not_found")
	if _, err := read(renewed); err != nil {
		t.Error(err)
	}
	if list, err := e.Accounts.Feeds(ctx, who); err != nil || len(list) != 1 || list[0].ID != again.ID {
		t.Errorf("%+v %v", list, err)
	}
	Refused(t, e.Accounts.EndFeed(ctx, other, again.ID), "not_found")
	if err := e.Accounts.EndFeed(ctx, who, again.ID); err != nil {
		t.Fatal(err)
	}
	_, err = read(renewed)
	Refused(t, err, "not_found")

	_, _, err = e.Accounts.NewFeed(ctx, who, "c", "one")
	Refused(t, err, "not_found")
	staff, err := e.Accounts.Create(ctx, operator, account.NewAccount{Name: "직원1", Email: "staff1@demo.test", Role: account.Staff, Centers: []string{"c"}})
	if err != nil {
		t.Fatal(err)
	}
	_, machine, err := e.Accounts.NewFeed(ctx, account.Actor{ID: staff.ID, Grants: staff.Grants}, "c", "one")
	if err != nil {
		t.Fatal(err)
	}
	if got, err = read(machine); err != nil || strings.Count(got, "BEGIN:VEVENT") != 3 || strings.Contains(got, "시민1") || !strings.Contains(got, "시*1") {
		t.Errorf("%s %v", got, err)
	}
	none := []account.Grant{}
	if _, err := e.Accounts.PatchAccount(ctx, operator, staff.ID, account.Patch{Roles: &none}); err != nil {
		t.Fatal(err)
	}
	_, err = read(machine)
	Refused(t, err, "not_found") // the role is what counts, not the address
}
