package page

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// boardView is the day at one center.
type boardView struct {
	deskView
	Day      string
	Clock    string // when this was true
	Closed   string // why the center does not open on this day
	View     string // "" by the width of the screen, else list or timeline
	Live     bool   // today's board keeps itself fresh
	Today    string // leads to today from another day; "" on today's
	Refresh  string
	ToList   string
	ToTime   string
	Timeline timeline
	List     []boardBlock
	Filters  []boardFilter
	Confirm  []boardBlock // did they come?
	Call     []boardBlock // nobody could reach them
	Waiting  []waitingLine
	Asked    []deskQuestion // wrote to the center and wait
	Asks     string         // leads to their list
	Dangers  int            // reports of a fault or a danger that nobody looked at
	Reviews  int            // points that somebody asked to look at again
	Did      *didLine
	Before   string
	After    string
}

type boardFilter struct {
	Tab
	Count int
}

// waitingLine is a request that staff have to answer.
type waitingLine struct {
	boardBlock
	When string
	By   string // until when
}

// didLine says what the last press did, with the way back.
type didLine struct {
	Text string
	Href string // of the booking
	Undo *Form  // nil where nothing can be taken back
}

// deskBoard shows the day. With part=board only the part that changes is
// answered, for the screen that refreshes itself.
func (p *pages) deskBoard(r *request) error {
	v := boardView{}
	var err error
	title := "desk.board.title"
	if d := r.Query("date"); d != "" && d != string(r.today()) {
		title = "desk.board.other"
	}
	if v.deskView, err = r.desk(title); err != nil {
		return err
	}
	v.Seek = true
	if err := r.fillBoard(&v); err != nil {
		return err
	}
	if r.Query("part") == "board" {
		return r.fragment(http.StatusOK, "desk_board", "board", &v)
	}
	v.Did = r.didLine(v.Base)
	return r.page(http.StatusOK, "desk_board", &v)
}

// watcher is who looks at the board. A screen that refreshes itself is nobody
// at the desk: only what a person opens may count as a desk that is active,
// because people are given up on the word of an active desk alone.
func (r *request) watcher() account.Actor {
	if r.Query("part") == "board" {
		return account.System("board")
	}
	return r.actor
}

func (r *request) fillBoard(v *boardView) error {
	date := booking.Date("")
	if q := r.Query("date"); q != "" {
		d, ok := booking.ParseDate(q)
		if !ok {
			return fault.BadField("date", "date", "")
		}
		date = d
	}
	t, err := r.p.Engine.Today(r.ctx(), r.watcher(), v.Center.ID, date)
	if err != nil {
		return err
	}
	w, show := r.staffWhen(), oneOf(boardGroups, r.Query("show"), "")
	v.Clock, v.Day, v.Live = w.Time(t.Now), w.Date(t.Date.At(12*60, t.Zone)), t.Date == r.today()
	v.Before, v.After = v.Go(r.boardQuery("date", string(t.Date.Add(-1)))), v.Go(r.boardQuery("date", string(t.Date.Add(1))))
	if !v.Live {
		v.Today = v.Go(r.boardQuery("date", ""))
	}
	v.Refresh, v.ToList, v.ToTime = v.Go(r.boardQuery("", "")), v.Go(r.boardQuery("view", "list")), v.Go(r.boardQuery("view", "timeline"))
	v.View = oneOf([]string{"list", "timeline"}, r.Query("view"), "")
	day := r.catalog.Day(v.Center, t.Date)
	if day.Closed != "" {
		v.Closed = r.T("desk.closed." + day.Closed)
	}
	confirm := map[string]bool{}
	for _, x := range t.ToConfirm {
		confirm[x.ID] = true
		v.Confirm = append(v.Confirm, r.askBlock(v.Base, x))
	}
	for _, x := range t.ToCall {
		b := r.boardBlock(v.Base, x, false)
		b.Times = w.Span(x.Start, x.End)
		v.Call = append(v.Call, b)
	}
	v.Timeline = r.lay(t, frameOf(t, day.Open), v.Base, show, confirm)
	v.fillList(r, t, show, confirm)
	dangers, err := r.p.Surveys.Tickets(r.ctx(), r.watcher(), v.Center.ID)
	if err != nil {
		return err
	}
	v.Dangers = len(dangers)
	v.Asks = v.Go("/questions")
	if v.Asked, _, err = r.deskWaiting(v.Base); err != nil {
		return err
	}
	return r.fillWaiting(v)
}

// askBlock is somebody nobody saw, with the three answers.
func (r *request) askBlock(base string, v booking.View) boardBlock {
	b := r.boardBlock(base, v, true)
	b.Came = r.deedForm(base, &v, "came").hide("at", deskStamp(v.Start))
	b.NoShow = r.deedForm(base, &v, "no-show")
	b.Close = r.deedForm(base, &v, "close").hide("reason", "close.1")
	return b
}

// fillList is the same day as a table by time, with the count of each group.
func (v *boardView) fillList(r *request, t *booking.Today, show string, confirm map[string]bool) {
	counts := map[string]int{}
	all := []boardBlock{}
	for _, m := range t.Machines {
		if m.Outage != nil {
			all = append(all, r.outageBlock(v.Base, m))
		}
		for _, x := range m.Bookings {
			all = append(all, r.boardBlock(v.Base, x, confirm[x.ID]))
		}
	}
	slices.SortStableFunc(all, func(a, b boardBlock) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Machine, b.Machine))
	})
	for _, b := range all {
		counts[b.Group]++
		if show == "" || b.Group == show {
			v.List = append(v.List, b)
		}
	}
	v.Filters = append(v.Filters, boardFilter{Tab{r.T("desk.group.all"), v.Go(r.boardQuery("show", "")), show == ""}, len(all)})
	for _, g := range boardGroups {
		if counts[g] > 0 || show == g {
			v.Filters = append(v.Filters, boardFilter{Tab{r.T("desk.group." + g), v.Go(r.boardQuery("show", g)), show == g}, counts[g]})
		}
	}
}

// waitingLimit bounds the requests shown beside the board.
const waitingLimit = 50

func (r *request) fillWaiting(v *boardView) error {
	page, err := r.p.Engine.List(r.ctx(), r.watcher(), booking.List{Scope: "center", Center: v.Center.ID, Statuses: []booking.Status{booking.Pending}, Limit: waitingLimit})
	if err != nil {
		return err
	}
	reviews, err := r.p.Engine.Reviews(r.ctx(), r.watcher(), v.Center.ID)
	if err != nil {
		return err
	}
	v.Reviews = len(reviews)
	w := r.staffWhen()
	for _, x := range page.Items {
		l := waitingLine{boardBlock: r.boardBlock(v.Base, x, false), When: w.Span(x.Start, x.End)}
		if x.AnswerBy != nil {
			l.By = r.T("desk.answer_by", w.Moment(*x.AnswerBy))
		}
		v.Waiting = append(v.Waiting, l)
	}
	return nil
}

// boardQuery is this board's address with one value changed.
func (r *request) boardQuery(name, value string) string {
	q := url.Values{}
	for _, key := range []string{"date", "show", "view"} {
		if s := r.Query(key); s != "" {
			q.Set(key, s)
		}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// undoable are the deeds that [되돌리기] takes back.
var undoable = []string{"check-in", "came", "finish", "no-show", "start-late"}

// didLine tells what was done to which booking. It names nobody: the board is
// seen by all.
func (r *request) didLine(base string) *didLine {
	did, id := r.Query("did"), r.Query("last")
	if id == "" || !r.p.texts.has(r.lang, "desk.did."+did) {
		return nil
	}
	path := base + "/bookings/" + url.PathEscape(id)
	l := &didLine{Text: r.T("desk.did." + did), Href: r.url(path)}
	if slices.Contains(undoable, did) {
		l.Undo = r.form(path+"/undo").hide("reason", "undo.1")
	}
	return l
}
