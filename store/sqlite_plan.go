package store

import (
	"strings"
	"sync"
)

// steady is the text as this database should prepare it. SQLite looks at the
// values bound to bare parameters when it plans, and then plans the statement
// anew at every execution, because the next value might deserve another plan:
// for the read behind a judgement ten times the work of running it. NULLIF of
// a parameter and NULL is its value with its type, but nothing to look at, so
// a statement is planned once for each connection. What only inserts is left
// as it is: there is nothing to plan.
func (d dialect) steady(query string) string {
	if d != sqlite || strings.HasPrefix(query, "INSERT") {
		return query
	}
	if text, ok := steadied.Load(query); ok {
		return text.(string)
	}
	text := hideParameters(query)
	steadied.Store(query, text) // as many as there are statements in the program
	return text
}

var steadied sync.Map // string → string

// hideParameters wraps every $n that stands outside of quotes.
func hideParameters(query string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(query); i++ {
		if query[i] == '\'' {
			quoted = !quoted
		}
		end := i + 1
		for !quoted && query[i] == '$' && end < len(query) && query[end] >= '0' && query[end] <= '9' {
			end++
		}
		if end == i+1 {
			b.WriteByte(query[i])
			continue
		}
		b.WriteString("NULLIF(" + query[i:end] + ", NULL)")
		i = end - 1
	}
	return b.String()
}
