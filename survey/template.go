package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"gongbang/internal/lang"
)

// Type of a question.
type Type string

const (
	Sat5   Type = "sat5"   // satisfied 5…1
	Agree5 Type = "agree5" // agree 5…1
	Single Type = "single" // one option
	Multi  Type = "multi"  // up to Max options
	Likely Type = "nps"    // how likely to recommend, 0…10
	Words  Type = "text"   // up to Max characters
)

// NA is the stored value of "not applicable"; it is neither skipped nor zero.
const NA = "NA"

// Template is one published version of a questionnaire. It never changes.
type Template struct {
	Key       string     `json:"key"`
	Version   int        `json:"version"`
	Continues bool       `json:"continues"`       // the series of the version before goes on
	Break     int        `json:"break,omitempty"` // how many series ended before this one
	Mode      string     `json:"mode"`            // of Modes
	Title     lang.Text  `json:"title"`
	Intro     lang.Text  `json:"intro"`
	Anonymity lang.Text  `json:"anonymity"` // what is kept of the person, as it was worded then; people read promise(Mode)
	Questions []Question `json:"questions"`
}

// Question of a template; keys are stable across versions.
type Question struct {
	Key      string    `json:"key"`
	Type     Type      `json:"type"`
	Required bool      `json:"required"`
	NA       bool      `json:"na"`
	Max      int       `json:"max,omitempty"` // options of a multi, characters of a text
	Text     lang.Text `json:"text"`
	Options  []Option  `json:"options,omitempty"`
	ShowIf   *ShowIf   `json:"show_if,omitempty"` // nil: always asked
}

// ShowIf asks a question only of who gave one of the values to an earlier one.
type ShowIf struct {
	Question string `json:"question"`
	Values   []any  `json:"values"` // of its options
}

// Option of a question; scales have theirs too, best first.
type Option struct {
	Value any       `json:"value"` // 5…1, "NA" or a key
	Text  lang.Text `json:"text"`
}

// text names what people are asked, whatever number and series it has.
func (t *Template) text() string {
	same := *t
	same.Version, same.Continues, same.Break = 0, false, 0
	return same.Hash()
}

// Hash names the text of this version.
func (t *Template) Hash() string {
	b, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Series names what may be compared and added up: the versions of one key
// between two breaks. "use-standard" is the first, "use-standard.2" follows it.
func (t *Template) Series() string {
	if t.Break == 0 {
		return t.Key
	}
	return t.Key + "." + strconv.Itoa(t.Break+1)
}

// likelyMost is the best answer of a recommendation; 0 is an answer too.
const likelyMost = 10

// Lead is the key of the question that an answer counts by: "overall", or the
// first that is required; "" where none is.
func (t *Template) Lead() string {
	first := ""
	for _, q := range t.Questions {
		switch {
		case q.Key == overall:
			return overall
		case q.Required && first == "":
			first = q.Key
		}
	}
	return first
}

// question finds one by its key; its zero value where there is none.
func (t *Template) question(key string) Question {
	for _, q := range t.Questions {
		if q.Key == key {
			return q
		}
	}
	return Question{}
}

// scale tells whether answers are 1…5.
func (q Question) scale() bool { return q.Type == Sat5 || q.Type == Agree5 }

// item tells whether the question counts for completeness: words don't.
func (q Question) item() bool { return q.Type != Words }

// has tells whether key is one of the options.
func (q Question) has(key string) bool {
	for _, o := range q.Options {
		if o.Value == any(key) && key != NA {
			return true
		}
	}
	return false
}
