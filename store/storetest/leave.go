package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/scheduler"
	"gongbang/store"
)

// Unique is what names the person who leaves, in every spelling that may be
// kept; no other text of the database holds any of it.
var Unique = []string{"가나다라떠날사람", "+821098765432", "01098765432", "010-9876-5432", "10987654", "98765432", "9876-5432",
	"leaver.unique@demo.test", "떠날사람공방", UniqueReason}

// UniqueReason is what staff call them, in reasons alone.
const UniqueReason = "떠날사람별명"

// Leaving is the contract of leaving, and of what is taken away as a file.
func Leaving(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Engine)
	}{
		{"leaving frees the time and destroys the name", leavingDestroys},
		{"leaving asks for what there is", leavingAsks},
		{"a phone stays as a hash while a strike counts", leavingWithStrikes},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, NewEngine(t, open, nil)) })
	}
}

// Live has a person of the name Unique use everything, and is them. Others
// name them too: the desk by phone, and a friend who books for them.
func Live(t testing.TB, e *Engine) account.Actor {
	t.Helper()
	ctx := context.Background()
	yes := true
	a, _, err := e.Accounts.SignUp(ctx, account.Actor{}, account.SignUp{Name: account.Secret(Unique[0]), Phone: "010-9876-5432",
		Email: account.Secret(Unique[7]), Password: goodPassword, Groups: []string{"small"},
		Firm: &account.Firm{Name: Unique[8], BusinessNumber: "123-45-67891"}, Consents: account.Consents{Terms: &yes, Privacy: &yes}})
	if err != nil {
		t.Fatal(err)
	}
	me := account.Actor{ID: a.ID}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(explain(err))
		}
	}
	must(e.Accounts.SendCode(ctx, account.Actor{}, "010-9876-5432"))
	_, _, err = e.Accounts.SignIn(ctx, account.Actor{Address: "a"}, account.SignIn{Login: Unique[7], Password: goodPassword})
	must(err)
	_, err = e.Accounts.AddCertificate(ctx, e.Staff, "", a.ID, account.NewCertificate{Key: "studio", Basis: account.FromCard})
	must(err)

	_, _, err = e.Accounts.NewFeed(ctx, me, "", "")
	must(err)
	req := Want("one", At(1, 10, 0), 60)
	req.Purpose, req.Key = Unique[0]+" 시제품", &booking.Key{Caller: a.ID + " POST /x", Value: "k", Body: "b"}
	req.Attendee = &booking.Attendee{Name: Unique[0], Phone: Unique[3]}
	first := e.MustBook(t, me, req)
	_, err = e.Cancel(ctx, me, first.ID, booking.AttendRequest{Reason: Unique[0] + "에게 일이 생겼습니다"})
	must(err)
	said := Want("row", At(2, 9, 0), 60)
	said.For, said.Override = &booking.ForWhom{AccountID: a.ID}, UniqueReason+" 님이 멀리서 오십니다"
	theirs := e.MustBook(t, e.Staff, said)
	_, err = e.Cancel(ctx, e.Staff, theirs.ID, booking.AttendRequest{Reason: UniqueReason + " 님이 " + Unique[3] + "로 부탁하셨습니다"})
	must(err)
	_, err = e.Accounts.Look(ctx, e.Staff, "c", a.ID, UniqueReason+" 님의 문의")
	must(err)
	job := Want("staffed", At(1, 10, 0), 60)
	job.Job = &booking.JobRequest{What: Unique[8] + " 견본", Note: Unique[3] + "로 전화 주세요"}
	e.MustBook(t, me, job)
	for _, typed := range []string{"010 9876 5432", Unique[2], "+82 10-9876-5432"} {
		walk := Want("row", At(2, 9, 0), 60)
		walk.For = &booking.ForWhom{Name: Unique[0], Phone: typed, Consent: "phone"}
		walk.Start, walk.End = walk.Start.Add(time.Duration(len(typed))*time.Hour), walk.End.Add(time.Duration(len(typed))*time.Hour)
		if v := e.MustBook(t, e.Staff, walk); v.AccountID != a.ID {
			t.Fatal("the desk made another record of the same phone")
		}
	}
	friend := Want("row", At(1, 15, 0), 60)
	friend.Attendee = &booking.Attendee{Name: Unique[0], Phone: Unique[3]}
	e.MustBook(t, e.Citizen(t, 7), friend)
	if _, _, err := e.Ask(ctx, me, booking.AskRequest{CenterID: "c", Text: Unique[0] + "입니다. " + Unique[3] + "로 답해 주세요."}); err != nil {
		t.Fatal(explain(err))
	}
	undelivered(t, e)
	return me
}

// undelivered has every message fail with an answer that names the address.
func undelivered(t testing.TB, e *Engine) {
	t.Helper()
	box := store.NewOutbox(e.DB)
	events, err := box.Claim(context.Background(), time.Minute, 200)
	if err != nil || len(events) == 0 {
		t.Fatal(len(events), err)
	}
	for i, x := range events {
		if err := box.Fail(context.Background(), x, scheduler.Failure{Reason: "550 no such user <" + Unique[7] + ">", Dead: i%2 == 0, After: time.Hour}); err != nil {
			t.Fatal(err)
		}
	}
}

func leavingDestroys(t *testing.T, e *Engine) {
	ctx := context.Background()
	me := Live(t, e)
	if _, err := e.Accounts.Look(ctx, e.Staff, "c", e.Citizen(t, 9).ID, aboutOthers); err != nil {
		t.Fatal(explain(err))
	}
	if found := Named(t, e.DB); len(found) < 8 {
		t.Fatalf("the control finds the person in %v only", found)
	}
	x, err := e.Accounts.Export(ctx, me)
	if err != nil || x.Account.Name.Reveal() != Unique[0] || x.Firm == nil || len(x.Certificates) != 1 || len(x.Messages) == 0 {
		t.Fatalf("%+v %v", x, err)
	}
	coming, err := e.Coming(ctx, me)
	if err != nil || len(coming) != 4 {
		t.Fatalf("%d bookings to come, %v", len(coming), err)
	}
	Refused(t, e.Accounts.Leave(ctx, me, account.Leaving{Password: "wrong wrong wrong"}, e.Leave), "validation")
	if err := e.Accounts.Leave(ctx, me, account.Leaving{Password: goodPassword}, e.Leave); err != nil {
		t.Fatal(explain(err))
	}
	if found := Named(t, e.DB); len(found) > 0 {
		t.Errorf("still named in %v", found)
	}
	leftReasons(t, e, me)
	for _, v := range coming {
		b, err := e.Message(ctx, v.ID)
		if err != nil || b.Status != booking.Cancelled || b.Occupies || b.Details.Cause != "person" {
			t.Errorf("%s: %v %v", v.EquipmentID, b.Status, err)
		}
	}
	e.MustBook(t, e.Citizen(t, 8), Want("staffed", At(1, 10, 0), 60)) // the time is free
	if _, err := e.Accounts.Me(ctx, me); err == nil {
		t.Error("the account is still open")
	}
	_, _, err = e.Accounts.SignIn(ctx, account.Actor{}, account.SignIn{Login: Unique[7], Password: goodPassword})
	Refused(t, err, "unauthenticated")
	_, _, err = e.Book(ctx, me, Want("one", At(3, 10, 0), 60))
	Refused(t, err, "not_found")
	box := store.NewOutbox(e.DB)
	e.Clock.Add(2 * time.Hour)
	events, err := box.Claim(ctx, time.Minute, 200)
	for _, x := range events {
		if _, err := e.Accounts.Contacts(ctx, me.ID); err == nil {
			t.Errorf("%s would still leave", x.Kind)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	report, err := e.DB.Check(ctx, time.Time{})
	if err != nil || len(report.Broken()) > 0 {
		t.Errorf("%v %v", report.Broken(), err)
	}
}

func leavingAsks(t *testing.T, e *Engine) {
	ctx := context.Background()
	who := e.Citizen(t, 1) // neither a password nor a proven contact
	p, err := e.Accounts.Me(ctx, who)
	if err != nil || p.LeaveNeeds() != "confirm" {
		t.Fatal(p.LeaveNeeds(), err)
	}
	Refused(t, e.Accounts.Leave(ctx, who, account.Leaving{}, e.Leave), "validation")
	Refused(t, e.Accounts.Leave(ctx, account.Actor{}, account.Leaving{Confirm: "탈퇴"}, e.Leave), "unauthenticated")
	admin, err := e.Accounts.Create(ctx, operator, account.NewAccount{Name: "운영자1", Email: "admin1@demo.test", Role: account.Admin})
	if err != nil {
		t.Fatal(err)
	}
	Refused(t, e.Accounts.Leave(ctx, account.Actor{ID: admin.ID, Grants: admin.Grants}, account.Leaving{Confirm: "탈퇴"}, e.Leave), "state_conflict")
	staff, err := e.Accounts.Create(ctx, operator, account.NewAccount{Name: "직원1", Email: "staff1@demo.test", Role: account.Staff, Centers: []string{"c"}})
	if err != nil {
		t.Fatal(err)
	}
	actor := account.Actor{ID: staff.ID, Grants: staff.Grants}
	Refused(t, e.Accounts.Leave(ctx, actor, account.Leaving{Confirm: "탈퇴"}, e.Leave), "validation") // the operator vouched: a code is asked for
	if err := e.Accounts.SendContactCode(ctx, actor, account.Email); err != nil {
		t.Fatal(err)
	}
	Refused(t, e.Accounts.Leave(ctx, actor, account.Leaving{Code: "1"}, e.Leave), "validation")
	if err := e.Accounts.Leave(ctx, actor, account.Leaving{Code: lastCode(t, e)}, e.Leave); err != nil {
		t.Fatal(explain(err))
	}
	if err := e.Accounts.Leave(ctx, who, account.Leaving{Confirm: " 탈퇴 "}, e.Leave); err != nil {
		t.Fatal(explain(err))
	}
	e.Citizen(t, 1) // the number is free for whoever has it next
}

// lastCode is the newest code, as its message would show it.
func lastCode(t *testing.T, e *Engine) account.Secret {
	t.Helper()
	key, err := store.Read(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (key string, err error) {
		return key, tx.QueryRow(ctx, `SELECT key FROM outbox WHERE kind = $1 ORDER BY id DESC LIMIT 1`, account.CodeSent).Scan(&key)
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Accounts.CodeMessage(context.Background(), strings.TrimPrefix(key, account.CodeSent+":"))
	if err != nil {
		t.Fatal(err)
	}
	return m.Code
}

func leavingWithStrikes(t *testing.T, e *Engine) {
	ctx := context.Background()
	who := e.Citizen(t, 1)
	b := e.MustBook(t, who, Want("one", At(0, 10, 0), 60))
	e.Clock.Set(At(0, 10, 30))
	if _, err := e.MarkNoShow(ctx, e.Staff, b.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	mine, err := e.MyStrikes(ctx, who)
	if err != nil || len(mine.Items) != 1 {
		t.Fatalf("%+v %v", mine, err)
	}
	if _, err := e.AskReview(ctx, who, mine.Items[0].ID, Unique[0]+"은 갔습니다"); err != nil {
		t.Fatal(explain(err))
	}
	if err := e.Accounts.Leave(ctx, who, account.Leaving{Confirm: "leave"}, e.Leave); err != nil {
		t.Fatal(explain(err))
	}
	if found := Named(t, e.DB); len(found) > 0 {
		t.Errorf("still named in %v", found)
	}
	if held(t, e) != 1 {
		t.Error("the hash is not kept")
	}
	back := e.Citizen(t, 1)
	if again, err := e.MyStrikes(ctx, back); err != nil || len(again.Items) != 1 || held(t, e) != 0 {
		t.Errorf("who comes back has %+v, %v", again, err)
	}
	if err := e.Accounts.Leave(ctx, back, account.Leaving{Confirm: "leave"}, e.Leave); err != nil || held(t, e) != 1 {
		t.Error("the second time", err)
	}
	e.Clock.Set(mine.Items[0].Until.Add(time.Second))
	if _, err := e.DB.PurgeAccounts(ctx); err != nil || held(t, e) != 0 {
		t.Error("the hash outlives the strike", err)
	}
}

// held counts the hashes of phones of people who left.
func held(t *testing.T, e *Engine) int {
	t.Helper()
	n, err := store.Read(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (n int, err error) {
		return n, tx.QueryRow(ctx, `SELECT COUNT(*) FROM left_phone`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Named lists the columns of all tables in which some of Unique stands.
func Named(t testing.TB, db *store.DB) (found []string) {
	t.Helper()
	columns := `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.type = 'TEXT' LIMIT 1000`
	if db.Dialect() == "postgres" {
		columns = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'text' LIMIT 1000`
	}
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		rows, err := tx.Query(ctx, columns)
		if err != nil {
			return none{}, err
		}
		var all [][2]string
		for rows.Next() {
			var c [2]string
			if err := rows.Scan(&c[0], &c[1]); err != nil {
				return none{}, err
			}
			all = append(all, c)
		}
		_ = rows.Close()
		for _, c := range all {
			for _, text := range Unique {
				var n int
				if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+c[0]+` WHERE `+c[1]+` LIKE $1`, "%"+text+"%").Scan(&n); err != nil {
					return none{}, err
				}
				if n > 0 {
					found = append(found, c[0]+"."+c[1]+": "+text)
				}
			}
		}
		return none{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
