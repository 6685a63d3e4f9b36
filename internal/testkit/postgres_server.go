package testkit

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// connections is how many a PostgresServer takes.
const connections = 60

// PostgresServer is a PostgreSQL of the test's own, with one database, to be
// broken; it takes 60 connections.
type PostgresServer struct {
	t testing.TB
	c *cluster
}

// PostgresOwn starts a PostgreSQL that ends with the test and returns the URL
// of its database. Call it outside of a synctest bubble.
func PostgresOwn(t testing.TB) (url string, server *PostgresServer) {
	t.Helper()
	Need(t, "postgres")
	c, err := startCluster("off", connections)
	if err != nil {
		t.Fatalf("PostgreSQL does not start: %v", err)
	}
	t.Cleanup(func() { _ = c.hold.Close() })
	return c.url("postgres"), &PostgresServer{t, c}
}

// Stop ends it as an administrator does: sessions are cut, everything is written.
func (s *PostgresServer) Stop() { s.end("INT") }

// Crash ends it at once, as if it had died: the next start recovers from its log.
func (s *PostgresServer) Crash() { s.end("QUIT") }

func (s *PostgresServer) end(signal string) {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.c.hold, signal); err != nil {
		s.t.Fatalf("%s to PostgreSQL: %v", signal, err)
	}
	if _, err := s.c.ended.ReadString('\n'); err != nil {
		s.t.Fatalf("PostgreSQL does not end: %v", err)
	}
}

// Start starts it again and waits until it answers.
func (s *PostgresServer) Start() {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.c.hold); err != nil {
		s.t.Fatalf("PostgreSQL does not start again: %v", err)
	}
	if err := s.c.ready(); err != nil {
		s.t.Fatalf("PostgreSQL does not start again: %v", err)
	}
}

// KillBackends ends every session but its own.
func (s *PostgresServer) KillBackends() {
	s.t.Helper()
	err := s.c.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
	if err != nil {
		s.t.Fatalf("ending the sessions: %v", err)
	}
}

// UseUp takes every connection, also those of the service's sessions, which it
// ends, until the function it returns is called.
func (s *PostgresServer) UseUp() (giveBack func()) {
	ctx, stop := context.WithTimeout(context.Background(), patience)
	taken, full := make(chan []*pgx.Conn, 1), make(chan struct{})
	go func() {
		defer close(full)
		var conns []*pgx.Conn
		defer func() { taken <- conns }()
		for ctx.Err() == nil {
			conn, err := pgx.Connect(ctx, s.c.url("postgres"))
			var refused *pgconn.PgError
			switch {
			case err == nil:
				conns = append(conns, conn)
			case len(conns) > 0 && errors.As(err, &refused) && refused.Code == "53300":
				ended := 0
				_ = conns[0].QueryRow(ctx, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'gongbang'").Scan(&ended)
				if ended == 0 {
					return
				}
			}
		}
	}()
	<-full
	conns := <-taken
	if ctx.Err() != nil {
		s.t.Errorf("%d connections were taken, and there are still more", len(conns))
	}
	return func() {
		stop()
		for _, conn := range conns {
			_ = conn.Close(context.Background())
		}
	}
}
