// Package locale holds the sentences of the API's refusals in Korean and
// English: for each fault code a title and a detail, for each field rule a
// message, for each violation code a sentence to fall back on. Texts of pages
// and messages live with those. It imports internal/lang and the standard
// library.
package locale

import (
	"embed"
	"encoding/json"
	"strings"

	"gongbang/internal/lang"
)

//go:embed ko.json en.json
var files embed.FS

type sentences struct {
	Codes      map[string][2]string `json:"codes"`
	Rules      map[string]string    `json:"rules"`
	Violations map[string]string    `json:"violations"`
	Advice     map[string]string    `json:"advice"`
}

var catalogs = map[lang.Locale]sentences{lang.Ko: load("ko.json"), lang.En: load("en.json")}

// load panics: the files are part of the program, and a test reads them first.
func load(name string) sentences {
	raw, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var s sentences
	if err := json.Unmarshal(raw, &s); err != nil {
		panic(name + ": " + err.Error())
	}
	return s
}

// Fault is the title and the detail of a fault code, {name} replaced by values.
// An unknown code reads like "internal"; a test sees to it that there is none.
func Fault(l lang.Locale, code string, values map[string]string) (title, detail string) {
	s, ok := catalogs[l].Codes[code]
	if !ok {
		s = catalogs[l].Codes["internal"]
	}
	return s[0], fill(s[1], values)
}

// Rule says what is wrong with a field.
func Rule(l lang.Locale, rule, limit string) string {
	s, ok := catalogs[l].Rules[rule]
	if !ok {
		s = catalogs[l].Rules["invalid"]
	}
	return fill(s, map[string]string{"limit": limit})
}

// Violation is the sentence of a violation code that brings none of its own.
func Violation(l lang.Locale, code string) string { return catalogs[l].Violations[code] }

// Advice says what else somebody may try: "code", to sign in by code.
func Advice(l lang.Locale, key string) string { return catalogs[l].Advice[key] }

// Codes lists the fault codes that have sentences.
func Codes(l lang.Locale) []string {
	var list []string
	for code := range catalogs[l].Codes {
		list = append(list, code)
	}
	return list
}

// Has tells whether a code, rule or violation has a sentence of its own.
func Has(l lang.Locale, group, key string) bool {
	c := catalogs[l]
	switch group {
	case "code":
		s := c.Codes[key]
		return s[0] != "" && s[1] != ""
	case "rule":
		return c.Rules[key] != ""
	case "advice":
		return c.Advice[key] != ""
	}
	return c.Violations[key] != ""
}

func fill(s string, values map[string]string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	var pairs []string
	for k, v := range values {
		pairs = append(pairs, "{"+k+"}", v)
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
