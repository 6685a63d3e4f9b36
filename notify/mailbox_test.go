package notify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/notify"
)

func mailbox(t *testing.T) (*notify.Mailbox, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "messages.jsonl")
	b, err := notify.NewMailbox(path)
	if err != nil {
		t.Fatal(err)
	}
	return b, path
}

func TestMailboxLineIsTheContract(t *testing.T) {
	b, path := mailbox(t)
	m := notify.Message{
		At: clock("2026-11-22 14:00").In(seoul), Channel: notify.Email, To: "citizen@demo.test", Kind: "account.code",
		Subject: "제목 <1>", Text: "본문\n둘째 줄", Headers: map[string]string{"X": "y"},
	}
	if err := b.Send(context.Background(), m, "k"); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	want := `{"at":"2026-11-22T14:00:00+09:00","channel":"email","to":"citizen@demo.test","kind":"account.code","subject":"제목 <1>","text":"본문\n둘째 줄","links":[]}` + "\n"
	if string(got) != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v", info.Mode())
	}
}

// Two mailboxes on one file stand for two processes: neither knows the other's mutex.
func TestMailboxIsSharedByWriters(t *testing.T) {
	first, path := mailbox(t)
	second, err := notify.NewMailbox(path)
	if err != nil {
		t.Fatal(err)
	}
	const each = 200
	var wg sync.WaitGroup
	for i, b := range []*notify.Mailbox{first, second} {
		wg.Go(func() {
			for n := range each {
				m := notify.Message{At: time.Unix(0, 0), Text: strings.Repeat("긴 글 ", 3000), To: fmt.Sprintf("%d-%d", i, n)}
				if err := b.Send(context.Background(), m, "k"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		var m notify.Message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("a torn line: %v", err)
		}
		seen[m.To] = true
	}
	if len(seen) != 2*each {
		t.Fatalf("%d messages of %d", len(seen), 2*each)
	}
}

func TestMailboxList(t *testing.T) {
	b, path := mailbox(t)
	if got, err := b.List(5); err != nil || len(got) != 0 {
		t.Fatalf("without a file: %v, %v", got, err)
	}
	for i := range 4 {
		if err := b.Send(context.Background(), notify.Message{To: fmt.Sprint(i)}, "k"); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"to":"torn`) // a writer that died
	f.Close()
	got, err := b.List(2)
	if err != nil || len(got) != 2 || got[0].To != "3" || got[1].To != "2" {
		t.Fatalf("got %+v, %v; want 3 and 2", got, err)
	}
}
