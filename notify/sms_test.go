package notify_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongbang/notify"
)

func gateway(t *testing.T, h http.HandlerFunc) *notify.SMSGateway {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	g, err := notify.NewSMSGateway(strings.Replace(srv.URL, "http://", "http://gongbang:s3cret@", 1)+"/send", func() time.Time { return time.Unix(1_800_000_000, 0) })
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var text = notify.Message{Channel: notify.SMS, To: "+821012345678", Kind: "booking.confirmed", Subject: "제목", Text: "본문"}

func TestSMSIsSigned(t *testing.T) {
	var body []byte
	var head http.Header
	g := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		head = r.Header
		if r.URL.Path != "/send" || r.Method != http.MethodPost {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		w.WriteHeader(http.StatusAccepted)
	})
	if err := g.Send(context.Background(), text, "key-1"); err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal(body, &got); err != nil || got["to"] != "+821012345678" || got["text"] != "본문" || got["key"] != "key-1" || strings.Contains(string(body), "제목") {
		t.Fatalf("body %s", body)
	}
	stamp := head.Get("X-Gongbang-Timestamp")
	if stamp != "1800000000" || head.Get("X-Gongbang-Signature") != "sha256="+notify.Sign([]byte("s3cret"), stamp, body) {
		t.Fatalf("headers %v", head)
	}
	if notify.Sign([]byte("s3cret"), stamp, body) == notify.Sign([]byte("s3cret"), stamp+"0", body) {
		t.Fatal("the timestamp is not signed")
	}
	if head.Get("Authorization") != "" || head.Get("Idempotency-Key") != "key-1" {
		t.Fatalf("headers %v", head)
	}
}

func TestSMSFollowsNoRedirect(t *testing.T) {
	reached := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer elsewhere.Close()
	g := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if err := g.Send(context.Background(), text, "k"); err == nil || reached {
		t.Fatalf("a redirect was followed (%v) or taken for success: %v", reached, err)
	}
}

func TestSMSRefusals(t *testing.T) {
	calls := 0
	g := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		http.Error(w, "+821012345678 is blocked", http.StatusBadRequest)
	})
	err := g.Send(context.Background(), text, "k")
	if err == nil || strings.Contains(err.Error(), "8210") {
		t.Fatalf("want an error without the number, got %v", err)
	}
	for _, to := range []string{"010-1234-5678", "821012345678", "+82 10 1234 5678", "", "+0123456789"} {
		m := text
		m.To = to
		if err := g.Send(context.Background(), m, "k"); err == nil {
			t.Errorf("%q was sent", to)
		}
	}
	if calls != 1 {
		t.Fatalf("%d calls, want 1", calls)
	}
}

func TestSMSGatewaySettings(t *testing.T) {
	now := time.Now
	for _, bad := range []string{"", "ftp://u:p@h/", "https://host/path", "https://user@host/", "://"} {
		if _, err := notify.NewSMSGateway(bad, now); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	if _, err := notify.NewSMSGateway("https://u:p@h/", nil); err == nil {
		t.Error("no clock was accepted")
	}
}

func TestSMSEndsWithItsContext(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	ctx, cancel := context.WithCancel(context.Background())
	g := gateway(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		<-release
	})
	if err := g.Send(ctx, text, "k"); err == nil {
		t.Fatal("a gateway that never answers was taken for success")
	}
}
