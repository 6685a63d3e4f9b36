package page

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"gongbang/internal/lang"
)

//go:embed locale
var localeFiles embed.FS

// texts is all chrome text by language and key.
type texts struct {
	by map[lang.Locale]map[string]string
}

// loadTexts joins locale/LANG.json and locale/LANG.*.json; a key that is in
// two files is an error, because one of them would silently lose.
func loadTexts() (*texts, error) {
	t := &texts{by: map[lang.Locale]map[string]string{lang.Ko: {}, lang.En: {}}}
	files, err := fs.ReadDir(localeFiles, "locale")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		l, _, _ := strings.Cut(f.Name(), ".")
		into := t.by[lang.Locale(l)]
		raw, err := fs.ReadFile(localeFiles, "locale/"+f.Name())
		if err != nil {
			return nil, err
		}
		var part map[string]string
		if err := json.Unmarshal(raw, &part); err != nil || into == nil {
			return nil, fmt.Errorf("page: locale/%s: %w", f.Name(), err)
		}
		for key, text := range part {
			if _, twice := into[key]; twice {
				return nil, fmt.Errorf("page: locale/%s: %q is in another file already", f.Name(), key)
			}
			into[key] = text
		}
	}
	return t, nil
}

// get is the text under a key, {0}, {1}… replaced by args. Where the first
// argument is the number 1 and there is a text under key.one, that is taken.
func (t *texts) get(l lang.Locale, key string, args ...any) string {
	text, ok := t.by[l][key]
	if len(args) > 0 && fmt.Sprint(args[0]) == "1" {
		if one, has := t.by[l][key+".one"]; has {
			text, ok = one, true
		}
	}
	if !ok {
		return "⟦" + key + "⟧" // a test finds these before anybody reads one
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", fmt.Sprint(a))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (t *texts) has(l lang.Locale, key string) bool { _, ok := t.by[l][key]; return ok }
