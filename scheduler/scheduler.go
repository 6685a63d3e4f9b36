package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Deps is what the jobs need; none may be missing.
type Deps struct {
	Clock func() time.Time
	Zone  *time.Location // of calendar jobs: the catalog's
	Every time.Duration  // how often drains and calendar sweeps fire; from 1 s
	Log   *slog.Logger
	// Record is told how each firing ended; it must not block.
	Record func(Outcome)
	// Ready tells why drains must not run now (a clock far off); nil error: they may.
	Ready    func(context.Context) error
	Runs     Runs
	Delivery *Delivery
	Engine   Engine
	Surveys  SurveyJobs
	Upkeep   Upkeep
}

// Scheduler fires the jobs. Start and Stop may be called in any order, any
// number of times and from anywhere.
type Scheduler struct {
	d     Deps
	tasks map[string]*task
	plan  []planned

	mu   sync.Mutex
	life *life // nil: not started
}

type planned struct {
	at   cron.Schedule
	task *task
}

// life is one time between a Start and its Stop.
type life struct {
	cron   *cron.Cron
	ctx    context.Context
	cancel context.CancelFunc
	stop   chan struct{}
	jobs   sync.WaitGroup
	closed bool // guarded by Scheduler.mu: no further job may begin
}

// New checks that nothing is missing and starts nothing.
func New(d Deps) (*Scheduler, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	s := &Scheduler{d: d, tasks: map[string]*task{}}
	s.add(ticking, 30*time.Second, every(time.Minute), s.tick)
	for _, j := range drains {
		s.add(j.name, j.timeout, every(d.Every), onlyWhen(d.Ready, untilEmpty(j.run(d))))
	}
	for _, j := range calendarJobs {
		at, err := calendar(j.spec, d.Zone)
		if err != nil {
			return nil, err
		}
		sw := &sweeper{dated: j, at: at, runs: d.Runs, clock: d.Clock, do: j.run(d)}
		s.add(j.name, j.timeout+2*leaseMargin, every(d.Every), onlyWhen(d.Ready, sw.sweep))
	}
	return s, nil
}

func (d Deps) check() error {
	for name, missing := range map[string]bool{
		"clock": d.Clock == nil, "zone": d.Zone == nil, "log": d.Log == nil, "record": d.Record == nil,
		"ready": d.Ready == nil, "runs": d.Runs == nil, "delivery": d.Delivery == nil,
		"engine": d.Engine == nil, "surveys": d.Surveys == nil, "upkeep": d.Upkeep == nil,
	} {
		if missing {
			return fmt.Errorf("scheduler: %s is missing", name)
		}
	}
	if d.Every < time.Second {
		return errors.New("scheduler: jobs fire every second at the most")
	}
	return nil
}

func (s *Scheduler) add(name string, timeout time.Duration, at cron.Schedule, run func(context.Context) (int, error)) {
	t := &task{name: name, timeout: timeout, run: run, report: s.report, clock: s.d.Clock}
	s.tasks[name] = t
	s.plan = append(s.plan, planned{at, t})
}

// tick notes the minute that has just begun. A minute that began while the
// service was down stays unknown, and the no-show job judges nothing in it.
func (s *Scheduler) tick(ctx context.Context) (int, error) {
	return 1, s.d.Runs.Tick(ctx, s.d.Clock().UTC().Truncate(time.Minute))
}

// Start begins to fire; what is due already runs at once. Started before, it does nothing.
func (s *Scheduler) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life != nil {
		return
	}
	l := &life{stop: make(chan struct{}), cron: cron.New(cron.WithChain(), cron.WithLogger(cron.DiscardLogger), cron.WithLocation(time.UTC))}
	ctx := context.WithValue(context.Background(), stopKey{}, (<-chan struct{})(l.stop))
	l.ctx, l.cancel = context.WithCancel(ctx)
	s.life = l
	for _, p := range s.plan {
		l.cron.Schedule(p.at, cron.FuncJob(func() { s.enter(l, p.task, false) }))
		if p.task.name != ticking {
			s.spawn(l, p.task)
		}
	}
	l.cron.Start()
}

// Wake runs a job now instead of at its next tick: the outbox after a commit
// that wrote events. It returns at once and does nothing while not started.
func (s *Scheduler) Wake(job string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tasks[job]; t != nil && s.life != nil {
		s.spawn(s.life, t)
	}
}

// spawn is called under s.mu.
func (s *Scheduler) spawn(l *life, t *task) {
	if l.closed {
		return
	}
	l.jobs.Add(1)
	go func() {
		defer l.jobs.Done()
		t.fire(l.ctx, true)
	}()
}

func (s *Scheduler) enter(l *life, t *task, wake bool) {
	s.mu.Lock()
	if l.closed {
		s.mu.Unlock()
		return
	}
	l.jobs.Add(1)
	s.mu.Unlock()
	defer l.jobs.Done()
	t.fire(l.ctx, wake)
}

// Stop fires nothing more, asks the jobs to end at their next good moment and
// waits for them until ctx ends; then their contexts end, and its error is returned.
func (s *Scheduler) Stop(ctx context.Context) error {
	s.mu.Lock()
	l := s.life
	s.life = nil
	if l != nil {
		l.closed = true
	}
	s.mu.Unlock()
	if l == nil {
		return nil
	}
	defer l.cancel()
	close(l.stop)
	l.cron.Stop()
	done := make(chan struct{})
	go func() {
		l.jobs.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("scheduler: jobs still ran: %w", ctx.Err())
	}
}

func (s *Scheduler) report(o Outcome) {
	if o.Err != nil {
		s.d.Log.Error("job failed", "job", o.Job, "count", o.Count, "took", o.Took, "err", o.Err)
	} else if o.Count > 0 && o.Job != ticking {
		s.d.Log.Info("job", "job", o.Job, "count", o.Count, "took", o.Took)
	}
	s.d.Record(o)
}
