package survey

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Limits of a draft. Fewer questions are better: the linter says so earlier.
const (
	MostQuestions = 30
	MostOptions   = 20
	MostTitle     = 100
	MostText      = 500 // characters of a question, an introduction, an option
	mostWords     = 2000
)

var (
	templateKey = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	// Keys begin with a letter: a count of digits is that of a scale.
	questionKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
)

// wrongs collects the fields of a draft that can't be stored or published.
type wrongs struct{ list []fault.Field }

func (w *wrongs) add(field, rule, limit string) {
	w.list = append(w.list, fault.Field{Field: field, Rule: rule, Limit: limit})
}

// text trims a text and holds it to its length.
func (w *wrongs) text(field string, t *lang.Text, most int) {
	for _, p := range []struct {
		name string
		s    *string
	}{{"ko", &t.Ko}, {"en", &t.En}} {
		*p.s = strings.TrimSpace(strings.ReplaceAll(*p.s, "\r\n", "\n"))
		switch {
		case !utf8.ValidString(*p.s) || strings.ContainsFunc(*p.s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
			w.add(field+"."+p.name, "text", "")
		case utf8.RuneCountInString(*p.s) > most:
			w.add(field+"."+p.name, "too_long", strconv.Itoa(most))
		}
	}
}

func refused(bad []fault.Field) error {
	if len(bad) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Code: "validation", Fields: bad}
}

// at names a question as a field.
func (t *Template) at(key string) string {
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.Key == key })
	return fmt.Sprintf("questions[%d]", i)
}

// settle brings a draft into the form in which it is stored, and refuses what
// has no place in it: scales get their options, other types lose theirs.
func (d *Draft) settle() error {
	var w wrongs
	w.text("title", &d.Title, MostTitle)
	w.text("intro", &d.Intro, MostText)
	if !slices.Contains(Modes, d.Mode) {
		w.add("mode", "one_of", strings.Join(Modes, " "))
	}
	d.Anonymity = promise(d.Mode)
	if len(d.Questions) > MostQuestions {
		w.add("questions", "max_items", strconv.Itoa(MostQuestions))
		return refused(w.list)
	}
	list := make([]Question, len(d.Questions))
	seen := map[string]bool{}
	for i, q := range d.Questions {
		at := fmt.Sprintf("questions[%d]", i)
		switch {
		case !questionKey.MatchString(q.Key):
			w.add(at+".key", "id", "")
		case seen[q.Key]:
			w.add(at+".key", "unique", "")
		}
		seen[q.Key] = true
		w.text(at+".text", &q.Text, MostText)
		q.settle(&w, at)
		list[i] = q
	}
	d.Questions = list
	return refused(w.list)
}

// settle gives the question the options of its type.
func (q *Question) settle(w *wrongs, at string) {
	if q.Type != Multi && q.Type != Words {
		q.Max = 0
	}
	switch q.Type {
	case Sat5:
		q.Options = sat5(q.NA)
	case Agree5:
		q.Options = agree5(q.NA)
	case Likely:
		q.Options = likely(q.NA)
	case Single, Multi:
		q.settleOptions(w, at)
	case Words:
		q.Options, q.NA = nil, false
		if q.Max == 0 {
			q.Max = commentMax
		}
		if q.Max < 1 || q.Max > mostWords {
			w.add(at+".max", "range", "1-"+strconv.Itoa(mostWords))
		}
	default:
		w.add(at+".type", "one_of", "sat5 agree5 single multi nps text")
	}
	if q.ShowIf != nil && (q.ShowIf.Question == "" || len(q.ShowIf.Values) == 0) {
		q.ShowIf = nil
	}
	if q.ShowIf == nil {
		return
	}
	if len(q.ShowIf.Values) > MostOptions {
		w.add(at+".show_if", "max_items", strconv.Itoa(MostOptions))
	}
	for _, v := range q.ShowIf.Values {
		if _, word := v.(string); !word && !isWhole(v) {
			w.add(at+".show_if", "one_of", "")
		}
	}
}

func isWhole(v any) bool { _, ok := v.(int); return ok }

// settleOptions checks the options of a choice; what is chosen by ticking
// needs no "not applicable".
func (q *Question) settleOptions(w *wrongs, at string) {
	if q.Type == Multi {
		q.NA = false
		if q.Max < 0 || q.Max > MostOptions {
			w.add(at+".max", "range", "1-"+strconv.Itoa(MostOptions))
		}
	}
	if len(q.Options) > MostOptions+1 {
		w.add(at+".options", "max_items", strconv.Itoa(MostOptions))
		return
	}
	var list []Option
	seen := map[any]bool{}
	for i, o := range q.Options {
		if o.Value == any(NA) {
			continue // written anew below
		}
		key, _ := o.Value.(string)
		where := fmt.Sprintf("%s.options[%d]", at, i)
		switch {
		case !questionKey.MatchString(key):
			w.add(where+".value", "id", "")
		case seen[key]:
			w.add(where+".value", "unique", "")
		}
		seen[key] = true
		w.text(where+".text", &o.Text, MostText)
		list = append(list, o)
	}
	if q.Type == Multi && q.Max == 0 {
		q.Max = len(list)
	}
	q.Options = orNot(q.NA, list)
}

// finished refuses a draft that can't be asked yet.
func (d *Draft) finished() error {
	var w wrongs
	if d.Title.Ko == "" {
		w.add("title.ko", "required", "")
	}
	if len(d.Questions) == 0 {
		w.add("questions", "required", "")
	}
	before := map[string]Question{}
	for i, q := range d.Questions {
		at := fmt.Sprintf("questions[%d]", i)
		if q.Text.Ko == "" {
			w.add(at+".text.ko", "required", "")
		}
		// Figures and cases know these two by their keys.
		if q.Key == overall && q.Type != Sat5 || q.Key == comment && q.Type != Words {
			w.add(at+".type", "one_of", string(map[string]Type{overall: Sat5, comment: Words}[q.Key]))
		}
		q.finishedOptions(&w, at)
		if q.ShowIf != nil && !q.ShowIf.sound(before[q.ShowIf.Question]) {
			w.add(at+".show_if", "one_of", "")
		}
		before[q.Key] = q
	}
	return refused(w.list)
}

func (q Question) finishedOptions(w *wrongs, at string) {
	if q.Type != Single && q.Type != Multi {
		return
	}
	if len(q.values()) < 2 {
		w.add(at+".options", "min_items", "2")
	}
	if q.Type == Multi && (q.Max < 1 || q.Max > len(q.Options)) {
		w.add(at+".max", "range", "1-"+strconv.Itoa(len(q.Options)))
	}
	for i, o := range q.Options {
		if o.Text.Ko == "" {
			w.add(fmt.Sprintf("%s.options[%d].text.ko", at, i), "required", "")
		}
	}
}

// sound tells whether the condition speaks of options of an earlier question.
func (c *ShowIf) sound(q Question) bool {
	for _, v := range c.Values {
		if !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == v }) {
			return false
		}
	}
	return q.Key != ""
}
