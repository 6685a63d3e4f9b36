package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// wrong collects the wrong fields of an input, so that all are told at once.
type wrong []fault.Field

func (w *wrong) add(field, rule, limit string) {
	*w = append(*w, fault.Field{Field: field, Rule: rule, Limit: limit})
}

func (w wrong) err() error {
	if len(w) == 0 {
		return nil
	}
	f := fault.BadField("", "", "")
	f.Fields = w
	return f
}

// name is a person's name: 1 to 80 letters, spaces made single.
func (w *wrong) name(field, s string) Secret {
	n := strings.Join(strings.Fields(s), " ")
	switch {
	case n == "":
		w.add(field, "required", "")
	case utf8.RuneCountInString(n) > 80:
		w.add(field, "max", "80")
	case !utf8.ValidString(n) || strings.ContainsFunc(n, unicode.IsControl):
		w.add(field, "text", "")
	}
	return Secret(n)
}

// contact is "" when nothing was typed.
func (w *wrong) contact(field string, k Kind, s Secret) Secret {
	if strings.TrimSpace(string(s)) == "" {
		return ""
	}
	normalize := NormalizePhone
	if k == Email {
		normalize = NormalizeEmail
	}
	v, ok := normalize(string(s))
	if !ok {
		w.add(field, string(k), "")
	}
	return Secret(v)
}

func (w *wrong) password(field string, p Secret, own ...Secret) {
	if rule, limit := checkPassword(p, own...); rule != "" {
		w.add(field, rule, limit)
	}
}

// locale is Korean when nothing was said.
func (w *wrong) locale(field, s string) lang.Locale {
	switch l := lang.Locale(s); l {
	case "":
		return lang.Ko
	case lang.Ko, lang.En:
		return l
	}
	w.add(field, "oneof", "ko en")
	return lang.Ko
}

// slug is the id of something in the catalog.
func (w *wrong) slug(field, s string) {
	ok := s != "" && len(s) <= 64
	for _, r := range s {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	}
	if !ok {
		w.add(field, "id", "")
	}
}
