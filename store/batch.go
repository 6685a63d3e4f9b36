package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"gongbang/internal/fault"
)

// batch is one BEGIN IMMEDIATE … COMMIT and the callers that wait for it.
type batch struct {
	w       *writer
	callers []*waiting
	yields  int
	lost    error // why SQLite dropped the transaction, if it did
}

// batch runs first and whoever waits behind it, up to Options.Batch.
func (w *writer) batch(first *waiting) {
	b := &batch{w: w}
	ended := false
	defer func() {
		if !ended { // runtime.Goexit inside a closure
			b.rollback()
			b.failAll(fault.New(fault.Internal, "internal").Because(errors.New("store: a closure ended its goroutine")))
		}
		w.crowd = len(b.callers) > 1
		w.closed.Add(int64(len(b.callers))) // first: whoever has an answer is counted
		for _, j := range b.callers {
			close(j.done)
		}
	}()
	if j := b.next(first); j != nil {
		b.run(j)
	}
	ended = true
}

func (b *batch) run(j *waiting) {
	if err := b.begin(); err != nil {
		// Another process holds the write lock. Who waits behind would wait as
		// long again, one after the other, for the same answer.
		for len(b.callers) < b.w.db.o.Batch && b.next(nil) != nil {
		}
		b.failAll(unavailable(err))
		return
	}
	// A closure that is alone needs no savepoint: its rollback is the
	// transaction's, and nobody else is in it.
	if len(b.w.queue) == 0 && !b.w.db.o.RunTwice {
		b.closure(j)
		if j.err != nil {
			b.end(b.rollback())
			return
		}
	} else {
		b.savepoint(j)
	}
	for b.lost == nil && len(b.callers) < b.w.db.o.Batch {
		if j = b.nextOfCrowd(); j == nil {
			break
		}
		b.savepoint(j)
	}
	b.end(b.commit())
}

// mostYields is how often a batch lets others run before it commits.
const mostYields = 3

// nextOfCrowd is next, but where several came together, now or in the batch
// before, it lets the goroutines run that are about to ask: who is in this
// commit pays no commit of their own. Where nothing else can run it returns at
// once, so nobody ever waits for somebody who may come.
func (b *batch) nextOfCrowd() *waiting {
	for {
		if j := b.next(nil); j != nil {
			return j
		}
		if b.yields == mostYields || !b.w.crowd && len(b.callers) == 1 {
			return nil
		}
		b.yields++
		runtime.Gosched()
	}
}

// next is the next caller that still waits: first, or from the queue.
func (b *batch) next(first *waiting) *waiting {
	for j := first; ; j = nil {
		if j == nil {
			select {
			case j = <-b.w.queue:
			default:
				return nil
			}
		}
		if j.ctx.Err() == nil && j.state.CompareAndSwap(queued, begun) {
			b.callers = append(b.callers, j)
			return j
		}
		if j.state.CompareAndSwap(queued, gone) { // ended, its caller has not looked yet
			j.err = left(j.ctx)
			close(j.done)
		}
	}
}

func (b *batch) begin() error {
	if err := b.w.connect(); err != nil {
		return err
	}
	return b.w.exec("BEGIN IMMEDIATE")
}

// savepoint runs one closure between SAVEPOINT and RELEASE or ROLLBACK TO.
func (b *batch) savepoint(j *waiting) {
	if !b.mark("SAVEPOINT closure") {
		return
	}
	b.closure(j)
	if b.w.db.o.RunTwice && b.lost == nil {
		if !b.mark("ROLLBACK TO closure") {
			return
		}
		b.closure(j)
	}
	if j.err != nil && !b.mark("ROLLBACK TO closure") {
		return
	}
	// Without the question inside mark a RELEASE after a lost transaction
	// would commit what this closure wrote alone.
	b.mark("RELEASE closure")
}

// mark runs a savepoint statement inside the transaction, or loses it.
func (b *batch) mark(text string) bool {
	if b.lost != nil {
		return false
	}
	if !b.w.inTransaction() {
		b.lost = errLost
		return false
	}
	if err := b.w.exec(text); err != nil && !b.w.db.o.unwatched {
		b.lost = fmt.Errorf("%s: %w", text, err)
		return false
	}
	return true
}

func (b *batch) closure(j *waiting) {
	base := context.Background()
	tx := &Tx{db: b.w.db, q: b.w.conn, now: b.w.db.now(), base: base, alive: b.w.inTransaction}
	j.err = tx.told(call(inside(j.ctx), tx, j.fn))
	if !b.w.inTransaction() || errors.Is(tx.failed, errLost) {
		b.lost = errors.Join(errLost, tx.failed)
	}
}

// commit makes the batch durable. Its error leaves the outcome unknown.
func (b *batch) commit() error {
	if b.lost == nil && !b.w.inTransaction() {
		b.lost = errLost
	}
	if b.lost != nil {
		_ = b.rollback()
		return b.lost
	}
	if err := b.w.exec("COMMIT"); err != nil {
		_ = b.rollback()
		return fmt.Errorf("COMMIT: %w", err)
	}
	b.w.commits.Add(1)
	return nil
}

// rollback ends the transaction where it still exists. A connection that
// can't even do that is closed; the next batch opens another.
func (b *batch) rollback() error {
	if b.w.conn == nil || !b.w.inTransaction() {
		return b.lost
	}
	if err := b.w.exec("ROLLBACK"); err != nil {
		b.w.discard()
	}
	return b.lost
}

// end tells every caller of a transaction that is not known to be durable.
func (b *batch) end(err error) {
	if err != nil {
		b.failAll(unavailable(err))
	}
}

func (b *batch) failAll(err error) {
	for _, j := range b.callers {
		j.err = err
	}
}
