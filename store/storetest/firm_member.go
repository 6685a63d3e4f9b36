package storetest

import (
	"context"
	"slices"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
)

// Members is the contract of who belongs together, and of what that allows.
func Members(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Engine)
	}{
		{"a claim counts once it is confirmed", claimAndConfirm},
		{"a booking is handed over inside the firm", handOver},
		{"who receives is judged", handOverIsJudged},
		{"somebody in two firms", memberOfTwo},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, NewEngine(t, open, nil)) })
	}
}

var workshop = account.Firm{Name: "시험 공방", BusinessNumber: "123-45-67891"}

// firmOf makes confirmed members of one firm.
func firmOf(t *testing.T, e *Engine, numbers ...int) (firm string, members []account.Actor) {
	t.Helper()
	for _, n := range numbers {
		who := e.Citizen(t, n)
		m, err := e.Accounts.ClaimFirm(context.Background(), who, workshop)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Accounts.ConfirmMember(context.Background(), e.Staff, m.ID, who.ID); err != nil {
			t.Fatal(err)
		}
		firm, members = m.ID, append(members, who)
	}
	return firm, members
}

func claimAndConfirm(t *testing.T, e *Engine) {
	ctx := context.Background()
	firm, two := firmOf(t, e, 1, 2)
	third, stranger := e.Citizen(t, 3), e.Citizen(t, 4)
	m, err := e.Accounts.ClaimFirm(ctx, third, workshop)
	if err != nil || m.ConfirmedAt != nil || len(m.Members) != 0 {
		t.Fatalf("a claim alone tells %+v, %v", m, err)
	}
	_, err = e.Accounts.ClaimFirm(ctx, third, account.Firm{Name: "x", BusinessNumber: "123"})
	Refused(t, err, "validation")
	for _, who := range []account.Actor{third, stranger} {
		Refused(t, e.Accounts.ConfirmMember(ctx, who, firm, third.ID), "not_found")
	}
	Refused(t, e.Accounts.ConfirmMember(ctx, two[0], firm, stranger.ID), "not_found")
	Refused(t, e.Accounts.ConfirmMember(ctx, two[0], "other", third.ID), "not_found")

	first := e.MustBook(t, two[0], Want("one", At(1, 10, 0), 60))
	e.MustBook(t, stranger, Want("one", At(1, 12, 0), 60))
	seen := func(who account.Actor) (ids []string) {
		p, err := e.List(ctx, who, booking.List{Scope: "firm", Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Items {
			ids = append(ids, v.ID)
			if v.AccountID != who.ID && !v.Person.Masked {
				t.Error("a member's name is not masked")
			}
		}
		return ids
	}
	if got := seen(two[1]); !slices.Equal(got, []string{first.ID}) {
		t.Errorf("a confirmed member sees %v", got)
	}
	if got := append(seen(third), seen(stranger)...); len(got) > 0 {
		t.Errorf("a claim alone shows %v", got)
	}
	if err := e.Accounts.ConfirmMember(ctx, two[1], firm, third.ID); err != nil {
		t.Fatal(err)
	}
	if m, err = e.Accounts.MyFirm(ctx, third); err != nil || len(m.Members) != 3 || m.Members[0].Name == "시민1" || m.Members[0].ConfirmedAt == nil {
		t.Errorf("%+v %v", m, err)
	}
	if again, err := e.Accounts.ClaimFirm(ctx, third, workshop); err != nil || again.ConfirmedAt == nil {
		t.Error("saying it again loses the confirmation", err)
	}
	if err := e.Accounts.LeaveFirm(ctx, third); err != nil || len(seen(third)) > 0 {
		t.Error("who left still sees", err)
	}
	Refused(t, e.Accounts.LeaveFirm(ctx, third), "not_found")
	_, err = e.Accounts.MyFirm(ctx, stranger)
	Refused(t, err, "not_found")
}

func handOver(t *testing.T, e *Engine) {
	ctx := context.Background()
	_, two := firmOf(t, e, 1, 2)
	stranger := e.Citizen(t, 3)
	req := Want("one", At(1, 10, 0), 60)
	req.Attendee = &booking.Attendee{Name: "시민9"}
	b := e.MustBook(t, two[0], req)
	_, err := e.HandOver(ctx, two[0], b.ID, stranger.ID, 0)
	Refused(t, err, "validation")
	_, err = e.HandOver(ctx, two[1], b.ID, two[1].ID, 0)
	Refused(t, err, "not_found") // nobody takes: the owner gives
	_, err = e.HandOver(ctx, two[0], b.ID, two[1].ID, b.Version+1)
	Refused(t, err, "stale")
	v, err := e.HandOver(ctx, two[0], b.ID, two[1].ID, b.Version)
	if err != nil || v.AccountID != two[1].ID || v.Status != booking.Confirmed || v.Version != b.Version+1 || v.Details.Attendee != nil {
		t.Fatalf("%+v %v", v, explain(err))
	}
	if !v.Start.Equal(b.Start) || v.Unit != b.Unit || !v.Occupies {
		t.Error("the time changed hands too")
	}
	_, err = e.Get(ctx, two[0], b.ID)
	Refused(t, err, "not_found")
	told, err := store.Read(ctx, e.DB, func(ctx context.Context, tx *store.Tx) (n int, err error) {
		return n, tx.QueryRow(ctx, `SELECT COUNT(*) FROM outbox WHERE kind = 'booking.handed_over' AND subject = $1`, b.ID).Scan(&n)
	})
	if err != nil || told != 2 {
		t.Errorf("%d are told, %v", told, err)
	}
	lines, err := e.DB.Audit(ctx, store.AuditFilter{Action: "booking.hand_over", Subject: b.ID, Limit: 5})
	if err != nil || len(lines) != 1 || lines[0].Actor != two[0].ID {
		t.Errorf("%+v %v", lines, err)
	}
	e.Clock.Set(At(1, 10, 1))
	_, err = e.HandOver(ctx, two[1], b.ID, two[0].ID, 0)
	Refused(t, err, "in_past")
}

// memberOfTwo: both firms count, whichever was claimed last.
func memberOfTwo(t *testing.T, e *Engine) {
	ctx := context.Background()
	_, first := firmOf(t, e, 1, 2)
	other, third := e.Citizen(t, 3), e.Citizen(t, 4)
	e.firm(t, "second", first[0], other)
	for _, to := range []account.Actor{first[1], other} {
		b := e.MustBook(t, first[0], Want("one", At(1, 10, 0), 60))
		if v, err := e.HandOver(ctx, first[0], b.ID, to.ID, 0); err != nil || v.AccountID != to.ID {
			t.Fatal(explain(err))
		}
		if _, err := e.Cancel(ctx, to, b.ID, booking.AttendRequest{}); err != nil {
			t.Fatal(explain(err))
		}
	}
	b := e.MustBook(t, other, Want("one", At(2, 10, 0), 60))
	_, err := e.HandOver(ctx, other, b.ID, first[1].ID, 0)
	Refused(t, err, "validation") // a colleague's colleague is none
	if _, err := store.Do(ctx, e.DB, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, `INSERT INTO firm_claim (account_id, firm_id, claimed_at) VALUES ($1, 'second', 1)`, third.ID)
	}); err != nil {
		t.Fatal(err)
	}
	for _, who := range []account.Actor{third, first[1]} {
		Refused(t, e.Accounts.ConfirmMember(ctx, who, "second", third.ID), "not_found")
	}
	if err := e.Accounts.ConfirmMember(ctx, first[0], "second", third.ID); err != nil {
		t.Errorf("a member of two can't confirm for one of them: %v", err)
	}
}

func handOverIsJudged(t *testing.T, e *Engine) {
	ctx := context.Background()
	_, two := firmOf(t, e, 1, 2)
	for i := range 3 { // the receiver's limit is reached
		e.MustBook(t, two[1], Want("few", At(1+i, 9, 0), 60))
	}
	b := e.MustBook(t, two[0], Want("few", At(1, 12, 0), 60))
	_, err := e.HandOver(ctx, two[0], b.ID, two[1].ID, 0)
	Refused(t, err, "limit")
	if v, err := e.Get(ctx, two[0], b.ID); err != nil || v.AccountID != two[0].ID || v.Version != b.Version {
		t.Error("a refused hand-over changed something", err)
	}
	if _, err := e.Accounts.AddCertificate(ctx, e.Staff, "", two[0].ID, account.NewCertificate{Key: "studio", Basis: account.FromCard}); err != nil {
		t.Fatal(err)
	}
	s := e.MustBook(t, two[0], Want("strict", At(1, 12, 0), 60))
	if s.Status != booking.Confirmed {
		t.Fatal(s.Status)
	}
	v, err := e.HandOver(ctx, two[0], s.ID, two[1].ID, 0)
	if err != nil || v.Status != booking.Pending || !v.Occupies {
		t.Fatalf("without the certificate: %v %v", v, explain(err))
	}
}
