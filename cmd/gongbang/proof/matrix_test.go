package proof

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
	"gongbang/web/api/apitest"
)

// TestWhoMayWhat asks every route of the table as everyone on the real server:
// nobody, the owner, a stranger, staff and managers of the own and another
// center, an admin. A route without a rule of its own fails.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	home := center("home", "시험 센터", "Test center", object{"slot_minutes": 30}, machine("cutter", "자동재단기", "Automatic cutter", "cutting", 1), machine("sewing", "재봉기", "Sewing machine", "sewing", 64))
	away := center("away", "다른 센터", "Other center", object{"slot_minutes": 30}, machine("press", "프레스", "Press", "finishing", 1))
	h := topology{processes: 1}.rise(t, catalog(home, away))
	everyone := h.citizens(t, len(apitest.Everyone))
	people := map[apitest.Who]person{}
	for i, who := range apitest.Everyone {
		people[who] = everyone[i]
	}
	db := h.open(t, time.Now)
	accounts := store.NewAccounts(db)
	grants := map[apitest.Who]account.Grant{
		apitest.OwnStaff: {Role: account.Staff, Center: "home"}, apitest.OtherStaff: {Role: account.Staff, Center: "away"},
		apitest.OwnManager: {Role: account.Manager, Center: "home"}, apitest.OtherManager: {Role: account.Manager, Center: "away"},
		apitest.AnyAdmin: {Role: account.Admin},
	}
	_, err := accounts.Do(t.Context(), func(ctx context.Context, tx account.Tx) (any, error) {
		for who, grant := range grants {
			if err := tx.SetGrants(ctx, people[who].id, []account.Grant{grant}); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	base := h.servers[0].base
	owner := caller{base: base, token: people[apitest.Owner].token}
	made := owner.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("cutter", ahead(2, 10, 0), 60))
	hold := owner.want(t, http.StatusCreated, "POST", "/api/v1/holds", span("cutter", ahead(2, 12, 0), 60))
	out := caller{base: base, token: people[apitest.AnyAdmin].token}.want(t, http.StatusCreated, "POST", "/api/v1/equipment/cutter/outages",
		object{"from": stamp(ahead(10, 0, 0)), "to": stamp(ahead(10, 1, 0)), "reason": "점검", "kind": "maintenance"})
	asked := owner.want(t, http.StatusCreated, "POST", "/api/v1/inquiries", object{"equipment": "cutter", "text": "몇 시까지 여나요?"})
	closure := caller{base: base, token: people[apitest.AnyAdmin].token}.want(t, http.StatusCreated, "POST", "/api/v1/closures", closes(20))
	from := ahead(11, 0, 0)
	series := caller{base: base, token: people[apitest.AnyAdmin].token}.want(t, http.StatusCreated, "POST", "/api/v1/equipment/cutter/outages",
		object{"from": stamp(from), "to": stamp(from.Add(time.Hour)), "reason": "점검", "kind": "maintenance", "repeat": object{"every": "week", "until": from.AddDate(0, 0, 28).Format(time.DateOnly)}})
	wish := survey.Case{ID: "wish", Account: people[apitest.Owner].id, Center: "home", Equipment: "cutter", Month: "2030-01", Day: "2030-01-07", Comment: "덥습니다", DueAt: time.Now().Add(time.Hour)}
	if err := saveCase(t.Context(), db, wish); err != nil {
		t.Fatal(err)
	}
	victim := h.citizens(t, 1)[0]
	record := apitest.Record(t, nil)
	apitest.Matrix{
		BaseURL: base, Client: record.Client(),
		// Some routes end sessions: each call has one of its own.
		Tokens: func(who apitest.Who) string {
			if who == apitest.Anonymous {
				return ""
			}
			p := person{people[who].id, randomText(32)}
			if _, err := accounts.Do(t.Context(), func(ctx context.Context, tx account.Tx) (any, error) { return nil, openSession(ctx, tx, p) }); err != nil {
				t.Fatal(err)
			}
			return p.token
		},
		Path: func(route, parameter string) string {
			switch {
			case parameter == "no":
				return "1"
			case parameter == "center" || strings.HasPrefix(route, "/centers"):
				return "home"
			case parameter == "cid":
				return "none"
			case parameter == "oid" && strings.HasSuffix(route, "/end-series"):
				return series.text("id")
			case strings.HasPrefix(route, "/survey-cases"):
				return wish.ID
			case parameter == "oid":
				return out.text("id")
			case parameter == "group":
				return "small"
			case strings.HasPrefix(route, "/survey-templates"):
				return "yearly"
			case parameter == "key":
				return "survey"
			case parameter == "token":
				return strings.Repeat("A", 22)
			case strings.HasPrefix(route, "/equipment"):
				return "cutter"
			case strings.HasPrefix(route, "/holds"):
				return hold.text("id")
			case strings.HasPrefix(route, "/inquiries"):
				return asked.text("id")
			case strings.HasPrefix(route, "/closures"):
				return closure.text("id")
			case strings.HasPrefix(route, "/accounts") || parameter == "account":
				return victim.id
			case parameter == "feed" || strings.HasPrefix(route, "/firms") || strings.HasPrefix(route, "/survey-comments") || strings.HasPrefix(route, "/me"):
				return "none"
			}
			return made.text("id")
		},
		Query: func(method, route string) string {
			switch method + " " + route {
			case "GET /equipment/{id}/explain":
				return "starts_at=" + query(ahead(2, 10, 0)) + "&ends_at=" + query(ahead(2, 11, 0))
			case "GET /desk/{center}/find":
				return "q=0001"
			case "GET /desk/{center}/people":
				return "phone=010-1000-0001"
			case "GET /usage/export.csv", "GET /usage/export.xlsx", "GET /survey-results/export.csv", "GET /survey-results/export.xlsx":
				return "reason=report"
			case "GET /events":
				return "equipment=cutter"
			}
			return ""
		},
		Body: func(method, route string, example any) any {
			if method == "POST" && route == "/closures" {
				return closes(22)
			}
			return inMatrix(today(example))
		},
	}.Run(t)
	h.servers[0].stop()
	h.holds(t)
}

// closes closes the own center for an hour of tomorrow: staff decide that far.
func closes(hour int) object {
	return object{"scope": "center:home", "from": stamp(ahead(1, hour, 0)), "to": stamp(ahead(1, hour+1, 0)), "reason": "폭설"}
}

// inMatrix moves an example to the machines and centers of this proof.
func inMatrix(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for name, member := range v {
			out[name] = inMatrix(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = inMatrix(member)
		}
		return out
	case string:
		switch v {
		case "row":
			return "sewing"
		case "race":
			return "home"
		}
	}
	return v
}
