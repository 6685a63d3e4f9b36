package page

// deviceLine is one place where the person is signed in.
type deviceLine struct {
	Since   string
	Until   string
	Current bool
	End     string // action of the form that signs out there
}

func (r *request) devices() ([]deviceLine, error) {
	list, err := r.p.People.Devices(r.ctx(), r.actor)
	var out []deviceLine
	for _, d := range list {
		line := deviceLine{Since: r.when().Moment(d.Since), Until: r.when().Date(d.ExpiresAt), Current: d.Current, End: r.url("/sign-out")}
		if !d.Current {
			line.End = r.url("/me/sessions/" + d.ID + "/end")
		}
		out = append(out, line)
	}
	return out, err
}

// endDevice signs the person out at another device.
func (p *pages) endDevice(r *request) error {
	if err := p.People.EndDevice(r.ctx(), r.actor, r.Param("id")); err != nil {
		return err
	}
	r.note("note.device_out")
	return r.see("/me#devices")
}

func (p *pages) endOtherDevices(r *request) error {
	if err := p.People.EndOtherDevices(r.ctx(), r.actor); err != nil {
		return err
	}
	r.note("note.devices_out")
	return r.see("/me#devices")
}
