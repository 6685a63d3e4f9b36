package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gongbang/account"
)

const insertAudit = `INSERT INTO audit (at, actor, action, subject, center_id, reason, request, detail)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

// insertAuditSeq tells the number that the row got.
const insertAuditSeq = insertAudit + ` RETURNING seq`

// insertEvents[n] inserts n events; those whose key is known are dropped.
var insertEvents = func() (texts [9]string) {
	for n := 1; n < len(texts); n++ {
		rows := make([]string, n)
		for i := range rows {
			p := 6 * i
			rows[i] = fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d)", p+1, p+2, p+3, p+4, p+5, p+6)
		}
		texts[n] = `INSERT INTO outbox (kind, key, subject, data, created_at, due_at) VALUES ` +
			strings.Join(rows, ", ") + ` ON CONFLICT (key) DO NOTHING`
	}
	return texts
}()

// Record writes the audit entry of a change and the events it causes, in the
// transaction of the change: one statement for the entry, one more where a
// reason was typed, and one for the events.
// An event whose key is known is dropped; one that is due earlier than now is due now.
func (tx *Tx) Record(ctx context.Context, e account.Entry, events ...account.Event) error {
	detail, err := object(e.Detail, len(e.Detail))
	if err != nil {
		return fmt.Errorf("audit detail of %s: %w", e.Action, err)
	}
	if err := tx.writeEntry(ctx, e, detail); err != nil {
		return err
	}
	return tx.emit(ctx, events)
}

// emit writes events to the outbox, eight in a statement.
func (tx *Tx) emit(ctx context.Context, events []account.Event) error {
	most := len(insertEvents) - 1
	for len(events) > 0 {
		n := min(most, len(events))
		args := make([]any, 0, 6*n)
		for _, e := range events[:n] {
			data, err := object(e.Data, len(e.Data))
			if err != nil {
				return fmt.Errorf("data of event %s: %w", e.Kind, err)
			}
			args = append(args, e.Kind, e.Key, e.Subject, data, ms(tx.now), ms(later(e.Due, tx.now)))
		}
		if _, err := tx.Exec(ctx, insertEvents[n], args...); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// object is v as JSON, "{}" where it is empty: never null.
func object(v any, n int) (string, error) {
	if n == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
