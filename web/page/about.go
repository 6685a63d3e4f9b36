package page

import (
	"net/http"
	"runtime/debug"

	"gongbang/booking"
)

// guideView says how the service is used and where to ask.
type guideView struct {
	Frame
	Steps   []string
	Centers []*booking.Center // those that tell a contact
	Hold    int               // minutes a time is kept at the least
}

func (p *pages) guide(r *request) error {
	v := guideView{Frame: r.frame("guide.title")}
	for _, key := range []string{"guide.step.find", "guide.step.time", "guide.step.confirm", "guide.step.come", "guide.step.say"} {
		v.Steps = append(v.Steps, r.T(key))
	}
	for _, c := range r.catalog.FindCenters("", "", "") {
		if c.Contact.Phone != "" || c.Contact.Email != "" {
			v.Centers = append(v.Centers, c)
		}
		for _, e := range c.Equipment {
			if m := e.Policy.Hold.Minutes; v.Hold == 0 || m < v.Hold {
				v.Hold = m
			}
		}
	}
	return r.page(http.StatusOK, "guide", &v)
}

// licenceView lists what the program is made of, as its own build says.
type licenceView struct {
	Frame
	Version string
	Go      string
	Modules []module
}

type module struct{ Path, Version string }

func (p *pages) licence(r *request) error {
	v := licenceView{Frame: r.frame("licence.title"), Version: p.Version}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
		for _, d := range info.Deps {
			if d.Replace != nil {
				d = d.Replace
			}
			v.Modules = append(v.Modules, module{d.Path, d.Version})
		}
	}
	return r.page(http.StatusOK, "licence", &v)
}
