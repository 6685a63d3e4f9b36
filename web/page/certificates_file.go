package page

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// certificatesView takes the certificates of many people from a file: first it
// is tried, then saved.
type certificatesView struct {
	Frame
	Form  *Form
	Wrong []fileLine
	Keys  []Row         // what the column key may hold
	Lines []plannedLine // what each line would do
	Save  *Form         // nil: nothing was tried, or something is wrong
}

// plannedLine is what one line of the file gives to whom.
type plannedLine struct{ Number, Name, Kind, Basis, Until, Where, Does string }

// fileLine says what is wrong in one place of the file.
type fileLine struct {
	number      int
	Where, Text string
}

func (p *pages) certificatesFile(r *request) error {
	return r.page(http.StatusOK, "certificates", r.certificatesView("", ""))
}

func (r *request) certificatesView(center, csv string) *certificatesView {
	return &certificatesView{Frame: r.frame("certificates.title"), Form: r.certificatesForm(center, csv), Keys: r.certificateKeys()}
}

// certificateKeys are the certificates that machines ask for.
func (r *request) certificateKeys() (rows []Row) {
	seen := map[string]bool{}
	for _, c := range r.catalog.Centers {
		for _, e := range c.Equipment {
			rule := e.Policy.Certificate
			if c.Retired || rule == nil || seen[rule.Key] {
				continue
			}
			seen[rule.Key] = true
			rows = append(rows, Row{Term: rule.Key, Value: Frame{Lang: r.lang}.Text(label(r.catalog.Categories, rule.Key))})
		}
	}
	return rows
}

// certificatesForm asks for the file, and for whom it is noted where there is a choice.
func (r *request) certificatesForm(center, csv string) *Form {
	fields := []*Field{
		{Name: "file", Type: "file", Label: r.T("certificates.file"), Hint: r.T("certificates.file_hint")},
		{Name: "csv", Type: "textarea", Label: r.T("certificates.paste"), Hint: r.T("certificates.paste_hint"), Rows: 6, Value: csv},
	}
	own, all := r.actor.Centers(account.PeopleConfirm)
	if !all && len(own) < 2 {
		return r.form("/manage/certificates", fields...)
	}
	where := r.allCenters()
	if !all {
		where = slices.DeleteFunc(where, func(l booking.Label) bool { return !slices.Contains(own, l.ID) })
	}
	f := choiceOf("center", r.T("certificates.center"), r.T("people.everywhere"), center, where, r.lang)
	if !all {
		f.Options = f.Options[1:]
	}
	return r.form("/manage/certificates", append([]*Field{f}, fields...)...)
}

// importCertificates tries what was sent, and saves it at the second press.
func (p *pages) importCertificates(r *request) error {
	sent, err := r.file()
	if err != nil {
		return err
	}
	v := r.certificatesView(sent.center, sent.csv)
	planned, err := p.People.ImportCertificates(r.ctx(), r.actor, sent.center, []byte(sent.csv), r.catalog.Zone, !sent.save)
	if f, ok := refused(err); ok {
		r.fileWrong(v, f)
		return r.page(edge.Status(f), "certificates", v)
	}
	if err != nil {
		return err
	}
	if sent.save {
		r.note("note.certificates")
		return r.see("/manage/certificates")
	}
	for _, c := range planned {
		v.Lines = append(v.Lines, r.plannedLine(c))
	}
	v.Save = r.form("/manage/certificates").hide("csv", sent.csv).hide("center", sent.center).hide("save", "yes")
	return r.page(http.StatusOK, "certificates", v)
}

func (r *request) plannedLine(c account.PlannedCertificate) plannedLine {
	l := plannedLine{Number: strconv.Itoa(c.Line), Name: c.Who.Name.Reveal(), Kind: label(r.catalog.Categories, c.New.Key).In(r.lang), Basis: r.T("basis." + string(c.New.Basis)),
		Until: r.T("me.papers.ever"), Where: r.T("people.everywhere"), Does: r.T("certificates.gives")}
	if c.New.ValidUntil != nil {
		l.Until = r.T("me.papers.until", r.staffWhen().Date(c.New.ValidUntil.Add(-1)))
	}
	if center, ok := r.catalog.Center(c.New.Center); ok {
		l.Where = center.Name.In(r.lang)
	}
	if c.Ends {
		l.Does = r.T("certificates.renews")
	}
	return l
}

// fileWrong tells every wrong line; what belongs to no line stands at the form.
func (r *request) fileWrong(v *certificatesView, f *fault.Fault) {
	own := *f
	own.Fields = nil
	for _, x := range f.Fields {
		line, column, _ := strings.Cut(x.Field, ".")
		number, err := strconv.Atoi(line)
		if err != nil {
			own.Fields = append(own.Fields, x)
			continue
		}
		where := r.T("certificates.line", line)
		if key := "certificates.column." + column; r.p.texts.has(r.lang, key) {
			where += ", " + r.T(key)
		}
		v.Wrong = append(v.Wrong, fileLine{number, where, r.fieldSentence(x)})
	}
	slices.SortStableFunc(v.Wrong, func(a, b fileLine) int { return a.number - b.number })
	switch {
	case len(own.Fields) > 0 || len(v.Wrong) == 0:
		v.Form.refuse(r, &own)
	default:
		v.Form.Title, v.Form.Reasons = r.T("certificates.wrong", len(v.Wrong)), []string{r.T("certificates.wrong.what")}
	}
}

// sentFile is the form with the file in it, or with what was pasted.
type sentFile struct {
	csv, center string
	save        bool
}

// file reads the form as a browser sends it with a file.
func (r *request) file() (in sentFile, err error) {
	kind, _, err := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return in, fault.New(fault.MediaType, "unsupported_media_type")
	}
	if err := r.Request.ParseMultipartForm(edge.MaxBody); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return in, fault.New(fault.TooLarge, "too_large")
		}
		return in, fault.New(fault.BadRequest, "bad_request")
	}
	form := r.Request.PostForm
	in.csv, in.center, in.save = form.Get("csv"), form.Get("center"), form.Get("save") != ""
	f, _, err := r.Request.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return in, nil
	}
	if err != nil {
		return in, fault.New(fault.BadRequest, "bad_request")
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if len(raw) > 0 { // a browser sends an empty file where none was chosen
		in.csv = string(raw)
	}
	return in, err
}
