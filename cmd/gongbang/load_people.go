package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
	"gongbang/store"
)

// peopleAtOnce is how many accounts one transaction writes.
const peopleAtOnce = 200

// writePeople makes the accounts and, but for the first byCode of them, an
// open session. They are written as the account package keeps them: to sign
// 74,594 people in by password takes half an hour of hashing.
func writePeople(ctx context.Context, t *target, people []loadPerson, byCode int) error {
	accounts := store.NewAccounts(t.db)
	for from := 0; from < len(people); from += peopleAtOnce {
		batch := people[from:min(from+peopleAtOnce, len(people))]
		tokens := make([]string, len(batch))
		for i := range tokens {
			if from+i >= byCode {
				tokens[i] = newToken()
			}
		}
		_, err := accounts.Do(ctx, func(ctx context.Context, tx account.Tx) (any, error) {
			for i, p := range batch {
				if err := writePerson(ctx, tx, p.login, tokens[i]); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
		for i := range batch {
			batch[i].token = tokens[i]
		}
	}
	return nil
}

func writePerson(ctx context.Context, tx account.Tx, login, token string) error {
	now := tx.Now()
	l := account.Login{Kind: account.Email, Value: account.Secret(login), Valid: true}
	holder, err := tx.Holder(ctx, l)
	if err != nil {
		return err
	}
	id := newID()
	if holder != nil { // of an earlier load on the same database
		id = holder.ID
	} else if _, err := tx.Insert(ctx, &account.Record{ProvedAt: &now, Account: account.Account{
		ID: id, Name: loadPersonName, Email: l.Value, EmailVerified: true, Locale: lang.Ko, Channels: []account.Channel{account.ByEmail}, CreatedAt: now,
	}}); err != nil {
		return err
	}
	if token == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(token))
	s := account.Signed{ID: newID(), Account: id, ExpiresAt: now.Add(24 * time.Hour)}
	return tx.OpenSession(ctx, s, base64.RawURLEncoding.EncodeToString(sum[:]), "load")
}

func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// importLoadCatalog gives the database its centers: each machine is one unit
// with whole hours, bookable from tomorrow for as many days as are wanted, so
// that the slots are as many as the plan says.
func importLoadCatalog(ctx context.Context, db *store.DB) error {
	type object = map[string]any
	name := func(ko, en string, n int) object {
		return object{"ko": fmt.Sprintf("%s %d", ko, n+1), "en": fmt.Sprintf("%s %d", en, n+1)}
	}
	open := []string{fmt.Sprintf("%02d:00", loadFirstHour), fmt.Sprintf("%02d:00", loadFirstHour+loadHours)}
	hours := object{}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		hours[d] = open
	}
	var centers []object
	for c := range loadCenters {
		var machines []object
		for m := range loadMachines {
			machines = append(machines, object{"id": loadMachine(c, m), "name": name("장비", "Machine", m), "category": "load", "quantity": 1, "mode": "self"})
		}
		centers = append(centers, object{"id": fmt.Sprintf("load-%02d", c+1), "name": name("부하 시험 센터", "Load center", c), "operator": "load",
			"hours": hours, "eligibility": object{"groups": "anyone"}, "equipment": machines})
	}
	doc, err := json.Marshal(object{"catalog": loadCatalog, "time_zone": "UTC", "centers": centers,
		"policy": object{"slot_minutes": 60, "window": object{"opens": object{"days_before": loadDays}, "closes": object{"minutes_before": 0}}}})
	if err != nil {
		return err
	}
	return importBytes(ctx, db, doc)
}

// importBytes loads a catalog that ships with the program.
func importBytes(ctx context.Context, db *store.DB, doc []byte) error {
	file, problems := store.ReadCatalog(doc)
	if len(problems) > 0 {
		return fmt.Errorf("the catalog that ships with the program is refused: %s", problems[0])
	}
	_, err := store.SaveCatalog(ctx, db, file, keepAffected, nil)
	return err
}
