package proof

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"gongbang/web/api"
)

// operation is one row of openapi.yaml, with what a hostile client needs.
type operation struct {
	method, path string // path with {parameters}
	example      object
	fields       [][]string // every field of the body, by its path
	queries      []string   // names of query parameters
}

// operations reads the contract that the program serves.
func operations(t *testing.T) []operation {
	t.Helper()
	var doc object
	if err := yaml.Unmarshal(api.OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	var list []operation
	paths := child(doc, "paths")
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods := child(paths, path)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			o := operation{method: strings.ToUpper(method), path: path}
			body := child(methods, method, "requestBody", "content", "application/json")
			o.example = child(body, "example")
			o.fields = fieldsOf(doc, child(body, "schema"), nil)
			if strings.HasSuffix(path, "/policy") && o.example != nil { // which values there are is left open in the body
				o.fields = append(o.fields, fieldsOf(doc, object{"$ref": "#/components/schemas/Policy"}, []string{"policy"})...)
			}
			for _, p := range objects(child(methods, method)["parameters"]) {
				if p = follow(doc, p); p["in"] == "query" {
					o.queries = append(o.queries, p["name"].(string))
				}
			}
			list = append(list, o)
		}
	}
	return list
}

func child(o object, names ...string) object {
	for _, name := range names {
		o, _ = o[name].(object)
	}
	return o
}

// follow resolves a $ref.
func follow(doc, o object) object {
	ref, ok := o["$ref"].(string)
	if !ok {
		return o
	}
	return follow(doc, child(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...))
}

// fieldsOf lists the fields of a schema and of the objects and lists in it.
func fieldsOf(doc, schema object, at []string) [][]string {
	schema = follow(doc, schema)
	var list [][]string
	for _, name := range slices.Sorted(maps.Keys(child(schema, "properties"))) {
		path := append(slices.Clone(at), name)
		list = append(list, path)
		if len(path) < 4 {
			list = append(list, fieldsOf(doc, child(schema, "properties", name), path)...)
		}
	}
	if items := child(schema, "items"); items != nil && len(at) < 4 {
		path := append(slices.Clone(at), "0")
		list = append(list, path)
		list = append(list, fieldsOf(doc, items, path)...)
	}
	return list
}

// exampleDay is the day of the contract's examples.
var exampleDay = time.Date(2030, 1, 7, 0, 0, 0, 0, kst)

// today moves the times of an example into the window of the test catalog and
// its machines and centers to those that are there.
func today(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for name, member := range v {
			out[name] = today(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = today(member)
		}
		return out
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return stamp(ahead(2, 0, 0).Add(at.Sub(exampleDay)))
		}
		switch v {
		case "city-geumcheon-apparel--pattern-cad":
			return "row"
		case "city-geumcheon-apparel":
			return "race"
		case "center:city-geumcheon-apparel":
			return "center:race"
		}
	}
	return v
}

// place writes a value into a copy of a body.
func place(body any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if path[0] == "0" {
		var first any
		if list, _ := body.([]any); len(list) > 0 {
			first = list[0]
		}
		return []any{place(first, path[1:], value)}
	}
	out := object{}
	if o, ok := body.(object); ok {
		maps.Copy(out, o)
	}
	out[path[0]] = place(out[path[0]], path[1:], value)
	return out
}
