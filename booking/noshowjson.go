package booking

// noShowDoc is the rule with the keys it is written with.
type noShowDoc struct {
	Points     *int      `json:"points,omitempty"`
	LateCancel *int      `json:"late_cancel_points,omitempty"`
	Counts     []string  `json:"counts,omitempty"`
	Threshold  int       `json:"threshold,omitempty"`
	Suspend    *Stretch  `json:"suspend,omitempty"`
	Ladder     []rungDoc `json:"ladder,omitempty"`
	Hours      int       `json:"penalty_hours_multiplier,omitempty"`
	Expire     *Stretch  `json:"points_expire"`
	Clean      *Stretch  `json:"clean_after"`
	By         string    `json:"by"`
	Over       string    `json:"over"`
}

type rungDoc struct {
	Count   int     `json:"count"`
	Suspend Stretch `json:"suspend"`
}

// doc writes one step as a threshold and more of them as a ladder, whose
// kinds are listed where each costs one point.
func (r *NoShowRule) doc() *noShowDoc {
	if r == nil {
		return nil
	}
	d := &noShowDoc{Hours: r.Hours, By: r.By, Over: r.Over}
	if len(r.Steps) == 1 {
		d.Threshold, d.Suspend = r.Steps[0].Points, &r.Steps[0].Suspend
	} else {
		for _, s := range r.Steps {
			d.Ladder = append(d.Ladder, rungDoc{s.Points, s.Suspend})
		}
	}
	if len(d.Ladder) > 0 && max(r.NoShow, r.LateCancel) == 1 {
		if r.NoShow == 1 {
			d.Counts = append(d.Counts, string(StruckNoShow))
		}
		if r.LateCancel == 1 {
			d.Counts = append(d.Counts, string(StruckLateCancel))
		}
	} else {
		d.Points, d.LateCancel = &r.NoShow, &r.LateCancel
	}
	if !r.Expire.IsZero() {
		d.Expire = &r.Expire
	}
	if !r.Clean.IsZero() {
		d.Clean = &r.Clean
	}
	return d
}
