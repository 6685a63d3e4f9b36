package store

import (
	"database/sql"
	"time"
)

// all reads every row and closes them. It takes the two results of Tx.Query as they are.
func all[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, rows.Close()
}

// ms is a time as the databases keep it: Unix milliseconds, UTC.
func ms(t time.Time) int64 { return t.UnixMilli() }

// at is the time of a kept value, in UTC.
func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// msPtr is ms for a column that may be NULL.
func msPtr(t *time.Time) any {
	if t == nil {
		return nil
	}
	return ms(*t)
}

// atPtr is at for a column that may be NULL.
func atPtr(v sql.NullInt64) *time.Time {
	if !v.Valid {
		return nil
	}
	t := at(v.Int64)
	return &t
}
