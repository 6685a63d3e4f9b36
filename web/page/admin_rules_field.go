package page

import (
	"regexp"
	"strconv"
	"strings"

	"gongbang/internal/fault"
)

var (
	listPlace   = regexp.MustCompile(`^(limits|lanes|steps)\[(\d+)\]`)
	machineRule = regexp.MustCompile(`^equipment\[(\d+)\]\.policy\.(.+)$`)
)

// rulesField is where the form asks for what a refusal names as a catalog file
// does: no_show.ladder[1].suspend.days is in the form's second step.
func (v *rulesView) rulesField(x fault.Field) fault.Field {
	if x.Field == "effective_from" {
		x.Field = "from_date"
	}
	if path, ok := strings.CutPrefix(x.Field, "policy."); ok {
		x.Field, x.Rule = v.place(path), laneRule(path, x.Rule)
	}
	return x
}

// place is the field of a value. Only the rows that were filled are counted in a value's path.
func (v *rulesView) place(path string) string {
	switch {
	case path == "window":
		return "window.opens"
	case strings.HasPrefix(path, "no_show.ladder["):
		path = "steps" + strings.TrimPrefix(path, "no_show.ladder")
	case path == "no_show.threshold":
		path = "steps[0].count"
	case strings.HasPrefix(path, "no_show.suspend"):
		path = "steps[0].suspend"
	}
	if m := listPlace.FindStringSubmatch(path); m != nil {
		i, _ := strconv.Atoi(m[2])
		if i < len(v.rows[m[1]]) {
			i = v.rows[m[1]][i]
		}
		rest := path[len(m[0]):]
		switch {
		case strings.HasSuffix(rest, ".due_within_days"):
			rest = ".due"
		case rest == "" && m[1] == "lanes":
			rest = ".units"
		}
		path = rowName(m[1], i) + rest
	}
	return strings.NewReplacer("[", ".", "]", "").Replace(path)
}

// laneRule: a lane that keeps nothing is told so in words.
func laneRule(path, rule string) string {
	if rule == "one_of" && listPlace.FindString(path) == path {
		return "admin_lane"
	}
	return rule
}

// elsewhere names what is wrong where the form has no field: in the rules of a
// machine that the center's change does not fit.
func (r *request) elsewhere(v *rulesView, err error) error {
	f, bad := refused(err)
	if !bad || len(f.Fields) == 0 {
		return err
	}
	c := *f
	c.Fields = nil
	for _, x := range f.Fields {
		if v.Form.named(v.rulesField(x).Field) != nil {
			c.Fields = append(c.Fields, x)
			continue
		}
		v.Form.Reasons = append(v.Form.Reasons, r.whoseRule(v, x))
	}
	return &c
}

// whoseRule says what is wrong in a machine by the machine's name.
func (r *request) whoseRule(v *rulesView, x fault.Field) string {
	name := x.Field
	if m := machineRule.FindStringSubmatch(x.Field); m != nil {
		name, x.Field = m[2], v.place(m[2])
		if f := v.Form.named(x.Field); f != nil {
			name = f.Label
		}
		if i, err := strconv.Atoi(m[1]); err == nil && i < len(v.Center.Equipment) {
			name = v.Center.Equipment[i].Name.In(r.lang) + " · " + name
		}
	}
	return name + ": " + r.fieldSentence(inNumbers(v.Form, x))
}
