package page

import (
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// Form is a form as the parts draw it: templates place {{template "errors" .Form}}
// above it, {{template "hidden" .Form}} in it, and {{template "field" (.Form.Field "name")}}.
type Form struct {
	Action  string // a path with its language
	Title   string // of the summary, after a refusal
	Wrong   []WrongField
	Reasons []string // what belongs to no field
	Key     string   // idempotency key; "" writes none
	Hidden  []Hidden
	fields  []*Field
}

// WrongField is a line of the summary that leads to its field.
type WrongField struct{ ID, Label, Text string }

// Hidden is a value the form carries along.
type Hidden struct{ Name, Value string }

// Field is one question of a form.
type Field struct {
	Name  string
	Label string
	Hint  string
	Value string
	Lang  string // of what is written, where it may be another than the page's
	// Type is that of an input, or textarea, select, checkbox, radios, checkboxes.
	Type         string
	Autocomplete string
	InputMode    string
	Placeholder  string
	MaxLength    int
	Rows         int
	Required     bool
	Optional     bool // says so beside the label
	Checked      bool // of a checkbox
	Options      []Option
	Error        string
	Focus        bool
}

// Option is one choice of a select, radios or checkboxes.
type Option struct {
	Value, Label, Hint string
	Checked            bool
}

// Tongue is the language of the label, where it may be another than the page's.
func (o Option) Tongue() string { return tongue(o.Label) }

// ID is the id of the field's control; the first one of several.
func (f *Field) ID() string {
	return "f-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(f.Name)
}

// Described lists the ids of what explains the field.
func (f *Field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// form begins a form that posts to a path of ours.
func (r *request) form(path string, fields ...*Field) *Form {
	return &Form{Action: r.url(path), fields: fields}
}

// keyed gives the form an idempotency key: pressing twice does it once.
func (f *Form) keyed(r *request) *Form { f.Key = r.p.NewID(); return f }

func (f *Form) hide(name, value string) *Form {
	if value != "" {
		f.Hidden = append(f.Hidden, Hidden{name, value})
	}
	return f
}

// Field is the field of a name; a template that asks for one that is not there fails its page.
func (f *Form) Field(name string) *Field {
	for _, x := range f.fields {
		if x.Name == name {
			return x
		}
	}
	panic("page: the form has no field " + name)
}

// Fields are all fields in order.
func (f *Form) Fields() []*Field { return f.fields }

// fill puts what was sent into the fields; passwords and codes are typed again.
func (f *Form) fill(sent url.Values) *Form {
	for _, x := range f.fields {
		switch x.Type {
		case "password":
		case "checkbox":
			x.Checked = sent.Get(x.Name) != ""
		case "select", "radios", "checkboxes":
			for i := range x.Options {
				x.Options[i].Checked = contains(sent[x.Name], x.Options[i].Value)
			}
		default:
			x.Value = sent.Get(x.Name)
		}
	}
	if f.Key != "" && sent.Get("key") != "" {
		f.Key = sent.Get("key")
	}
	return f
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// refuse shows a refusal in the form: at its fields, and in the summary. The
// first wrong field is focused.
func (f *Form) refuse(r *request, refusal *fault.Fault) {
	title, what := r.sentence(refusal)
	f.Title = title
	for _, wrong := range refusal.Fields {
		text := r.fieldSentence(wrong)
		x := f.named(wrong.Field)
		if x == nil {
			f.Reasons = append(f.Reasons, text)
			continue
		}
		x.Error = text
		f.Wrong = append(f.Wrong, WrongField{x.ID(), x.Label, text})
	}
	if len(f.Wrong) > 0 {
		f.named(f.byOrder()).Focus = true
	}
	if len(refusal.Fields) == 0 {
		if reasons := r.reasons(refusal); len(reasons) > 0 {
			f.Reasons = append(f.Reasons, reasons...)
			return
		}
		f.Reasons = append(f.Reasons, what)
	}
}

func (f *Form) byOrder() string {
	for _, x := range f.fields {
		if x.Error != "" {
			return x.Name
		}
	}
	return ""
}

// named finds a field by the name that a fault gives it: groups.0 belongs to groups.
func (f *Form) named(name string) *Field {
	for _, x := range f.fields {
		if x.Name == name {
			return x
		}
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return f.named(name[:i])
	}
	return nil
}

// sent reads exactly what a browser sends for one of our forms.
func (r *request) sent() (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.MediaType, "unsupported_media_type")
	}
	if err := r.Request.ParseForm(); err != nil {
		if strings.Contains(err.Error(), "too large") {
			return nil, fault.New(fault.TooLarge, "too_large")
		}
		return nil, fault.New(fault.BadRequest, "bad_request")
	}
	for name, values := range r.Request.PostForm {
		for _, v := range append(values, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, fault.New(fault.BadRequest, "bad_request")
			}
		}
	}
	return r.Request.PostForm, nil
}

// key is the idempotency key of a sent form: its hidden field, for this
// person, this path and these values. nil when the form brought none.
func (r *request) key(sent url.Values) *booking.Key {
	value := sent.Get("key")
	if value == "" || len(value) > 128 {
		return nil
	}
	body := url.Values{}
	for name, values := range sent {
		if name != "key" {
			body[name] = values
		}
	}
	sum := sha256.Sum256([]byte(body.Encode()))
	who := r.actor.ID
	if who == "" {
		who = r.actor.Address
	}
	return &booking.Key{Caller: who + " " + http.MethodPost + " " + localPath(&url.URL{Path: r.Request.URL.Path}), Value: value, Body: hex.EncodeToString(sum[:])}
}

// badField is a wrong field that the page itself finds: what the services can't see.
func badField(field, rule, limit string) *fault.Fault {
	return &fault.Fault{Kind: fault.Invalid, Code: "validation", Fields: []fault.Field{{Field: field, Rule: rule, Limit: limit}}}
}
