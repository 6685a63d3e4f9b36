package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// writer is the one goroutine that writes to SQLite. Closures that wait are
// run one after another, each in its own savepoint, in one transaction, and
// their callers are answered after its commit: one fsync for all of them.
type writer struct {
	db    *DB
	queue chan *waiting
	stop  chan struct{}
	once  sync.Once
	ended chan struct{}

	conn    *sql.Conn
	marks   map[string]*sql.Stmt // BEGIN, SAVEPOINT, …: prepared once on conn
	crowd   bool                 // several callers shared the last batch
	auto    bool                 // what ask found
	ask     func(any) error      // kept, so that asking allocates nothing
	commits atomic.Int64
	closed  atomic.Int64 // closures answered

	restarting atomic.Bool // the log
	restarts   sync.WaitGroup
}

// waiting is one caller of Do.
type waiting struct {
	ctx   context.Context
	fn    closure
	state atomic.Int32
	err   error
	done  chan struct{}
}

const (
	queued int32 = iota
	begun
	gone // its caller's context ended first
)

func newWriter(ctx context.Context, db *DB) (*writer, error) {
	w := &writer{
		db:    db,
		queue: make(chan *waiting, db.o.Queue),
		stop:  make(chan struct{}),
		ended: make(chan struct{}),
	}
	w.ask = func(c any) error {
		w.auto = c.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: no connection to write with: %w", err)
	}
	w.conn = conn
	go w.loop()
	return w, nil
}

// do waits for the closure's turn and for the commit.
func (w *writer) do(ctx context.Context, fn closure) error {
	j := &waiting{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case <-w.stop:
		return unavailable(sql.ErrConnDone)
	default:
	}
	select {
	case w.queue <- j:
	default:
		return unavailable(errors.New("store: too many writes are waiting"))
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		if j.state.CompareAndSwap(queued, gone) {
			return left(ctx)
		}
	case <-w.ended:
	}
	select {
	case <-j.done:
		return j.err
	case <-w.ended:
		select {
		case <-j.done: // answered by the last batch
			return j.err
		default:
			return unavailable(sql.ErrConnDone)
		}
	}
}

func (w *writer) loop() {
	finished := false
	defer func() {
		// A closure that called runtime.Goexit (t.FailNow does) took the
		// goroutine with it; the service goes on with a new one.
		if !finished {
			go w.loop()
		}
	}()
	for {
		select {
		case j := <-w.queue:
			w.batch(j)
			w.watchLog()
		case <-w.stop:
			w.drain()
			finished = true
			return
		}
	}
}

// drain runs what waited when the store was closed.
func (w *writer) drain() {
	for {
		select {
		case j := <-w.queue:
			w.batch(j)
		default:
			if w.conn != nil {
				_ = w.conn.Close()
			}
			close(w.ended)
			return
		}
	}
}

func (w *writer) close() {
	w.once.Do(func() { close(w.stop) })
	<-w.ended
}

// inTransaction asks the driver whether the transaction still exists.
func (w *writer) inTransaction() bool {
	if w.db.o.unwatched {
		return true
	}
	w.auto = true
	if err := w.conn.Raw(w.ask); err != nil {
		return false
	}
	return !w.auto
}

// connect makes sure that there is a connection outside of any transaction.
func (w *writer) connect() error {
	if w.conn != nil {
		w.auto = false
		if err := w.conn.Raw(w.ask); err == nil && w.auto {
			return nil
		}
		w.discard()
	}
	conn, err := w.db.write.Conn(context.Background())
	if err != nil {
		return err
	}
	w.conn = conn
	return nil
}

// discard closes the connection for good: what it was in can't be told.
func (w *writer) discard() {
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn }) // database/sql closes what is bad
	_ = w.conn.Close()
	w.conn, w.marks = nil, nil
}

// exec runs what begins and ends transactions and savepoints. It is prepared
// once: the driver keeps no statement without parameters, and parsing two of
// them for each closure is the writer's time.
func (w *writer) exec(text string) error {
	mark, ok := w.marks[text]
	if !ok {
		var err error
		if mark, err = w.conn.PrepareContext(context.Background(), text); err != nil {
			return err
		}
		if w.marks == nil {
			w.marks = map[string]*sql.Stmt{}
		}
		w.marks[text] = mark
	}
	_, err := mark.ExecContext(context.Background())
	return err
}
