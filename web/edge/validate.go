package edge

import (
	"errors"
	"reflect"
	"strings"
	"unicode"

	"github.com/go-playground/validator/v10"

	"gongbang/internal/fault"
)

var validate = newValidator()

// newValidator names fields as clients do, by their json or query tag.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		if f.Anonymous {
			return embedded
		}
		if name := fieldName(f, "json"); name != "" {
			return name
		}
		return fieldName(f, "query")
	})
	return v
}

// embedded stands for an embedded struct in a path; clients don't know of those.
const embedded = "~"

// checkTags holds a filled request to its validate tags.
func checkTags(dst any) []fault.Field {
	if reflect.TypeOf(dst).Elem().Kind() != reflect.Struct {
		return nil
	}
	var broken validator.ValidationErrors
	if err := validate.Struct(dst); !errors.As(err, &broken) {
		return nil
	}
	var bad []fault.Field
	for _, e := range broken {
		_, path, _ := strings.Cut(e.Namespace(), ".")
		path = strings.NewReplacer(embedded+".", "", "[", ".", "]", "").Replace(path)
		bad = append(bad, fault.Field{Field: path, Rule: ruleOf(e.Tag(), e.Kind()), Limit: limitOf(e)})
	}
	return bad
}

// ruleOf gives the library's tags names that stay the same if it is replaced.
func ruleOf(tag string, kind reflect.Kind) string {
	text := kind == reflect.String
	switch {
	case strings.HasPrefix(tag, "required"):
		return "required"
	case tag == "max" && text:
		return "max_length"
	case tag == "min" && text:
		return "min_length"
	case (tag == "max" || tag == "min") && (kind == reflect.Slice || kind == reflect.Map):
		return tag + "_items"
	case strings.HasPrefix(tag, "excluded"):
		return "not_with"
	case tag == "gtfield":
		return "after"
	case tag == "datetime":
		return "date"
	}
	return tag
}

// limitOf is the rule's value; for a rule between two fields it is the other one's name.
func limitOf(e validator.FieldError) string {
	switch {
	case strings.HasPrefix(e.Tag(), "required"), e.Tag() == "datetime":
		return ""
	case strings.HasPrefix(e.Tag(), "excluded"), e.Tag() == "gtfield":
		return snake(e.Param())
	}
	return e.Param()
}

// snake writes HoldID as hold_id.
func snake(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
