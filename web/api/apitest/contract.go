package apitest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongbang/web/api"
)

const contractURL = "https://contract.invalid/openapi.json"

// Contract is openapi.yaml, ready to judge answers.
type Contract struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	schemas  map[string]*jsonschema.Schema
}

// Load reads the contract that the program serves.
func Load() (*Contract, error) {
	raw, err := yaml.YAMLToJSON(api.OpenAPI())
	if err != nil {
		return nil, err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(contractURL, v); err != nil {
		return nil, err
	}
	return &Contract{doc: v.(map[string]any), compiler: c, schemas: map[string]*jsonschema.Schema{}}, nil
}

// Operations lists "METHOD /path" of the contract.
func (c *Contract) Operations() []string {
	var list []string
	for path, methods := range object(c.doc["paths"]) {
		for method := range object(methods) {
			list = append(list, strings.ToUpper(method)+" "+path)
		}
	}
	return list
}

// Permission is the x-permission of an operation.
func (c *Contract) Permission(method, path string) string {
	s, _ := c.operation(method, path)["x-permission"].(string)
	return s
}

// Example is the example body of an operation; nil without one.
func (c *Contract) Example(method, path string) any {
	return at(c.operation(method, path), "requestBody", "content", "application/json", "example")
}

func (c *Contract) operation(method, path string) map[string]any {
	return object(at(c.doc, "paths", path, strings.ToLower(method)))
}

// Match finds the contract's path for a request's path; "" without one.
func (c *Contract) Match(method, path string) string {
	want := strings.Split(path, "/")
	best, fixed := "", -1
	for pattern, methods := range object(c.doc["paths"]) {
		if _, ok := object(methods)[strings.ToLower(method)]; !ok {
			continue
		}
		if n := matches(strings.Split(pattern, "/"), want); n > fixed {
			best, fixed = pattern, n
		}
	}
	return best
}

// matches counts the fixed segments; -1 does not match.
func matches(pattern, path []string) int {
	if len(pattern) != len(path) {
		return -1
	}
	fixed := 0
	for i, p := range pattern {
		switch {
		case p == path[i]:
			fixed++
		case !strings.HasPrefix(p, "{") || path[i] == "":
			return -1
		}
	}
	return fixed
}

// Judge holds an answer to the contract: its status has to be declared, its
// type has to be one of those, and a JSON body has to fit the schema. HEAD is
// judged like GET, without a body.
func (c *Contract) Judge(method, path string, status int, contentType string, body []byte) error {
	asked := method
	if method == "HEAD" {
		method = "GET"
	}
	pattern := c.Match(method, path)
	where := []string{"components", "responses", "Problem"}
	if pattern != "" {
		responses := object(c.operation(method, pattern)["responses"])
		if code := fmt.Sprint(status); responses[code] != nil {
			where = []string{"paths", pattern, strings.ToLower(method), "responses", code}
		} else if status < 400 {
			return fmt.Errorf("%s %s answers %d, which the contract does not know", method, pattern, status)
		}
	} else if status != 404 && status != 405 && status != 400 {
		return fmt.Errorf("%s %s answers %d and is not in the contract", method, path, status)
	}
	content := object(object(at(c.doc, where...))["content"])
	if asked == "HEAD" || len(content) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("%s %s: %d has a body", asked, path, status)
		}
		return nil
	}
	kind, _, _ := strings.Cut(contentType, ";")
	if content[kind] == nil {
		return fmt.Errorf("%s %s: %d is of type %q", method, path, status, contentType)
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	schema, err := c.schema(append(where, "content", kind, "schema")...)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: %d is no JSON: %w", method, path, status, err)
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%s %s: %d does not fit the contract: %w\n%s", method, path, status, err, body)
	}
	return nil
}

func (c *Contract) schema(where ...string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	pointer := ""
	for _, part := range where {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(part)
	}
	if s := c.schemas[pointer]; s != nil {
		return s, nil
	}
	s, err := c.compiler.Compile(contractURL + "#" + pointer)
	if err == nil {
		c.schemas[pointer] = s
	}
	return s, err
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func at(v any, path ...string) any {
	for _, p := range path {
		v = object(v)[p]
	}
	return v
}
