package store

import (
	"context"
	"os"
)

// Stats is what metrics and the readiness page show.
type Stats struct {
	Queue    int   // closures that wait for the writer, or run on PostgreSQL
	Closures int64 // answered by the SQLite writer since the start
	Commits  int64 // that they needed
	WALBytes int64 // size of SQLite's write-ahead log
	Reading  int   // connections in use besides the SQLite writer's
}

// Stats looks at the store without asking the database.
func (db *DB) Stats() Stats {
	s := Stats{Queue: len(db.waiting), Reading: db.read.Stats().InUse}
	if db.readers != nil {
		s.Reading = cap(db.readers.idle) - len(db.readers.idle)
	}
	if db.writer != nil {
		s.Queue = len(db.writer.queue)
		s.Closures, s.Commits = db.writer.closed.Load(), db.writer.commits.Load()
		if info, err := os.Stat(db.o.Path + "-wal"); err == nil {
			s.WALBytes = info.Size()
		}
	}
	return s
}

// Ping tells whether the database answers a read.
func (db *DB) Ping(ctx context.Context) error {
	_, err := Read(ctx, db, func(ctx context.Context, tx *Tx) (one int, err error) {
		return one, tx.QueryRow(ctx, "SELECT 1").Scan(&one)
	})
	return err
}
