package store

import (
	"encoding/json"
	"strings"
)

// readCounts reads the counts of a released cell, by question and answer. A
// result reads thousands of cells that this program wrote: without reflection
// it takes a quarter of the time. What is not plainly written so is read as
// any JSON.
func readCounts(text string) (map[string]map[string]int, error) {
	r := countReader{rest: text}
	if out := r.questions(); out != nil && r.rest == "" {
		return out, nil
	}
	var out map[string]map[string]int
	return out, json.Unmarshal([]byte(text), &out)
}

// countReader takes JSON without spaces and escapes; nil is anything else.
type countReader struct{ rest string }

func (r *countReader) questions() map[string]map[string]int {
	out := map[string]map[string]int{}
	whole := r.object(func(question string) bool {
		counts := map[string]int{}
		out[question] = counts
		return r.object(func(answer string) bool {
			n, ok := r.number()
			counts[answer] = n
			return ok
		})
	})
	if !whole {
		return nil
	}
	return out
}

// object reads names and hands over at each value.
func (r *countReader) object(value func(name string) bool) bool {
	if !r.eat('{') {
		return false
	}
	if r.eat('}') {
		return true
	}
	for {
		name, ok := r.name()
		if !ok || !r.eat(':') || !value(name) {
			return false
		}
		if !r.eat(',') {
			return r.eat('}')
		}
	}
}

func (r *countReader) eat(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *countReader) name() (string, bool) {
	if !r.eat('"') {
		return "", false
	}
	name, rest, ok := strings.Cut(r.rest, `"`)
	if !ok || strings.IndexFunc(name, func(c rune) bool { return c < ' ' || c == '\\' || c > '~' }) >= 0 {
		return "", false
	}
	r.rest = rest
	return name, true
}

// number takes at most nine digits, none before them a zero.
func (r *countReader) number() (n int, ok bool) {
	at := 0
	for at < len(r.rest) && at < 10 && r.rest[at] >= '0' && r.rest[at] <= '9' {
		n = 10*n + int(r.rest[at]-'0')
		at++
	}
	ok = at == 1 || at > 1 && at < 10 && r.rest[0] != '0'
	r.rest = r.rest[at:]
	return n, ok
}
