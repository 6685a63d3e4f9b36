package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
)

func keyHasOneEffect(t *testing.T, open Opener) {
	var now atomic.Int64
	db := open(t, func(o *store.Options) { o.Clock = func() time.Time { return time.UnixMilli(now.Load()) } })
	claim := func(body, subject string, refuse error) (prevBody, prevSubject string, replay bool) {
		t.Helper()
		_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (_ none, err error) {
			prevBody, prevSubject, replay, err = tx.ClaimKey(ctx, "me POST /x", "k", body, subject, time.Hour)
			return none{}, errors.Join(err, refuse)
		})
		if refuse == nil && err != nil {
			t.Fatal(err)
		}
		return prevBody, prevSubject, replay
	}
	now.Store(1_000_000_000)
	claim("b0", "s0", errors.New("refused")) // a refusal leaves the key free
	if _, _, replay := claim("b1", "s1", nil); replay {
		t.Fatal("the first claim is a replay")
	}
	for _, body := range []string{"b1", "b2"} {
		if b, s, replay := claim(body, "s2", nil); !replay || b != "b1" || s != "s1" {
			t.Fatalf("the second claim: %q, %q, %v", b, s, replay)
		}
	}
	now.Add(time.Hour.Milliseconds()) // exactly old enough
	if _, _, replay := claim("b3", "s3", nil); replay {
		t.Fatal("an old key was not taken over")
	}
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		body, subject, found, err := tx.FindKey(ctx, "me POST /x", "k", time.Hour)
		if err == nil && (!found || body != "b3" || subject != "s3") {
			err = fmt.Errorf("found %q, %q, %v", body, subject, found)
		}
		if _, _, found, _ := tx.FindKey(ctx, "you POST /x", "k", time.Hour); found {
			err = errors.New("another caller found the key")
		}
		return none{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func keyOfMany(t *testing.T, open Opener) {
	db := open(t)
	var won atomic.Int64
	subjects := make([]string, 16)
	var all sync.WaitGroup
	for i := range subjects {
		all.Go(func() {
			s, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (string, error) {
				mine := fmt.Sprintf("s%d", i)
				_, prev, replay, err := tx.ClaimKey(ctx, "me", "k", "b", mine, time.Hour)
				if replay {
					return prev, err
				}
				if err == nil {
					_, err = tx.Exec(ctx, put, "made-"+mine, "v")
				}
				return mine, err
			})
			if err != nil {
				t.Error(err)
			}
			if s == fmt.Sprintf("s%d", i) {
				won.Add(1)
			}
			subjects[i] = s
		})
	}
	all.Wait()
	for _, s := range subjects {
		if s == "" || s != subjects[0] {
			t.Fatalf("callers were told different things: %v", subjects)
		}
	}
	if n := rows(t, db, "made-%"); n != 1 || won.Load() != 1 {
		t.Fatalf("%d effects, %d winners", n, won.Load())
	}
}

func knownEventIsDropped(t *testing.T, open Opener) {
	db := open(t)
	due := time.Now().Add(24 * time.Hour).Truncate(time.Millisecond)
	record := func(events ...account.Event) {
		t.Helper()
		_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
			return none{}, tx.Record(ctx, account.Entry{Actor: "a", Action: "x", Subject: "s", Detail: map[string]any{"n": 1}}, events...)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	record(account.Event{Kind: "k", Key: "1", Data: map[string]string{"v": "first"}}, account.Event{Kind: "k", Key: "2", Due: due})
	record(account.Event{Kind: "k", Key: "1", Data: map[string]string{"v": "second"}})
	record()
	many := make([]account.Event, 19)
	for i := range many {
		many[i] = account.Event{Kind: "m", Key: fmt.Sprintf("m%d", i), Subject: "s"}
	}
	record(many...)
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		var events, entries int
		var data string
		var dueAt int64
		err := errors.Join(
			tx.QueryRow(ctx, "SELECT COUNT(*) FROM outbox").Scan(&events),
			tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit").Scan(&entries),
			tx.QueryRow(ctx, "SELECT data FROM outbox WHERE key = $1", "1").Scan(&data),
			tx.QueryRow(ctx, "SELECT due_at FROM outbox WHERE key = $1", "2").Scan(&dueAt),
		)
		if err == nil && (events != 21 || entries != 4 || data != `{"v":"first"}` || dueAt != due.UnixMilli()) {
			err = fmt.Errorf("%d events, %d entries, data %s, due %d", events, entries, data, dueAt)
		}
		return none{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}
