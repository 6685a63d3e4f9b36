package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"sort"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/goccy/go-yaml"

	"gongbang/internal/lang"
	"gongbang/web/edge"
	"gongbang/web/edge/locale"
)

//go:embed templates/docs.html templates/docs.css
var docsFiles embed.FS

var docsPage = template.Must(template.ParseFS(docsFiles, "templates/docs.html"))

// docsView is the contract as the page shows it.
type docsView struct {
	Title, Description string
	Groups             []docsGroup
	Schemas            []docsSchema
	Codes              []docsCode
}

type docsGroup struct {
	Name, About string
	Operations  []docsOperation
}

type docsOperation struct {
	Method, Path, Summary, About, Permission string
	Parameters                               []docsParameter
	Body, Example                            string
	Answers                                  []docsAnswer
}

type docsParameter struct {
	Name, In string
	Required bool
}

type docsAnswer struct{ Status, Schema string }

type docsSchema struct{ Name, Text string }

type docsCode struct{ Code, Ko, En string }

// document is what the page needs of an OpenAPI file.
type document struct {
	Info struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"info"`
	Tags []struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	} `json:"tags"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Tags        []string `json:"tags"`
	Summary     string   `json:"summary"`
	Description string   `json:"description"`
	Permission  string   `json:"x-permission"`
	Parameters  []struct {
		Name     string `json:"name"`
		In       string `json:"in"`
		Required bool   `json:"required"`
		Ref      string `json:"$ref"`
	} `json:"parameters"`
	RequestBody struct {
		Content map[string]media `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Ref     string           `json:"$ref"`
		Content map[string]media `json:"content"`
	} `json:"responses"`
}

type media struct {
	Schema struct {
		Ref        string `json:"$ref"`
		Properties struct {
			Items struct {
				Items struct {
					Ref string `json:"$ref"`
				} `json:"items"`
			} `json:"items"`
		} `json:"properties"`
	} `json:"schema"`
	Example json.RawMessage `json:"example"`
}

func (m media) name() string {
	if inner := m.Schema.Properties.Items.Items.Ref; inner != "" {
		return "List of " + last(inner)
	}
	return last(m.Schema.Ref)
}

func last(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// readContract reads the file at start, so that a broken one is no surprise later.
func readContract(raw []byte) (docsView, error) {
	asJSON, err := yaml.YAMLToJSON(raw)
	if err != nil {
		return docsView{}, fmt.Errorf("openapi.yaml: %w", err)
	}
	var d document
	if err := json.Unmarshal(asJSON, &d); err != nil {
		return docsView{}, fmt.Errorf("openapi.yaml: %w", err)
	}
	v := docsView{Title: d.Info.Title, Description: d.Info.Description}
	for _, tag := range d.Tags {
		v.Groups = append(v.Groups, docsGroup{tag.Name, tag.Description, d.tagged(tag.Name)})
	}
	for name, schema := range d.Components.Schemas {
		v.Schemas = append(v.Schemas, docsSchema{name, indented(schema)})
	}
	sort.Slice(v.Schemas, func(i, j int) bool { return v.Schemas[i].Name < v.Schemas[j].Name })
	for _, code := range locale.Codes(lang.Ko) {
		_, ko := locale.Fault(lang.Ko, code, nil)
		_, en := locale.Fault(lang.En, code, nil)
		v.Codes = append(v.Codes, docsCode{code, ko, en})
	}
	sort.Slice(v.Codes, func(i, j int) bool { return v.Codes[i].Code < v.Codes[j].Code })
	return v, nil
}

func (d document) tagged(tag string) []docsOperation {
	var list []docsOperation
	for path, methods := range d.Paths {
		for method, o := range methods {
			if len(o.Tags) > 0 && o.Tags[0] == tag {
				list = append(list, o.view(strings.ToUpper(method), path))
			}
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Path+" "+list[i].Method < list[j].Path+" "+list[j].Method
	})
	return list
}

func (o operation) view(method, path string) docsOperation {
	v := docsOperation{Method: method, Path: path, Summary: o.Summary, About: o.Description, Permission: o.Permission}
	for _, p := range o.Parameters {
		if p.Ref != "" {
			p.Name, p.In = strings.ToLower(last(p.Ref)), "query"
		}
		if p.Name == "idempotencykey" {
			p.Name, p.In = "Idempotency-Key", "header"
		}
		v.Parameters = append(v.Parameters, docsParameter{p.Name, p.In, p.Required})
	}
	for _, m := range o.RequestBody.Content {
		v.Body, v.Example = m.name(), string(m.Example)
	}
	for status, r := range o.Responses {
		answer := docsAnswer{Status: status, Schema: last(r.Ref)}
		for kind, m := range r.Content {
			if answer.Schema = m.name(); answer.Schema == "" {
				answer.Schema = kind
			}
		}
		v.Answers = append(v.Answers, answer)
	}
	sort.Slice(v.Answers, func(i, j int) bool { return v.Answers[i].Status < v.Answers[j].Status })
	return v
}

func indented(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

func (a *API) docsStyle(c *gin.Context) error {
	css, err := docsFiles.ReadFile("templates/docs.css")
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, "text/css; charset=utf-8", css)
	return nil
}

func (a *API) docs(c *gin.Context) error {
	var b bytes.Buffer
	if err := docsPage.Execute(&b, a.contract); err != nil {
		return err
	}
	edge.PageHeaders(c)
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
	return nil
}
