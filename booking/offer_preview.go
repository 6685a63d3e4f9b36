package booking

import (
	"context"
)

// MachinePreview is how a machine would be offered after a change.
type MachinePreview struct {
	Equipment *Equipment
	Ko, En    []string          // its rules in sentences
	Days      []DayAvailability // the first seven days of the change
}

// previewDays is how many days a preview shows.
const previewDays = 7

// preview is what a change would do: sentences, the next days as they would
// become, and the bookings it would break. Nothing is written.
func (s *Service) preview(ctx context.Context, r Reader, o offering) (*OfferOutcome, error) {
	j, err := s.judgeOffer(ctx, r, o)
	if err != nil {
		return nil, err
	}
	out := &OfferOutcome{Catalog: j.after, From: j.from}
	for _, b := range j.hit {
		became := BecameKept
		if o.Affected == "cancel" {
			became = BecameCancelled
		}
		out.Affected = append(out.Affected, Affected{View: View{Booking: b}, Became: became})
	}
	j.tell(out.Affected)
	if err := s.showAffected(ctx, r, o.actor, j.after, out.Affected); err != nil {
		return nil, err
	}
	j.tell(out.Affected)
	for _, center := range j.after.Centers {
		if o.center == "" || center.ID != o.center || center.Retired {
			continue
		}
		for _, id := range machineIDs(center, o.machine) {
			m, err := s.previewMachine(ctx, r, j, id)
			if err != nil {
				return nil, err
			}
			if m != nil {
				out.Machines = append(out.Machines, *m)
			}
		}
	}
	return out, nil
}

func (s *Service) previewMachine(ctx context.Context, r Reader, j *judged, id string) (*MachinePreview, error) {
	e, err := j.after.machine(id)
	if err != nil { // it would be retired: there is nothing to show
		return nil, nil
	}
	day := DateOf(j.from, j.after.Zone)
	whole := Interval{day.At(0, j.after.Zone), day.Add(previewDays).At(0, j.after.Zone)}
	spans, err := r.Busy(ctx, []string{id}, whole.Grow(longest))
	if err != nil {
		return nil, err
	}
	m := &MachinePreview{Equipment: e}
	m.Ko, m.En = j.after.PolicyText(e)
	b := board{catalog: j.after, e: e, now: j.from, taken: byMachine(spans)[id]}
	for k := range previewDays {
		m.Days = append(m.Days, b.day(day.Add(k)))
	}
	return m, nil
}
