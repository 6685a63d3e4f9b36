package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"gongbang/booking"
	"gongbang/testdata"
)

// mostCatalog bounds a catalog file, in bytes.
const mostCatalog = 16 << 20

// catalogSchema is compiled once; the schema ships with the program.
var catalogSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(testdata.Schema))
	if err != nil {
		return nil, fmt.Errorf("catalog schema: %w", err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("catalog.schema.json", doc); err != nil {
		return nil, fmt.Errorf("catalog schema: %w", err)
	}
	return c.Compile("catalog.schema.json")
})

// ReadCatalog reads a catalog file, holds it to the schema and to the
// engine's own checks, and tells all that is wrong, each with its path in the
// file. With problems the file is nil.
func ReadCatalog(data []byte) (*booking.CatalogFile, []booking.ImportProblem) {
	if len(data) > mostCatalog {
		return nil, []booking.ImportProblem{{Rule: "json", Limit: "the file is larger than 16 MiB"}}
	}
	inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, []booking.ImportProblem{{Rule: "json", Limit: err.Error()}}
	}
	shape := judgeShape(inst)
	f, problems := booking.DecodeCatalog(data)
	if f == nil && len(shape) > 0 {
		f, problems = loosely(data), nil // the schema names what is unknown, with its path
	}
	if f != nil {
		_, problems = f.Build()
	}
	if problems = joinProblems(problems, shape); len(problems) > 0 {
		return nil, problems
	}
	return f, nil
}

// loosely reads what can be read of a file that is refused anyway, so that
// all its problems are told at once.
func loosely(data []byte) *booking.CatalogFile {
	var f booking.CatalogFile
	if json.Unmarshal(data, &f) != nil {
		return nil
	}
	return &f
}

// joinProblems adds what the schema says about places the engine said nothing of.
func joinProblems(own, shape []booking.ImportProblem) []booking.ImportProblem {
	out := slices.Clone(own)
	for _, s := range shape {
		near := func(o booking.ImportProblem) bool {
			return within(s.Path, o.Path) || within(o.Path, s.Path)
		}
		if !slices.ContainsFunc(own, near) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// within tells whether path lies in or at place; the file as a whole is no place.
func within(path, place string) bool {
	rest, ok := strings.CutPrefix(path, place)
	return ok && place != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func judgeShape(inst any) []booking.ImportProblem {
	schema, err := catalogSchema()
	if err != nil {
		return []booking.ImportProblem{{Rule: "schema", Limit: err.Error()}}
	}
	var wrong *jsonschema.ValidationError
	if err := schema.Validate(inst); errors.As(err, &wrong) {
		found := shapeProblems(wrong)
		slices.SortFunc(found, func(a, b booking.ImportProblem) int { return strings.Compare(a.Path, b.Path) }) // the library walks maps
		return found
	} else if err != nil {
		return []booking.ImportProblem{{Rule: "schema", Limit: err.Error()}}
	}
	return nil
}

// shapeProblems are the leaves of a schema's verdict. Where a value fits none
// of several shapes, the place is told once: which shape was meant is a guess.
func shapeProblems(e *jsonschema.ValidationError) []booking.ImportProblem {
	path := filePath(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var out []booking.ImportProblem
		for _, key := range k.Properties {
			out = append(out, booking.ImportProblem{Path: filePath(append(slices.Clone(e.InstanceLocation), key)), Rule: "unknown_key"})
		}
		return out
	case *kind.Required:
		var out []booking.ImportProblem
		for _, key := range k.Missing {
			out = append(out, booking.ImportProblem{Path: filePath(append(slices.Clone(e.InstanceLocation), key)), Rule: "required"})
		}
		return out
	case *kind.OneOf:
		return []booking.ImportProblem{{Path: path, Rule: "schema", Limit: "the value has none of the allowed shapes"}}
	}
	if len(e.Causes) == 0 {
		return []booking.ImportProblem{{Path: path, Rule: "schema", Limit: e.ErrorKind.LocalizedString(message.NewPrinter(language.English))}}
	}
	var out []booking.ImportProblem
	for _, c := range e.Causes {
		out = append(out, shapeProblems(c)...)
	}
	return out
}

// filePath writes a place as people read it: centers[2].hours.mon.
func filePath(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		switch {
		case t != "" && strings.Trim(t, "0123456789") == "":
			b.WriteString("[" + t + "]")
		case b.Len() > 0:
			b.WriteString("." + t)
		default:
			b.WriteString(t)
		}
	}
	return b.String()
}
