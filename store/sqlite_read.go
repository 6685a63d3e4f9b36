package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
)

// readers are the connections that snapshots are taken on. They are kept out
// of database/sql's hands between reads, with BEGIN and ROLLBACK prepared:
// its own transactions cost two goroutines and two parsed statements each,
// which is as much as a short read itself.
type readers struct {
	pool   *sql.DB
	idle   chan *reader // as many as there may be; one that is not open yet has no conn
	closed chan struct{}
	once   sync.Once
}

type reader struct {
	conn       *sql.Conn
	begin, end *sql.Stmt
}

func newReaders(pool *sql.DB, n int) *readers {
	r := &readers{pool: pool, idle: make(chan *reader, n), closed: make(chan struct{})}
	for range n {
		r.idle <- &reader{}
	}
	return r
}

// take waits for a connection and begins a snapshot on it.
func (r *readers) take(ctx context.Context) (*reader, error) {
	var c *reader
	select {
	case c = <-r.idle:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.closed:
		return nil, sql.ErrConnDone
	}
	if err := c.open(ctx, r.pool); err != nil {
		c.discard()
		r.idle <- c
		return nil, err
	}
	return c, nil
}

func (c *reader) open(ctx context.Context, pool *sql.DB) (err error) {
	if c.conn == nil {
		if c.conn, err = pool.Conn(ctx); err != nil {
			return err
		}
		if c.begin, err = c.conn.PrepareContext(ctx, "BEGIN"); err != nil {
			return err
		}
		if c.end, err = c.conn.PrepareContext(ctx, "ROLLBACK"); err != nil {
			return err
		}
	}
	// Neither BEGIN nor ROLLBACK waits for anything: no context that would
	// make the driver watch over them.
	_, err = c.begin.ExecContext(context.Background())
	return err
}

// give ends the snapshot and hands the connection to the next one. One on
// which even that fails is closed.
func (r *readers) give(c *reader) {
	if _, err := c.end.ExecContext(context.Background()); err != nil {
		c.discard()
	}
	select {
	case <-r.closed:
		c.discard()
	default:
	}
	r.idle <- c
}

// hold takes every connection as it becomes free, so that nobody reads until
// they are given back; all is false when ctx or the store ended first. It
// stands in line for all of them at once: who comes later waits behind it.
func (r *readers) hold(ctx context.Context) (giveBack func(), all bool) {
	held := make(chan *reader, cap(r.idle))
	var line sync.WaitGroup
	for range cap(r.idle) {
		line.Go(func() {
			select {
			case c := <-r.idle:
				held <- c
			case <-ctx.Done():
			case <-r.closed:
			}
		})
	}
	line.Wait()
	return func() {
		for range len(held) {
			r.idle <- <-held
		}
	}, len(held) == cap(held)
}

func (c *reader) discard() {
	if c.conn != nil {
		_ = c.conn.Raw(func(any) error { return driver.ErrBadConn }) // database/sql closes what is bad
		_ = c.conn.Close()
	}
	*c = reader{}
}

// end lets nobody begin to read any more.
func (r *readers) end() { r.once.Do(func() { close(r.closed) }) }

// close ends the connections that nobody reads on.
func (r *readers) close() {
	r.end()
	for {
		select {
		case c := <-r.idle:
			if c.conn != nil {
				_ = c.conn.Close()
			}
		default:
			return
		}
	}
}
