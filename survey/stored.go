package survey

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// ReadTemplate reads a stored version back. Scale options come back as the
// whole numbers they were.
func ReadTemplate(b []byte) (*Template, error) {
	var t Template
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, fmt.Errorf("survey: a stored template: %w", err)
	}
	for _, q := range t.Questions {
		for i, o := range q.Options {
			q.Options[i].Value = asWhole(o.Value)
		}
		if q.ShowIf != nil {
			for i, v := range q.ShowIf.Values {
				q.ShowIf.Values[i] = asWhole(v)
			}
		}
	}
	return &t, nil
}

// asWhole is the value of an option: JSON knows no whole numbers.
func asWhole(v any) any {
	if n, ok := v.(float64); ok {
		return int(n)
	}
	return v
}

// ReadAnswers reads stored answers back into the types that check made.
func ReadAnswers(b []byte) (Answers, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	raw := map[string]any{}
	if err := d.Decode(&raw); err != nil {
		return nil, fmt.Errorf("survey: stored answers: %w", err)
	}
	out := Answers{}
	for key, v := range raw {
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return nil, fmt.Errorf("survey: stored answers: %w", err)
			}
			out[key] = int(n)
		case []any:
			list := make([]string, 0, len(v))
			for _, e := range v {
				s, _ := e.(string)
				list = append(list, s)
			}
			out[key] = list
		default:
			out[key] = v
		}
	}
	return out, nil
}
