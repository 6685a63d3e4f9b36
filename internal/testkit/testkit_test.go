package testkit_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gongbang/internal/testkit"
)

func TestRedisIsKilledPausedFlushedAndStartedAgain(t *testing.T) {
	url, server := testkit.Redis(t)
	if want := "redis://" + server.Addr() + "/0"; url != want {
		t.Fatalf("URL is %s, want %s", url, want)
	}
	ask(t, server.Addr(), "SET a 1", "+OK")
	server.Flush()
	ask(t, server.Addr(), "EXISTS a", ":0")

	server.Pause()
	c, err := net.Dial("tcp", server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "PING\r\n")
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Fatal("a paused server answered")
	}
	server.Resume()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Fatalf("a resumed server does not answer: %v", err)
	}

	server.Kill()
	if c, err := net.Dial("tcp", server.Addr()); err == nil {
		c.Close()
		t.Fatal("a killed server listens")
	}
	server.Start()
	ask(t, server.Addr(), "PING", "+PONG")
}

func TestPostgresGivesEachCallItsOwnDatabase(t *testing.T) {
	ctx := context.Background()
	for _, options := range [][]testkit.PostgresOption{nil, nil, {testkit.Durable}} {
		conn, err := pgx.Connect(ctx, testkit.Postgres(t, options...))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "CREATE TABLE mine (a BIGINT)"); err != nil {
			t.Fatalf("the database is not fresh: %v", err)
		}
		var fsync string
		if err := conn.QueryRow(ctx, "SHOW fsync").Scan(&fsync); err != nil {
			t.Fatal(err)
		}
		if want := map[int]string{0: "off", 1: "on"}[len(options)]; fsync != want {
			t.Fatalf("fsync is %s, want %s", fsync, want)
		}
	}
}

func ask(t *testing.T, addr, command, want string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "%s\r\n", command)
	got, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || strings.TrimSpace(got) != want {
		t.Fatalf("%s: %q, %v; want %q", command, got, err, want)
	}
}

func TestFreeAddressIsNobodyElses(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		a, err := testkit.FreeAddress()
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", a)
		if err != nil || seen[a] {
			t.Fatalf("%s: given out before: %v, %v", a, seen[a], err)
		}
		defer l.Close()
		seen[a] = true
	}
}
