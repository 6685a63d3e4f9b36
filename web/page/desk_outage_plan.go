package page

import (
	"slices"

	"gongbang/internal/fault"
)

// plannedFields are asked only of maintenance that lies ahead.
var plannedFields = []string{"begin_date", "begin_time", "repeat", "repeat_until"}

// Now and Planned are the two parts of the form.
func (v *outageView) Now() []*Field { return v.part(false) }

// Planned are the fields of maintenance that lies ahead.
func (v *outageView) Planned() []*Field { return v.part(true) }

func (v *outageView) part(planned bool) []*Field {
	var list []*Field
	for _, f := range v.Form.Fields() {
		if slices.Contains(plannedFields, f.Name) == planned {
			list = append(list, f)
		}
	}
	return list
}

// Ahead tells whether something was written about maintenance that lies ahead.
func (v *outageView) Ahead() bool {
	return slices.ContainsFunc(v.Planned(), func(f *Field) bool {
		return f.Error != "" || f.Type != "select" && f.Value != "" || slices.ContainsFunc(f.Options, func(o Option) bool { return o.Checked && o.Value != "" })
	})
}

// outageFields names the wrong fields as the form does.
func outageFields(f *fault.Fault) *fault.Fault {
	names := map[string]string{"to": "time", "expected_until": "time", "repeat.until": "repeat_until", "repeat.every": "repeat"}
	c := *f
	c.Fields = nil
	for _, x := range f.Fields {
		if name, ok := names[x.Field]; ok {
			x.Field = name
		}
		if x.Rule == "after" {
			x.Rule = "admin_after"
		}
		c.Fields = append(c.Fields, x)
	}
	return &c
}
