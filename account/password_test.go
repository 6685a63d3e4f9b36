package account

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/internal/fault"
)

func TestPasswordRules(t *testing.T) {
	for p, want := range map[string]string{
		"": "min", "1234567": "min", "가나다라마바사": "min", "가나다라마바사아": "", "journey-journey": "", "demo-demo-demo": "",
		"password1": "common", "PassWord1": "common", "12345678": "common", "aaaaaaaaaa": "common", "ㅋㅋㅋㅋㅋㅋㅋㅋㅋ": "common",
		"asdfghjkl": "common", "q1w2e3r4": "common", "gongbang": "common", "01012345678": "common", "Citizen1@demo.test": "common",
		"citizen1": "common", "        ": "common", "correct horse": "", strings.Repeat("ab", 512): "", strings.Repeat("ab", 513): "max",
		"\x00\xff\xfe weird bytes": "",
	} {
		if rule, _ := checkPassword(Secret(p), "+821012345678", "citizen1@demo.test"); rule != want {
			t.Errorf("%.20q breaks %q, want %q", p, rule, want)
		}
	}
	for p := range commonPasswords {
		if len([]rune(p)) < minPassword && len(p) >= minPassword || p != strings.ToLower(p) {
			t.Errorf("the list holds %q, which is never compared", p)
		}
	}
}

func TestHashAndVerify(t *testing.T) {
	h, ctx := newHasher(rand.Reader), context.Background()
	one, err := h.hash(ctx, "gute Maschine 7")
	if err != nil {
		t.Fatal(err)
	}
	two, _ := h.hash(ctx, "gute Maschine 7")
	if one == two {
		t.Error("two hashes share a salt")
	}
	for _, c := range []struct {
		hash, password Secret
		want           bool
	}{
		{one, "gute Maschine 7", true}, {two, "gute Maschine 7", true}, {one, "gute Maschine 8", false}, {one, "", false},
		{"", "gute Maschine 7", false}, {"", "", false}, {"$argon2id$broken", "x", false}, {nobodysHash, "x", false},
		{one[:len(one)-2] + "AA", "gute Maschine 7", false},
	} {
		if got, err := h.verify(ctx, c.hash, c.password); got != c.want || err != nil {
			t.Errorf("%q: %v %v", c.password.Reveal(), got, err)
		}
	}
	if p, ok := parseHash(nobodysHash); !ok || p.memory != hashMemory || p.passes != hashPasses || p.lanes != hashLanes || len(p.salt) != saltBytes {
		t.Errorf("nobody's hash costs something else than a real one: %+v", p)
	}
}

// One hash at a time, 64 wait, the next one is sent to the code.
func TestHashQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(rand.Reader)
		var mu sync.Mutex
		running, most, done := 0, 0, 0
		work := func() {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(42 * time.Millisecond)
			mu.Lock()
			running--
			done++
			mu.Unlock()
		}
		var all sync.WaitGroup
		for range hashQueue + 1 {
			all.Go(func() {
				if err := h.inTurn(context.Background(), work); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		err := h.inTurn(context.Background(), work)
		f, ok := fault.As(err)
		if !ok || f.Code != "unavailable" || f.Values["advice"] != "code" || f.RetryAfter == 0 {
			t.Errorf("the 66th is told %v", err)
		}
		all.Wait()
		if most != 1 || done != hashQueue+1 {
			t.Errorf("%d ran at once, %d in all", most, done)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		all.Go(func() { _ = h.inTurn(context.Background(), work) })
		synctest.Wait()
		if err := h.inTurn(ctx, work); !strings.Contains(err.Error(), "deadline") || fault.Code(err) != "unavailable" {
			t.Errorf("who gave up waiting is told %v", err)
		}
		all.Wait()
	})
}
