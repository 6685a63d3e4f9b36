package main

import (
	"cmp"
	"container/heap"
	"context"
	"path"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/survey"
)

// step is something that happens at a moment of the walk. No orders equal moments.
type step struct {
	at time.Time
	no int
	do func(context.Context) error
}

// timeline is a heap of steps, the earliest first.
type timeline struct {
	steps []step
	made  int
}

func (t *timeline) Len() int      { return len(t.steps) }
func (t *timeline) Swap(i, j int) { t.steps[i], t.steps[j] = t.steps[j], t.steps[i] }
func (t *timeline) Push(x any)    { t.steps = append(t.steps, x.(step)) }
func (t *timeline) Less(i, j int) bool {
	return cmp.Or(t.steps[i].at.Compare(t.steps[j].at), t.steps[i].no-t.steps[j].no) < 0
}
func (t *timeline) Pop() any {
	last := t.steps[len(t.steps)-1]
	t.steps = t.steps[:len(t.steps)-1]
	return last
}

// later plans a step; what lies behind the end of the walk never happens.
func (d *demo) later(at time.Time, do func(context.Context) error) {
	if at.Before(d.now) {
		d.todo.made++
		heap.Push(&d.todo, step{at, d.todo.made, do})
	}
}

// walk lets everything happen in its order. A refusal is part of life: the
// rules decide, and the story goes on without that booking.
func (d *demo) walk(ctx context.Context) error {
	for d.todo.Len() > 0 {
		s := heap.Pop(&d.todo).(step)
		d.clock.set(s.at)
		if err := s.do(ctx); err != nil && !refused(err) {
			return err
		}
	}
	d.clock.set(d.now)
	return d.jobs(ctx)
}

// lifeSays are the refusals that belong to the story: the rules said no,
// somebody else came first, or it was too late. Any other is a mistake here.
var lifeSays = []string{"policy", "slot_taken", "state_conflict", "stale", "already_answered", "survey_expired"}

func refused(err error) bool { return slices.Contains(lifeSays, fault.Code(err)) }

// jobs runs what the scheduler would run, and lets people find their links.
func (d *demo) jobs(ctx context.Context) error {
	for _, job := range []func(context.Context) (int, error){
		d.a.delivery.Run, d.a.bookings.CompleteDue, d.a.bookings.RejectDue, d.a.bookings.JobSurveyDue,
		d.a.surveys.SendDue, d.a.surveys.RemindDue, d.a.surveys.ExpireDue, d.a.delivery.Run, d.a.surveys.Flush, d.a.surveys.CloseMonth,
	} {
		if _, err := job(ctx); err != nil {
			return err
		}
	}
	links := d.links.take()
	// The delivery sends side by side: the order of people is the seed's, that of sending is not.
	slices.SortFunc(links, func(a, b sentLink) int { return cmp.Compare(a.to, b.to) })
	for _, l := range links {
		if d.rnd.Float64() < 0.62 {
			token := path.Base(l.link)
			d.later(d.clock.now().Add(d.between(20, 40*60)), func(ctx context.Context) error { return d.answer(ctx, token) })
		}
	}
	return nil
}

// between is a random time of so many minutes.
func (d *demo) between(least, most int) time.Duration {
	return time.Duration(least+d.rnd.IntN(most-least+1)) * time.Minute
}

// plan decides who wants what, day by day, and when the jobs run.
func (d *demo) plan() {
	for at := d.now.AddDate(0, 0, -demoPast).Truncate(time.Hour).Add(time.Hour); at.Before(d.now); at = at.Add(time.Hour) {
		if h := at.In(d.zone).Hour(); h >= 8 && h <= 21 {
			d.later(at, d.jobs)
		}
	}
	first := booking.DateOf(d.now, d.zone).Add(-demoPast + 1)
	for n := range demoPast + demoAhead {
		day := first.Add(n)
		for range 5 + d.rnd.IntN(3) {
			d.planUse(day, demoCenter)
		}
		for range 6 + d.rnd.IntN(4) {
			d.planUse(day, d.catalog.Centers[d.rnd.IntN(len(d.catalog.Centers))].ID)
		}
	}
}

// planUse lets somebody want a machine of the center on a day.
func (d *demo) planUse(day booking.Date, center string) {
	c, ok := d.catalog.Center(center)
	if !ok || len(c.Equipment) == 0 {
		return
	}
	e := c.Equipment[d.rnd.IntN(len(c.Equipment))]
	starts := d.catalog.Starts(e, day)
	if len(starts) == 0 || e.Elsewhere != nil {
		return // closed that day, or booked elsewhere
	}
	start := starts[d.rnd.IntN(len(starts))]
	length := time.Duration(min(e.Policy.MinMinutes*(1+d.rnd.IntN(2)), e.Policy.MaxMinutes)) * time.Minute
	who := d.people[d.rnd.IntN(len(d.people))]
	if d.rnd.IntN(12) == 0 {
		who = d.people[0] // citizen@demo.test should have something to look at
	}
	req := booking.BookRequest{EquipmentID: e.ID, Start: start, End: start.Add(length), Declares: true, Purpose: pick(d, purposes)}
	if e.Mode == booking.Operator {
		req.Job = &booking.JobRequest{What: pick(d, jobsLeft), Quantity: 5 + d.rnd.IntN(60)}
	}
	begin := d.now.AddDate(0, 0, -demoPast).Add(10 * time.Minute)
	at := start.Add(-d.between(6*60, 6*24*60))
	if at.Before(begin) {
		at = begin.Add(d.between(0, 60))
	}
	if at.After(d.now) { // booked in the days to come: it has been decided by now
		at = d.now.Add(-d.between(30, 20*60))
	}
	fate := d.rnd.Float64()
	d.later(at, func(ctx context.Context) error { return d.book(ctx, who, req, fate) })
}

// book tries; what becomes of it is decided by fate, a number in [0, 1).
func (d *demo) book(ctx context.Context, who account.Actor, req booking.BookRequest, fate float64) error {
	v, _, err := d.a.bookings.Book(ctx, who, req)
	if err != nil {
		return err
	}
	d.booked++
	desk := d.desk(v.CenterID)
	if v.Status == booking.Pending {
		d.later(d.clock.now().Add(d.between(30, 180)), func(ctx context.Context) error {
			_, err := d.a.bookings.Approve(ctx, desk, v.ID, booking.ApproveRequest{})
			return err
		})
	}
	switch {
	case fate < 0.09:
		d.later(v.Start.Add(-d.between(3*60, 20*60)), func(ctx context.Context) error {
			_, err := d.a.bookings.Cancel(ctx, who, v.ID, booking.AttendRequest{})
			return err
		})
	case fate < 0.16 && v.Equipment.Mode == booking.Self:
		d.later(v.Start.Add(d.between(20, 40)), func(ctx context.Context) error {
			_, err := d.a.bookings.MarkNoShow(ctx, desk, v.ID, booking.AttendRequest{})
			return err
		})
	case fate < 0.19: // nobody noted anything: attendance unknown
	case v.Equipment.Mode == booking.Operator:
		d.planJob(v, desk)
	default:
		d.planVisit(v, desk)
	}
	return nil
}

// planVisit lets the person come, and leave about when the time is over.
func (d *demo) planVisit(v *booking.View, desk account.Actor) {
	d.later(v.Start.Add(d.between(-12, 8)), func(ctx context.Context) error {
		_, err := d.a.bookings.CheckIn(ctx, desk, v.ID, booking.AttendRequest{})
		return err
	})
	d.later(v.End.Add(-d.between(0, 12)), func(ctx context.Context) error {
		_, err := d.a.bookings.Finish(ctx, desk, v.ID, booking.AttendRequest{})
		return err
	})
}

// planJob lets staff take the work in, do it and hand it out.
func (d *demo) planJob(v *booking.View, desk account.Actor) {
	for _, s := range []struct {
		at    time.Time
		state booking.JobState
	}{
		{v.Start.Add(-d.between(5, 50)), booking.JobReceived},
		{v.Start.Add(d.between(1, 10)), booking.JobWorking},
		{v.End.Add(-d.between(0, 20)), booking.JobReady},
		{v.End.Add(d.between(1, 50)), booking.JobCollected},
	} {
		d.later(s.at, func(ctx context.Context) error {
			_, err := d.a.bookings.ChangeJob(ctx, desk, v.ID, booking.JobChange{State: s.state})
			return err
		})
	}
}

// answer gives one answer to what the link asks, mostly content, as such
// answers are.
func (d *demo) answer(ctx context.Context, token string) error {
	form, err := d.a.surveys.Open(ctx, token)
	if err != nil {
		return err
	}
	answers := map[string]any{}
	overall := d.score()
	for _, q := range form.Questions {
		if v := d.reply(q, overall); v != nil {
			answers[q.Key] = v
		}
	}
	if err = d.a.surveys.Answer(ctx, token, survey.Submission{Answers: answers}); err == nil {
		d.answered++
	}
	return err
}

// reply answers one question near the overall score; nil skips it.
func (d *demo) reply(q survey.Question, overall int) any {
	n := d.rnd.IntN(10)
	if q.Type == survey.Words {
		if n < 2 {
			return pick(d, comments)
		}
		return nil
	}
	switch {
	case q.Required:
	case n == 0:
		return nil
	case n == 1 && q.NA:
		return survey.NA
	}
	switch q.Type {
	case survey.Likely:
		return max(0, min(10, 2*overall+d.rnd.IntN(3)-1))
	case survey.Single:
		return q.Options[min(d.rnd.IntN(len(q.Options)), d.rnd.IntN(len(q.Options)))].Value
	case survey.Multi:
		return []any{pick(d, q.Options).Value}
	}
	if q.Required {
		return overall
	}
	return max(1, min(5, overall+d.rnd.IntN(3)-1))
}

func (d *demo) score() int {
	n := d.rnd.IntN(100)
	for i, below := range []int{42, 79, 93, 98} {
		if n < below {
			return 5 - i
		}
	}
	return 1
}

func pick[T any](d *demo, list []T) T { return list[d.rnd.IntN(len(list))] }

var (
	purposes = []string{"시제품 제작", "견본 수정", "소량 생산", "패턴 작업", "납품 준비", "연습", ""}
	jobsLeft = []string{"원단 재단", "마커 출력 후 재단", "시제품 가공", "소량 출력", "치수 측정"}
	comments = []string{
		"장비가 깨끗하고 안내가 친절했습니다.", "오후 늦게도 열면 좋겠습니다.", "실과 바늘이 조금 더 있으면 좋겠습니다.",
		"처음이었는데 설명을 잘 들었습니다.", "예약한 시간에 바로 시작할 수 있었습니다.", "출력 속도가 느려서 아쉬웠습니다.",
	}
)
