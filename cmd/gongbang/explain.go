package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongbang/internal/fault"
)

// sentences are the refusals that an operator meets on the command line.
var sentences = map[string]string{
	"not_found":   "there is no such account, center or machine",
	"unavailable": "the database did not answer in time; try again",
	"forbidden":   "this is not allowed",
}

// explain is an error as a person reads it: the fields that are wrong, or the
// sentence of its code with the values that belong to it.
func explain(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	parts := make([]string, 0, len(f.Fields)+1)
	for _, w := range f.Fields {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s: %s %s", w.Field, w.Rule, w.Limit)))
	}
	if len(parts) == 0 {
		s, ok := sentences[f.Code]
		if !ok {
			s = strings.ReplaceAll(f.Code, "_", " ")
		}
		parts = append(parts, s)
	}
	keys := make([]string, 0, len(f.Values))
	for k := range f.Values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		parts = append(parts, k+" "+f.Values[k])
	}
	if inner := errors.Unwrap(f); inner != nil {
		parts = append(parts, inner.Error())
	}
	return strings.Join(parts, "; ")
}
