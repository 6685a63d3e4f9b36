package page

// noShow reads what a no-show costs. A layer says only what it changes, so
// what is empty is left out here too.
func (d *ruleInput) noShow(v document) {
	rows := d.inRows("steps", "count", "suspend")
	below := append(filled(rows, "count", "suspend"), "no_show.points", "no_show.late_cancel_points", "no_show.penalty_hours_multiplier",
		"ending", "no_show.points_expire", "no_show.clean_after", "no_show.by", "no_show.over")
	switch d.mode("no_show", below...) {
	case "none":
		v.set("no_show", nil)
	case "own":
		o := map[string]any{}
		d.counts(o, "no_show.", "points", "late_cancel_points", "penalty_hours_multiplier")
		d.steps(o, rows)
		d.ending(o)
		d.words(o, "no_show.", "by", "over")
		v.set("no_show", o)
	}
}

// steps writes one step as a threshold, of which each half may be inherited,
// and more of them as a ladder.
func (d *ruleInput) steps(o map[string]any, rows []string) {
	var ladder []map[string]any
	for _, name := range rows {
		step := map[string]any{}
		d.counts(step, name+".", "count")
		if s := d.stretch(name + ".suspend"); s != nil {
			step["suspend"] = s
		}
		ladder = append(ladder, step)
	}
	if len(ladder) > 1 {
		o["ladder"] = ladder
		return
	}
	for _, step := range ladder {
		if n, ok := step["count"]; ok {
			o["threshold"] = n
		}
		if s, ok := step["suspend"]; ok {
			o["suspend"] = s
		}
	}
}

// ending reads how points end.
func (d *ruleInput) ending(o map[string]any) {
	ends := []string{"points_expire", "clean_after"}
	switch d.mode("ending", "no_show.points_expire", "no_show.clean_after") {
	case "never":
		o["points_expire"] = nil
	case "own":
		if d.text("no_show.points_expire") == "" && d.text("no_show.clean_after") == "" {
			d.refuse("no_show.points_expire", "required", "")
		}
		for _, key := range ends {
			if s := d.stretch("no_show." + key); s != nil {
				o[key] = s
			}
		}
	}
}
