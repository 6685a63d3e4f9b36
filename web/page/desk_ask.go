package page

import (
	"html/template"
	"net/http"
	"net/url"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// counterView is where the counter's tablet begins and comes back to.
type counterView struct {
	deskView
	Machines []machineLink
	Nothing  string // leads to the form without a machine
}

// machineLink leads on with a machine.
type machineLink struct {
	Name lang.Text
	Href string
}

// handedOver is the frame of a page that staff hand to somebody: without ways
// into their own pages.
func (f Frame) handedOver() Frame {
	f.SignedIn, f.Desk, f.Manager, f.Offer, f.City = false, false, false, false, false
	f.StaffCSS, f.StaffJS = "", ""
	return f
}

// deskAsk lets somebody at the counter choose the machine, and shows the form.
// It begins anew each time: what was sent before is never shown.
func (p *pages) deskAsk(r *request) error {
	d, err := r.desk("survey.counter")
	if err != nil {
		return err
	}
	chosen, ok := r.GetQuery("machine")
	if !ok {
		v := counterView{deskView: d, Nothing: d.Go("/ask?machine="), Machines: r.machineLinks(d, "/ask")}
		v.Frame, v.Title = v.handedOver(), d.Heading
		return r.page(http.StatusOK, "desk_ask", &v)
	}
	at := survey.Door{Entry: survey.ByCounter, Center: d.Center.ID, Equipment: chosen}
	form, err := p.Surveys.OpenAt(r.ctx(), r.actor, at)
	if err != nil {
		return err
	}
	return r.doorForm(http.StatusOK, at, form, url.Values{}, nil)
}

// deskTakeAnswer takes an answer at the counter, thanks, and is back at the start.
func (p *pages) deskTakeAnswer(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	d := survey.Door{Entry: survey.ByCounter, Center: r.Param("center"), Equipment: sent.Get("machine")}
	return r.takeAnswer(d, func() error {
		r.note("note.door")
		return r.see(deskBase(d.Center) + "/ask")
	})
}

// machineLinks are the center's machines, each with a way on.
func (r *request) machineLinks(d deskView, path string) (out []machineLink) {
	for _, e := range offered(d.Center) {
		out = append(out, machineLink{e.Name, d.Go(path + "?machine=" + url.QueryEscape(e.ID))})
	}
	return out
}

func offered(c *booking.Center) (out []*booking.Equipment) {
	for _, e := range c.Equipment {
		if !e.Retired {
			out = append(out, e)
		}
	}
	return out
}

// codesView is the codes to be put on machines, a page of paper each.
type codesView struct {
	deskView
	Machines []machineLink
	Codes    []machineCode
	Words    []codeWords // in both languages, this page's first
}

type machineCode struct {
	ID      string
	Name    lang.Text
	QR      template.HTML
	Address string
}

type codeWords struct {
	Lang     lang.Locale
	Ask, How string
}

// deskCodes lists the machines, or shows the code of one or of all.
func (p *pages) deskCodes(r *request) error {
	d, err := r.desk("desk.codes.title")
	if err != nil {
		return err
	}
	v := codesView{deskView: d, Machines: r.machineLinks(d, "/codes")}
	other := lang.En
	if r.lang == lang.En {
		other = lang.Ko
	}
	for _, l := range []lang.Locale{r.lang, other} {
		v.Words = append(v.Words, codeWords{l, p.texts.get(l, "survey.code.ask"), p.texts.get(l, "survey.code.how")})
	}
	chosen := r.Query("machine")
	for _, e := range offered(d.Center) {
		if chosen != "all" && chosen != e.ID {
			continue
		}
		c := machineCode{ID: e.ID, Name: e.Name, Address: p.Edge.PublicURL.JoinPath("u", e.ID).String()}
		if c.QR, err = qrSVG(c.Address, r.T("survey.code.alt", e.Name.In(r.lang))); err != nil {
			return err
		}
		v.Codes = append(v.Codes, c)
	}
	if chosen != "" && chosen != "all" && len(v.Codes) == 0 {
		return fault.ErrNotFound
	}
	return r.page(http.StatusOK, "desk_codes", &v)
}
