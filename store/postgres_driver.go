package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresConnector gives database/sql plain pgx connections: one pool, not a
// pool inside a pool. Values are those of the schema: BIGINT, TEXT, BYTEA.
type postgresConnector struct {
	config *pgx.ConnConfig
	after  func(context.Context, *pgx.Conn) error // judges each new connection
}

func (c postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, c.config.Copy())
	if err != nil {
		return nil, err
	}
	if err := c.after(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	return &postgresConn{conn: conn}, nil
}

func (c postgresConnector) Driver() driver.Driver { return postgresDriver{} }

type postgresDriver struct{}

func (postgresDriver) Open(string) (driver.Conn, error) {
	return nil, errors.New("store: PostgreSQL is opened through its connector")
}

type postgresConn struct{ conn *pgx.Conn }

func (c *postgresConn) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("store: pgx prepares and keeps statements by itself")
}

func (c *postgresConn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return c.conn.Close(ctx)
}

func (c *postgresConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *postgresConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	text := "BEGIN ISOLATION LEVEL READ COMMITTED"
	if sql.IsolationLevel(o.Isolation) == sql.LevelRepeatableRead {
		text = "BEGIN ISOLATION LEVEL REPEATABLE READ"
	}
	if o.ReadOnly {
		text += " READ ONLY"
	}
	if _, err := c.conn.Exec(ctx, text); err != nil {
		return nil, err
	}
	return postgresTx{ctx, c.conn}, nil
}

func (c *postgresConn) Ping(ctx context.Context) error { return c.conn.Ping(ctx) }

// IsValid keeps broken connections out of the pool.
func (c *postgresConn) IsValid() bool { return !c.conn.IsClosed() }

func (c *postgresConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	tag, err := c.conn.Exec(ctx, query, plain(args)...)
	if err != nil {
		return nil, err
	}
	return driver.RowsAffected(tag.RowsAffected()), nil
}

func (c *postgresConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.conn.Query(ctx, query, plain(args)...)
	if err != nil {
		return nil, err
	}
	r := &postgresRows{rows: rows, more: rows.Next()} // an error of the statement shows with the first row
	if err := rows.Err(); err != nil {
		rows.Close()
		return nil, err
	}
	for _, f := range rows.FieldDescriptions() {
		r.columns = append(r.columns, f.Name)
	}
	return r, nil
}

func plain(args []driver.NamedValue) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a.Value
	}
	return out
}

type postgresTx struct {
	ctx  context.Context
	conn *pgx.Conn
}

func (t postgresTx) Commit() error {
	tag, err := t.conn.Exec(t.ctx, "COMMIT")
	if err == nil && tag.String() == "ROLLBACK" {
		return errors.New("store: COMMIT of a failed transaction rolled it back")
	}
	return err
}

func (t postgresTx) Rollback() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), 3*time.Second)
	defer cancel()
	_, err := t.conn.Exec(ctx, "ROLLBACK")
	return err
}

type postgresRows struct {
	rows    pgx.Rows
	columns []string
	more    bool
}

func (r *postgresRows) Columns() []string { return r.columns }

func (r *postgresRows) Close() error {
	r.rows.Close()
	return r.rows.Err()
}

func (r *postgresRows) Next(dest []driver.Value) error {
	if !r.more {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	values, err := r.rows.Values()
	if err != nil {
		return err
	}
	for i, v := range values {
		if dest[i], err = known(v); err != nil {
			return err
		}
	}
	r.more = r.rows.Next()
	return nil
}

// known turns pgx's value into one of database/sql's.
func known(v any) (driver.Value, error) {
	switch v := v.(type) {
	case int16:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case float32:
		return float64(v), nil
	case driver.Valuer: // numeric: a sum of BIGINT
		return v.Value()
	}
	if driver.IsValue(v) {
		return v, nil
	}
	return fmt.Sprint(v), nil
}
