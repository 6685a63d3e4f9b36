package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyBytes is the length of the server key.
const keyBytes = 32

// loadKey reads the server key (first line) and the previous one (second
// line, may be missing). A missing file is made with a fresh key. Several
// processes may start at once: each gets the key of the one that came first.
func loadKey(path string) (key, previous []byte, err error) {
	key, previous, err = readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, previous, err
	}
	if err := makeKey(path); err != nil {
		return nil, nil, err
	}
	return readKey(path)
}

func readKey(path string) (key, previous []byte, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("the key file can't be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("the key file %s is not a file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, nil, fmt.Errorf("the key file %s has mode %04o, so others can read it; run: chmod 600 %s", path, mode, path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("the key file can't be read: %w", err)
	}
	lines := bytes.Split(bytes.TrimRight(raw, "\r\n"), []byte("\n"))
	if len(lines) > 2 {
		return nil, nil, fmt.Errorf("the key file %s has %d lines; it holds the key and, at most, the previous one", path, len(lines))
	}
	if key, err = decodeKey(path, 1, lines[0]); err == nil && len(lines) == 2 {
		previous, err = decodeKey(path, 2, lines[1])
	}
	return key, previous, err
}

func decodeKey(path string, line int, b []byte) ([]byte, error) {
	key, err := hex.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("line %d of the key file %s is no key: it must be %d bytes as %d hexadecimal digits", line, path, keyBytes, 2*keyBytes)
	}
	return key, nil
}

// makeKey writes the file under another name and links it into place: a
// reader sees a whole key or none, and the first of several writers wins.
func makeKey(path string) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder of the key file can't be made: %w", err)
	}
	f, err := os.CreateTemp(dir, ".server.key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("the key file can't be made: %w", err)
	}
	defer os.Remove(f.Name())
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails: the runtime ends the program instead
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("the key file can't be written: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("the key file can't be put in place: %w", err)
	}
	return syncFolder(dir)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
