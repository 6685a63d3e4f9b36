package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestKeyIsMadeOnceByMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "server.key")
	keys := make([][]byte, 32)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range keys {
		wg.Go(func() {
			<-start
			key, previous, err := loadKey(path)
			if err != nil || len(key) != keyBytes || previous != nil {
				t.Errorf("key %d bytes, previous %v, error %v", len(key), previous, err)
			}
			keys[i] = key
		})
	}
	close(start)
	wg.Wait()
	for _, k := range keys {
		if !bytes.Equal(k, keys[0]) {
			t.Fatal("two starts at once have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".server.key-*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestKeyFileIsJudged(t *testing.T) {
	one, two := strings.Repeat("0a", keyBytes), strings.Repeat("0b", keyBytes)
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		says          string // "" is good
	}{
		{"one line", one + "\n", 0o600, ""},
		{"read only", one, 0o400, ""},
		{"with the previous", one + "\n" + two + "\n", 0o600, ""},
		{"readable by others", one, 0o644, "chmod 600"},
		{"readable by the group", one, 0o640, "chmod 600"},
		{"too short", one[2:], 0o600, "line 1"},
		{"too long", one + "00", 0o600, "line 1"},
		{"no hexadecimal", strings.Repeat("zz", keyBytes), 0o600, "line 1"},
		{"empty", "", 0o600, "line 1"},
		{"bad previous", one + "\nold\n", 0o600, "line 2"},
		{"three lines", one + "\n" + two + "\n" + two, 0o600, "3 lines"},
	} {
		path := filepath.Join(t.TempDir(), "server.key")
		if err := os.WriteFile(path, []byte(c.content), c.mode); err != nil {
			t.Fatal(err)
		}
		key, previous, err := loadKey(path)
		switch {
		case c.says == "" && (err != nil || key[0] != 0x0a):
			t.Errorf("%s: %v", c.name, err)
		case c.says == "" && strings.Contains(c.content, two) && (len(previous) != keyBytes || previous[0] != 0x0b):
			t.Errorf("%s: previous %x", c.name, previous)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: says %v, should name %q", c.name, err, c.says)
		}
		if err != nil && c.content != "" && strings.Contains(err.Error(), strings.TrimSpace(c.content)) {
			t.Errorf("%s: the error shows the key", c.name)
		}
	}
	if _, _, err := loadKey(t.TempDir()); err == nil {
		t.Error("a folder is no key file")
	}
}
