package main

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/survey"
)

// The types of settings. set refuses everything that is not exactly allowed;
// the sentence about it is made from the tag of the field.
type (
	text      string
	secret    string
	hostPort  string
	pgURL     string
	smtpURL   string
	httpURL   string
	redisURLs string
	networks  []string
	onOff     bool
	span      time.Duration
	tickSpan  time.Duration
	shift     time.Duration
	count     int
	logLevel  slog.Level
	window    survey.Window
	shares    map[string]int
)

func (v *text) set(s string) bool { *v = text(s); return s != "" }

// String keeps a password out of every print.
func (v secret) String() string     { return "…" }
func (v *secret) set(s string) bool { *v = secret(s); return len([]rune(s)) >= 8 }

func (v *hostPort) set(s string) bool {
	*v = hostPort(s)
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// The host of a PostgreSQL on this machine may be a folder: postgres:///name?host=/run/postgresql.
func (v *pgURL) set(s string) bool {
	*v = pgURL(s)
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && (u.Host != "" || u.Query().Get("host") != "")
}

func (v *smtpURL) set(s string) bool { *v = smtpURL(s); return hasScheme(s, "smtp", "smtps") }
func (v *httpURL) set(s string) bool { *v = httpURL(s); return hasScheme(s, "http", "https") }

func hasScheme(s string, allowed ...string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains(allowed, u.Scheme)
}

// Several addresses are one cluster; after the first a bare host:port is enough.
func (v *redisURLs) set(s string) bool {
	*v = redisURLs(s)
	for i, part := range strings.Split(s, ",") {
		part = strings.TrimSpace(part)
		if i > 0 && !strings.Contains(part, "://") {
			part = "redis://" + part
		}
		u, err := url.Parse(part)
		if err != nil || !hasScheme(part, "redis", "rediss") && (u.Scheme != "unix" || u.Path == "") {
			return false
		}
	}
	return true
}

func (v *networks) set(s string) bool {
	*v = nil
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		_, addrErr := netip.ParseAddr(part)
		_, netErr := netip.ParsePrefix(part)
		if addrErr != nil && netErr != nil {
			return false
		}
		*v = append(*v, part)
	}
	return true
}

func (v *onOff) set(s string) bool { *v = s == "on"; return s == "on" || s == "off" }

func (v *span) set(s string) bool {
	d, err := time.ParseDuration(s)
	*v = span(d)
	return err == nil && d >= 0
}

func (v *tickSpan) set(s string) bool {
	d, err := time.ParseDuration(s)
	*v = tickSpan(d)
	return err == nil && d >= time.Second
}

var shiftPattern = regexp.MustCompile(`^([+-])(?:([0-9]{1,5})d)?([0-9][0-9a-zµ.]*)?$`)

// A shift is written with its sign, as days, a Go duration, or both: +40d, -36h, +1d12h.
func (v *shift) set(s string) bool {
	m := shiftPattern.FindStringSubmatch(s)
	if m == nil || m[2] == "" && m[3] == "" {
		return false
	}
	days, _ := strconv.Atoi("0" + m[2])
	d := time.Duration(days) * 24 * time.Hour
	if m[3] != "" {
		rest, err := time.ParseDuration(m[3])
		if err != nil {
			return false
		}
		d += rest
	}
	if m[1] == "-" {
		d = -d
	}
	*v = shift(d)
	return true
}

func (v *count) set(s string) bool {
	n, err := strconv.Atoi(s)
	*v = count(n)
	return err == nil && n >= 1 && n <= 1_000_000
}

func (v *logLevel) set(s string) bool {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	l, ok := levels[s]
	*v = logLevel(l)
	return ok
}

// set reads "all" or "not-used=50,yearly=25": percent by the name of a rule.
func (v *shares) set(s string) bool {
	*v = shares{}
	if s == "all" {
		return true
	}
	for _, part := range strings.Split(s, ",") {
		name, percent, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(percent)
		if err != nil || n < 0 || n > 100 || !survey.HasRule(name) {
			return false
		}
		(*v)[name] = n
	}
	return true
}

func (v *window) set(s string) bool {
	w, err := survey.ParseWindow(s)
	*v = window(w)
	return err == nil
}
