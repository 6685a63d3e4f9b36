package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
)

// ceilingWord makes `gongbang load` the bare server of the comparison; it is
// a process of its own, as the real server is.
const ceilingWord = "ceiling-server"

// ceilingRequests is how many requests one measurement makes: enough for a
// steady figure, and fewer where the load itself is a small one.
func ceilingRequests(p loadPlan) int64 { return int64(max(400, min(20_000, 4*p.people))) }

// bareBooking is the body of POST /bookings with the same kind of checks.
type bareBooking struct {
	Equipment string    `json:"equipment_id" binding:"required,max=100"`
	Start     time.Time `json:"starts_at" binding:"required"`
	End       time.Time `json:"ends_at" binding:"required,gtfield=Start"`
	Purpose   string    `json:"purpose" binding:"max=200"`
	People    int       `json:"people" binding:"min=0,max=100"`
}

// serveCeiling answers what a handler costs that does nothing but bind and
// validate. It prints its address and ends with its standard input.
func serveCeiling(ctx context.Context, c call) error {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.POST("/bookings", func(g *gin.Context) {
		var b bareBooking
		if err := g.ShouldBindJSON(&b); err != nil {
			g.Status(http.StatusUnprocessableEntity)
			return
		}
		g.JSON(http.StatusCreated, b)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, l.Addr())
	server := &http.Server{Handler: g, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_, _ = bufio.NewReader(c.in).ReadByte()
		_ = server.Close()
	}()
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// ceiling is what the bare server does.
type ceiling struct {
	rate float64       // requests a second
	cpu  time.Duration // processor time of client and server for each; 0: the system doesn't tell
}

func (a ceiling) middle(b ceiling) ceiling {
	return ceiling{(a.rate + b.rate) / 2, (a.cpu + b.cpu) / 2}
}

// measureCeiling asks the bare server at as many connections.
func measureCeiling(ctx context.Context, c call, p loadPlan) (ceiling, error) {
	url, pid, stop, err := startCeiling(ctx, c.env)
	if err != nil {
		return ceiling{}, err
	}
	defer stop()
	used := startSpending(pid)
	rate, err := hammer(ctx, newLoadClient(url, p.connections), p.connections, ceilingRequests(p))
	return ceiling{rate, spent(pid, used) / time.Duration(ceilingRequests(p))}, err
}

// startCeiling starts this program as the bare server.
func startCeiling(ctx context.Context, env []string) (url string, pid int, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", 0, nil, err
	}
	cmd := exec.CommandContext(ctx, self, "load", ceilingWord)
	cmd.Env = env
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", 0, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", 0, nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	stop = func() { _ = in.Close(); _ = cmd.Wait() }
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", 0, nil, fmt.Errorf("the bare server does not start: %w", err)
	}
	return "http://" + strings.TrimSpace(address), cmd.Process.Pid, stop, nil
}

func hammer(ctx context.Context, client *loadClient, connections int, requests int64) (float64, error) {
	start := time.Now().Truncate(time.Hour)
	body := bareBooking{Equipment: "load-01-1", Start: start, End: start.Add(time.Hour), Purpose: "시제품", People: 1}
	var sent, wrong atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for range connections {
		wg.Go(func() {
			for sent.Add(1) <= requests {
				if a, err := client.call(ctx, http.MethodPost, "/bookings", "", body); err != nil || a.status != http.StatusCreated {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := wrong.Load(); n > 0 {
		return 0, fmt.Errorf("the bare server failed %d of %d requests", n, requests)
	}
	return float64(requests) / time.Since(began).Seconds(), nil
}
