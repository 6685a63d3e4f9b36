package storetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/store"
	"gongbang/survey"
)

// Surveys is the contract of what comes after a use: the survey service on a
// real database, with a clock of its own. Every closure runs twice.
func Surveys(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *afterUse)
	}{
		{"from fifteen uses to a result", fifteenUses},
		{"a use is told twice and counts once", toldTwice},
		{"uses that follow each other are one visit", episodes},
		{"uses told at once are one visit too", episodesAtOnce},
		{"each reason not to ask is a row and a count", skipReasons},
		{"caps hold when four drains run at once", drainsAtOnce},
		{"the machine with the fewest answers is asked about", fewestAnswers},
		{"of eight answers at once one is taken", eightAtOnce},
		{"looking records nothing", lookingRecordsNothing},
		{"a link is reminded of, expires, and rests", remindedAndExpired},
		{"late drains give up or wait for the window", lateDrains},
		{"delivered counts once, whoever comes first", deliveredOnce},
		{"links outlive a change of the server key", keyChange},
		{"a wish for a reply and a danger stand apart", standApart},
		{"an inbox empties by five or after a day", inboxEmpties},
		{"no response leads to fewer than five people", noFewerThanFive},
		{"many answers and flushes at once lose nothing", flushRace},
		{"a month closes for good", monthCloses},
		{"results are for managers of the center", resultsPermissions},
		{"a result's query is held to its rules", resultsQueries},
		{"published templates never change", templatesStay},
		{"what comes with the program displaces nothing", shippedBeside},
		{"a draft is published once and asked from then on", draftsPublished},
		{"a changed meaning ends the series", seriesBreak},
		{"a new questionnaire is begun once", newKeys},
		{"of several editors at once one does it", editorsAtOnce},
		{"only admins edit questionnaires", editorsAllowed},
		{"what the caps no longer need is forgotten", tidied},
		{"a person finds their own open invitations", openOnes},
		{"a no by the link ends it", optedOut},
		{"each trigger has its questionnaire", rulesAsk},
		{"what is asked rarely is asked first", whatIsRareFirst},
		{"once a year everybody who came is asked", yearlyAsked},
		{"a rule may ask a share", shares},
		{"a category has its own delay", ownDelay},
		{"a link to the person ends as promised", linkedForAWhile},
		{"traits are gone with what they spoke of", traitsGo},
		{"a wish for a reply is worked on until it is answered", caseWorked},
		{"cases are for staff of the center and never show a score", casePermissions},
		{"a case is due on the third working day and told once", caseIsDue},
		{"a month is told of once", monthTold},
		{"a board says what changed and never who asked", boards},
		{"a danger waits until staff have looked", dangerSettled},
		{"what may be fetched never differs by a few", subtractions},
		{"the last look at an open month is what is frozen", openThenFrozen},
		{"what is too small alone comes with its quarter", quarters},
		{"hours, waiting times and no-shows are counted", traitsCounted},
		{"what is frozen can't be changed unseen", sealsHold},
		{"low scores are told together and never alone", lowAlerts},
		{"the first low scores wait a week from when they came", lowFirstWeek},
		{"comments are those of closed months with ten answers", commentsShown},
		{"who gave a name is shown with it, and nobody else", namedShown},
		{"no answer can be worked out of those with a name", namedApart},
		{"who leaves or takes the name off is gone there", namedGone},
		{"a comment is marked from a closed list", commentsTagged},
		{"comments at a door are shown apart by the same rules", doorComments},
		{"answers at a door are counted apart", atDoors},
		{"answers at a door lead to nobody", doorMachines},
		{"a door takes what it may", doorRefusals},
		{"a danger told at a door says so", doorDanger},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newAfterUse(t, open)) })
	}
}

var kst = time.FixedZone("KST", 9*60*60)

// shop is a catalog of two centers; machines are named CENTER-CATEGORY-N.
type shop struct{}

func (shop) Center(id string) (lang.Text, bool) {
	return lang.Text{Ko: "센터 " + id}, id == "east" || id == "west"
}
func (shop) Centers() []string            { return []string{"east", "west"} }
func (shop) Category(id string) lang.Text { return lang.Text{Ko: id} }
func (shop) Equipment(id string) (survey.Machine, bool) {
	p := strings.Split(id, "-")
	if len(p) != 3 {
		return survey.Machine{}, false
	}
	return survey.Machine{Name: lang.Text{Ko: id}, Center: p[0], Category: p[1]}, true
}
func (shop) SurveyDelay(category string) (time.Duration, bool) {
	return 24 * time.Hour, category == "ceramics"
}
func (shop) Holiday(day string) bool { return day == "2027-03-01" }
func (shop) Zone() *time.Location    { return kst }

// crowd tells how people can be reached; who is not in it gets mail.
type crowd map[string]survey.Reach

func (c crowd) Reach(_ context.Context, id string) (survey.Reach, error) {
	if r, ok := c[id]; ok {
		return r, nil
	}
	return survey.Reach{Channel: "email"}, nil
}

func (c crowd) Person(_ context.Context, id string) (survey.Person, error) {
	return survey.Person{Name: account.Secret("시민 " + id)}, nil
}

// Team is one member of staff at each center.
func (c crowd) Team(_ context.Context, center string) ([]survey.Member, error) {
	return []survey.Member{{ID: "staff-" + center, Name: "직원"}}, nil
}

type afterUse struct {
	t     *testing.T
	db    *store.DB
	deps  survey.Deps
	s     *survey.Service
	crowd crowd
	clock *atomic.Int64
	uses  []survey.Use
}

var surveyKey = []byte("0123456789abcdef0123456789abcdef")

// newAfterUse opens a service on Tuesday, 2 March 2027, 14:00 in Seoul.
func newAfterUse(t *testing.T, open Opener) *afterUse {
	t.Helper()
	clock := &atomic.Int64{}
	db := open(t, func(o *store.Options) {
		o.RunTwice = true
		o.Clock = func() time.Time { return time.UnixMilli(clock.Load()) }
	})
	u := &afterUse{t: t, db: db, crowd: crowd{}, clock: clock}
	u.set("2027-03-02 14:00")
	var ids atomic.Int64
	u.deps = survey.Deps{
		Store: store.NewSurveys(db), People: u.crowd,
		Catalog: func(context.Context) (survey.Catalog, error) { return shop{}, nil },
		NewID:   func() string { return fmt.Sprintf("%s-%d", randomText(), ids.Add(1)) },
		Random: func(n int) int {
			v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
			if err != nil {
				panic(err)
			}
			return int(v.Int64())
		},
		Key: surveyKey, Delay: 2 * time.Hour, Window: survey.Window{From: 9 * 60, To: 20 * 60},
	}
	u.rebuild()
	return u
}

func randomText() string { return strings.ToLower(rand.Text()[:12]) }

// rebuild makes the service anew from the parts.
func (u *afterUse) rebuild() {
	u.t.Helper()
	s, err := survey.New(u.deps)
	u.must(err)
	u.must(s.Load(context.Background()))
	u.s = s
}

func (u *afterUse) must(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

func (u *afterUse) at(s string) time.Time {
	u.t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, kst)
	u.must(err)
	return v
}

func (u *afterUse) set(s string)         { u.clock.Store(u.at(s).UnixMilli()) }
func (u *afterUse) now() time.Time       { return time.UnixMilli(u.clock.Load()) }
func (u *afterUse) pass(d time.Duration) { u.clock.Add(d.Milliseconds()) }
func (u *afterUse) person(id string)     { u.insertAccount(id) }
func (u *afterUse) always() {
	u.deps.Window = survey.Window{Always: true}
	u.deps.Delay = 0
	u.rebuild()
}
func (u *afterUse) month() string          { return u.now().In(kst).Format("2006-01") }
func (u *afterUse) manager() account.Actor { return actorOf(account.Manager, "east") }

func actorOf(r account.Role, center string) account.Actor {
	return account.Actor{ID: "m", Grants: []account.Grant{{Role: r, Center: center}}}
}

func (u *afterUse) insertAccount(id string) {
	u.t.Helper()
	u.exec(`INSERT INTO account (id, name, locale, channels, created_at) VALUES ($1, '시민', 'ko', '[]', 0) ON CONFLICT DO NOTHING`, id)
}

func (u *afterUse) exec(query string, args ...any) {
	u.t.Helper()
	_, err := store.Do(context.Background(), u.db, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, query, args...)
	})
	u.must(err)
}

// texts reads rows of text columns.
func (u *afterUse) texts(query string, columns int, args ...any) [][]string {
	u.t.Helper()
	out, err := store.Read(context.Background(), u.db, func(ctx context.Context, tx *store.Tx) ([][]string, error) {
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var out [][]string
		for rows.Next() {
			line, into := make([]string, columns), make([]any, columns)
			for i := range line {
				into[i] = &line[i]
			}
			if err := rows.Scan(into...); err != nil {
				return nil, err
			}
			out = append(out, line)
		}
		return out, rows.Err()
	})
	u.must(err)
	return out
}

func (u *afterUse) count(query string, args ...any) int {
	u.t.Helper()
	n, err := store.Read(context.Background(), u.db, func(ctx context.Context, tx *store.Tx) (n int, err error) {
		return n, tx.QueryRow(ctx, query, args...).Scan(&n)
	})
	u.must(err)
	return n
}

// use is a finished hour of that person on that machine, ending now.
func (u *afterUse) use(person, machine string) survey.Use {
	m, _ := shop{}.Equipment(machine)
	v := survey.Use{BookingID: "b-" + randomText(), AccountID: person, CenterID: m.Center, EquipmentID: machine,
		Category: m.Category, Unit: 1, Start: u.now().Add(-time.Hour), End: u.now(), Mode: "self", Origin: "online"}
	return v
}

func (u *afterUse) finish(v survey.Use) {
	u.t.Helper()
	if v.AccountID != "" {
		u.person(v.AccountID)
	}
	u.must(u.s.Completed(context.Background(), v))
	u.uses = append(u.uses, v)
}

func (u *afterUse) send() int {
	u.t.Helper()
	n, err := u.s.SendDue(context.Background())
	u.must(err)
	return n
}

func (u *afterUse) flush() int {
	u.t.Helper()
	n, err := u.s.Flush(context.Background())
	u.must(err)
	return n
}

// invited lists ids of what left, by the outbox.
func (u *afterUse) invited() []string {
	var out []string
	for _, r := range u.texts(`SELECT subject FROM outbox WHERE kind = 'survey.invitation' ORDER BY id`, 1) {
		out = append(out, r[0])
	}
	return out
}

func (u *afterUse) token(id string) string {
	u.t.Helper()
	m, err := u.s.Invitation(context.Background(), id)
	u.must(err)
	if !m.Send || len(m.Token) < 16 {
		u.t.Fatalf("invitation %s is not to be sent", id)
	}
	return m.Token
}

func (u *afterUse) answer(token, body string) error {
	u.t.Helper()
	var sub survey.Submission
	u.must(json.Unmarshal([]byte(body), &sub))
	return u.s.Answer(context.Background(), token, sub)
}

func (u *afterUse) refused(err error, code string) {
	u.t.Helper()
	if fault.Code(err) != code {
		u.t.Fatalf("got %v, want %s", err, code)
	}
}

func (u *afterUse) results(q survey.ResultsQuery) survey.Results {
	u.t.Helper()
	r, err := u.s.Results(context.Background(), actorOf(account.Admin, ""), q)
	u.must(err)
	return r
}

func (u *afterUse) states() map[string]int {
	out := map[string]int{}
	for _, r := range u.texts(`SELECT state, reason FROM survey_invitation`, 2) {
		out[strings.TrimSuffix(r[0]+":"+r[1], ":")]++
	}
	return out
}

// askedAndSent finishes one use for each person and lets the invitations leave.
// Tokens are in the order of the people's names.
func (u *afterUse) askedAndSent(prefix, machine string, people int) []string {
	u.t.Helper()
	before := len(u.invited())
	for i := range people {
		u.finish(u.use(fmt.Sprintf("%s%d", prefix, i), machine))
	}
	u.pass(u.deps.Delay)
	u.send()
	by := map[string]string{}
	for _, id := range u.invited()[before:] {
		m, err := u.s.Invitation(context.Background(), id)
		u.must(err)
		by[m.Account] = u.token(id)
	}
	if len(by) != people {
		u.t.Fatalf("%d invitations left for %d people", len(by), people)
	}
	tokens := make([]string, 0, people)
	for _, who := range slices.Sorted(maps.Keys(by)) {
		tokens = append(tokens, by[who])
	}
	return tokens
}
