package edge_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"gongbang/internal/fault"
	"gongbang/web/edge"
)

func TestBodies(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	abyss := strings.Repeat("[", 60000)
	for name, c := range map[string]struct {
		body, kind string
		status     int
		code       string
	}{
		"object":               {`{"a":1}`, "application/json", 200, ""},
		"charset":              {`{"a":1}`, "application/json; charset=UTF-8", 200, ""},
		"spaces after":         {"{\"a\":1} \n", "application/json", 200, ""},
		"nothing":              {"", "", 200, ""},
		"no type":              {`{}`, "", 415, "unsupported_media_type"},
		"form type":            {`{}`, "application/x-www-form-urlencoded", 415, "unsupported_media_type"},
		"text type":            {`{}`, "text/plain", 415, "unsupported_media_type"},
		"other charset":        {`{}`, "application/json; charset=latin1", 415, "unsupported_media_type"},
		"broken type":          {`{}`, "application/json; =", 415, "unsupported_media_type"},
		"cut off":              {`{"a":`, "application/json", 400, "bad_request"},
		"trailing object":      {`{} {}`, "application/json", 400, "bad_request"},
		"trailing word":        {`{}x`, "application/json", 400, "bad_request"},
		"twice":                {`{"a":1,"a":2}`, "application/json", 400, "bad_request"},
		"twice inside":         {`{"b":[{"a":1,"a":2}]}`, "application/json", 400, "bad_request"},
		"twice by escape":      {`{"a":1,"\u0061":2}`, "application/json", 400, "bad_request"},
		"deep":                 {deep, "application/json", 400, "bad_request"},
		"abyss":                {abyss, "application/json", 400, "bad_request"},
		"bad UTF-8":            {"{\"a\":\"\xff\"}", "application/json", 400, "bad_request"},
		"byte order mark":      {"\ufeff{}", "application/json", 400, "bad_request"},
		"single quotes":        {`{'a':1}`, "application/json", 400, "bad_request"},
		"comment":              {`{/*x*/}`, "application/json", 400, "bad_request"},
		"NaN":                  {`{"a":NaN}`, "application/json", 400, "bad_request"},
		"control character":    {"{\"a\":\"\x01\"}", "application/json", 400, "bad_request"},
		"array":                {`[]`, "application/json", 422, "validation"},
		"number":               {`5`, "application/json", 422, "validation"},
		"null":                 {`null`, "application/json", 422, "validation"},
		"string":               {`"a"`, "application/json", 422, "validation"},
		"too large":            {`{"a":"` + strings.Repeat("x", edge.MaxBody) + `"}`, "application/json", 413, "too_large"},
		"exactly large enough": {`{"a":"` + strings.Repeat("x", edge.MaxBody-8) + `"}`, "application/json", 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, _ := door(t, nil)
			header := []string{}
			if c.kind != "" {
				header = append(header, "Content-Type", c.kind)
			}
			w := ask(e, "POST", "/api/body", strings.NewReader(c.body), header...)
			if w.Code != c.status {
				t.Fatalf("answers %d: %.200s", w.Code, w.Body)
			}
			if c.code != "" && problem(t, w)["code"] != c.code {
				t.Errorf("%.200s", w.Body)
			}
		})
	}
}

// TestLargeWithoutLength sends more than it may without saying so first.
func TestLargeWithoutLength(t *testing.T) {
	e, _ := door(t, nil)
	r := httptest.NewRequest("POST", "/api/body", strings.NewReader(`{"a":"`+strings.Repeat("x", edge.MaxBody)+`"}`))
	r.ContentLength = -1
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	e.Engine.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("answers %d", w.Code)
	}
}

type inner struct {
	Name string `json:"name" validate:"required,max=3"`
}

type embeddedPart struct {
	Version *int `json:"version" validate:"omitempty,min=1"`
}

type input struct {
	Text   string         `json:"text" validate:"max=5"`
	N      *int           `json:"n" validate:"omitempty,min=0,max=9"`
	Flag   *bool          `json:"flag"`
	Start  time.Time      `json:"start"`
	End    time.Time      `json:"end" validate:"omitempty,gtfield=Start"`
	List   []string       `json:"list" validate:"max=2"`
	Inner  *inner         `json:"inner"`
	Inners []inner        `json:"inners" validate:"dive"`
	Free   map[string]any `json:"free"`
	embeddedPart
}

func TestBind(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                               "",
		`{"text":null,"n":null}`:           "",
		`{"n":0,"version":1}`:              "",
		`{"Text":"a"}`:                     "Text unknown",
		`{"text":5}`:                       "text string",
		`{"text":"a\u0000"}`:               "text characters",
		`{"text":"가나다라마바"}`:                "text max_length",
		`{"n":"5"}`:                        "n integer",
		`{"n":1.5}`:                        "n integer",
		`{"n":1e3}`:                        "n integer",
		`{"n":99999999999999999999}`:       "n integer",
		`{"n":10}`:                         "n max",
		`{"n":-1}`:                         "n min",
		`{"flag":"true"}`:                  "flag boolean",
		`{"start":"2026-11-22"}`:           "start datetime",
		`{"start":"2026-11-22T10:00:00"}`:  "start datetime",
		`{"start":"0001-01-01T00:00:00Z"}`: "start datetime",
		`{"start":"9999-01-01T00:00:00Z"}`: "start datetime",
		`{"start":7}`:                      "start string",
		`{"start":"2026-11-22T10:00:00+09:00","end":"2026-11-22T09:00:00+09:00"}`: "end after",
		`{"list":"a"}`:                          "list array",
		`{"list":["a","b","c"]}`:                "list max_items",
		`{"list":[1]}`:                          "list.0 string",
		`{"inner":[]}`:                          "inner object",
		`{"inner":{}}`:                          "inner.name required",
		`{"inner":{"name":"abcd"}}`:             "inner.name max_length",
		`{"inner":{"nam":"a"}}`:                 "inner.nam unknown",
		`{"inners":[{"name":"a"},{"name":""}]}`: "inners.1.name required",
		`{"free":{"x":["a",{"b":"\u0000"}]}}`:   "free.x.1.b characters",
		`{"version":0}`:                         "version min",
		`{"x":1,"y":2}`:                         "x unknown, y unknown",
	} {
		object, err := edge.ParseJSON([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		var in input
		if got := told(edge.Bind(object, &in)); got != want {
			t.Errorf("%s is told %q, want %q", body, got, want)
		}
	}
}

// told writes the wrong fields of a fault in one line.
func told(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	var list []string
	for _, field := range f.Fields {
		list = append(list, field.Field+" "+field.Rule)
	}
	return strings.Join(list, ", ")
}

func TestBindKeepsWhatWasSent(t *testing.T) {
	object, err := edge.ParseJSON([]byte(`{"text":"가나","n":0,"flag":false,"start":"2026-11-22T10:00:00.123456+09:00","list":["b"],"inner":{"name":"z"},"free":{"k":[1,"x"]},"version":3}`))
	if err != nil {
		t.Fatal(err)
	}
	var in input
	if err := edge.Bind(object, &in); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 1, 0, 0, 123e6, time.UTC)
	if in.Text != "가나" || *in.N != 0 || *in.Flag || !in.Start.Equal(at) || !reflect.DeepEqual(in.List, []string{"b"}) ||
		in.Inner.Name != "z" || len(in.Free["k"].([]any)) != 2 || *in.Version != 3 {
		t.Errorf("%+v", in)
	}
}

type asked struct {
	Q     string     `query:"q" validate:"max=5"`
	N     *int       `query:"n" validate:"omitempty,min=1,max=9"`
	Flag  *bool      `query:"flag"`
	At    *time.Time `query:"at"`
	Kinds []string   `query:"kind" validate:"max=2,dive,oneof=a b"`
}

func TestBindQuery(t *testing.T) {
	for query, want := range map[string]string{
		"":                               "",
		"q=%EA%B0%80&n=3&flag=true":      "",
		"kind=a,b":                       "",
		"kind=a&kind=b":                  "",
		"at=2026-11-22T10:00:00%2B09:00": "",
		"at=2026-11-22T10:00:00+09:00":   "", // a plus that nobody escaped
		"z=1":                            "z unknown",
		"Q=1":                            "Q unknown",
		"n=x":                            "n integer",
		"n=":                             "n integer",
		"n=0":                            "n min",
		"n=1&n=2":                        "n once",
		"flag=1":                         "flag boolean",
		"at=tomorrow":                    "at datetime",
		"kind=c":                         "kind.0 oneof",
		"q=%ff":                          "q format",
		"q=%00":                          "q format",
		"q=%zz":                          "query format",
		"q=1;n=2":                        "query format",
		"q=" + strings.Repeat("a", 2000): "q format",
		"q=abcdef":                       "q max_length",
	} {
		var in asked
		r := &http.Request{URL: httptest.NewRequest("GET", "/", nil).URL}
		r.URL.RawQuery = query
		if got := told(edge.BindQuery(r, &in)); got != want {
			t.Errorf("%.60q is told %q, want %q", query, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	a, _ := edge.ParseJSON([]byte(`{"b":[1,{"y":2,"x":"가"}],"a":null}`))
	b, _ := edge.ParseJSON([]byte("{ \"a\" : null,\n\"b\":[1,{\"x\":\"\\uac00\",\"y\":2}] }"))
	c, _ := edge.ParseJSON([]byte(`{"b":[{"y":2,"x":"가"},1],"a":null}`))
	if string(edge.Canonical(a)) != string(edge.Canonical(b)) {
		t.Errorf("%s\n%s", edge.Canonical(a), edge.Canonical(b))
	}
	if string(edge.Canonical(a)) == string(edge.Canonical(c)) {
		t.Error("another order in a list is another wish")
	}
}
