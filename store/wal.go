package store

import (
	"context"
	"database/sql"
	"os"
	"time"
)

const (
	// walKept is what a log keeps on disk when it begins anew.
	walKept = 32 << 20
	// walMost is where readers stand aside so that the log can begin anew.
	walMost = 40 << 20
	// walWait is how long they do once none of them reads any more.
	walWait = 5 * time.Second
	// walAgain is the pause after that was in vain: another process reads too.
	walAgain = 2 * time.Second
)

// watchLog is asked after each batch. Checkpoints move the log into the file,
// but it begins anew only at a moment without a reader inside it; readers that
// follow one another without a gap would let it grow for ever.
func (w *writer) watchLog() {
	if w.db.o.logUnwatched || !w.db.logIsLarge() || !w.restarting.CompareAndSwap(false, true) {
		return
	}
	w.restarts.Go(func() {
		defer w.restarting.Store(false)
		if w.db.restartLog() {
			return
		}
		select {
		case <-time.After(walAgain):
		case <-w.stop:
		}
	})
}

func (db *DB) logIsLarge() bool {
	info, err := os.Stat(db.o.Path + "-wal")
	return err == nil && info.Size() >= walMost
}

// restartLog holds readers back, as they end, until the writer has begun the
// log anew. Nobody is interrupted: the longest read ends by its own limit.
func (db *DB) restartLog() bool {
	ctx, cancel := context.WithTimeout(context.Background(), db.o.ReadLimit+walWait)
	defer cancel()
	db.moveLog(ctx)
	giveBack, all := db.readers.hold(ctx)
	defer giveBack()
	if !all {
		return false
	}
	// What is left the writer moves with its next commit, and cuts the log with
	// the one after it; a checkpoint beside it would keep it from that.
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for deadline := time.After(walWait); db.logIsLarge(); {
		select {
		case <-again.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// moveLog moves what no reader needs beside the writer, so that little is left for it.
func (db *DB) moveLog(ctx context.Context) {
	pool := sql.OpenDB(foldConnector(db.o.Path))
	defer pool.Close()
	_, _ = pool.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
}
