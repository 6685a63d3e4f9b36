package page

import (
	"html/template"
	"net/http"
	"net/url"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// askView is the page to write to a center: one field.
type askView struct {
	Frame
	Form *Form
	Rows []Row
	Call string // phone of the center, for who is in a hurry
}

// askPath is where people write to a center, or about a machine, or to a
// center they choose there.
func askPath(center, equipment string) string {
	q := url.Values{}
	switch {
	case equipment != "":
		q.Set("equipment", equipment)
	case center != "":
		q.Set("center", center)
	default:
		return "/ask"
	}
	return "/ask?" + q.Encode()
}

// askPage shows the form; who is not signed in may write first.
func (p *pages) askPage(r *request) error {
	return r.page(http.StatusOK, "ask", r.askView(r.Request.URL.Query()))
}

// askView is the form about what was named; names that lead nowhere are not kept.
func (r *request) askView(named url.Values) *askView {
	v := &askView{Frame: r.frame("ask.title")}
	center, _ := r.catalog.Center(named.Get("center"))
	machine, known := r.catalog.Machine(named.Get("equipment"))
	if known {
		center = machine.Center
	}
	text := &Field{Name: "text", Type: "textarea", Label: r.T("ask.text"), Hint: r.T("ask.hint", booking.InquiryMax), Required: true, Rows: 6, MaxLength: booking.InquiryMax}
	if center == nil {
		v.Form = r.form("/ask", r.askCenters(), text).keyed(r)
		return v
	}
	v.Write, v.Call = askPath(center.ID, named.Get("equipment")), center.Contact.Phone
	v.Rows = []Row{{Term: r.T("row.center"), Value: v.Text(center.Name)}}
	v.Form = r.form("/ask", text).keyed(r).hide("center", center.ID)
	if known {
		v.Rows = append(v.Rows, Row{Term: r.T("row.machine"), Value: v.Text(machine.Name)})
		v.Form.hide("equipment", machine.ID)
	}
	return v
}

func (r *request) askCenters() *Field {
	f := &Field{Name: "center", Type: "select", Label: r.T("ask.where"), Required: true, Options: []Option{{Value: "", Label: r.T("ask.choose")}}}
	for _, c := range r.catalog.Centers {
		if !c.Retired {
			f.Options = append(f.Options, Option{Value: c.ID, Label: c.Name.In(r.lang)})
		}
	}
	return f
}

// ask sends the question. Where it was refused the words stay.
func (p *pages) ask(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, _, err = p.Engine.Ask(r.ctx(), r.actor, booking.AskRequest{CenterID: sent.Get("center"), EquipmentID: sent.Get("equipment"), Text: sent.Get("text"), Key: r.key(sent)})
	if err == nil {
		r.note("note.asked")
		return r.see("/me#questions")
	}
	f, ok := refused(err)
	if !ok || f.Kind == fault.Unauthenticated {
		return err
	}
	v := r.askView(sent)
	v.Form.fill(sent)
	v.Form.refuse(r, f)
	if f.Kind == fault.TooMany {
		v.Form.Title, v.Form.Reasons = r.T("ask.many"), []string{r.T("ask.many.what")}
	}
	return r.page(edge.Status(f), "ask", v)
}

// questionLine is a question as its person sees it.
type questionLine struct {
	Text, Answer string
	Asked        string
	About        template.HTML // center and machine
	Chip         Chip
}

// questions are what the person asked, newest first.
func (r *request) questions() ([]questionLine, error) {
	p, err := r.p.Engine.Inquiries(r.ctx(), r.actor, booking.InquiryList{Limit: 20})
	if err != nil {
		return nil, err
	}
	f := Frame{Lang: r.lang}
	var list []questionLine
	for _, q := range p.Items {
		line := questionLine{Text: q.Text, Answer: q.Answer, Asked: r.when().Moment(q.AskedAt), Chip: r.questionChip(q.State)}
		line.About = f.Text(q.Center.Name)
		if q.Equipment != nil {
			line.About += " · " + f.Text(q.Equipment.Name)
		}
		list = append(list, line)
	}
	return list, nil
}

func (r *request) questionChip(s booking.InquiryState) Chip {
	kind := map[booking.InquiryState]string{booking.InquiryWaiting: "info", booking.InquiryAnswered: "ok"}[s]
	return Chip{Kind: kind, Text: r.T("ask.state." + string(s))}
}
