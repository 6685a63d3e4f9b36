package page

import (
	"net/http"
	"strings"

	"gongbang/booking"
	"gongbang/survey"
	"gongbang/web/edge"
	"gongbang/web/sheet"
)

// surveyFile begins the name of a button that asks for the survey's results.
const surveyFile = "survey."

// exportForm asks why figures leave the service; its buttons say as what.
func (r *request) exportForm(f manageFilter) *Form {
	why := &Field{Name: "reason", Type: "text", Label: r.T("manage.export.why"), Hint: r.T("manage.export.hint"), Required: true, MaxLength: 500}
	return r.form("/manage/usage", why).hide("from", f.from).hide("to", f.to).hide("center", f.center).hide("category", f.category)
}

// exportUsage is the use of the chosen period as a file, or the survey's results.
func (p *pages) exportUsage(r *request) error {
	if strings.HasPrefix(r.Query("as"), surveyFile) {
		return p.exportResults(r)
	}
	f := r.manageFilter()
	u, err := p.Engine.ExportUsage(r.ctx(), r.actor, f.ask(), r.Query("reason"))
	if bad, ok := refused(err); ok {
		return r.showManage(edge.Status(err), f, func(v *manageView) { v.Export.refuse(r, bad) })
	}
	if err != nil {
		return err
	}
	return r.sendFile(f, "usage", sheet.Usage(u, r.catalog.Zone, r.lang))
}

// sendFile lets figures leave as a file after it was noted who takes it and
// why. A refusal stands in the page's form.
func (r *request) sendFile(f manageFilter, name string, tables []sheet.Table) error {
	file, err := sheet.Leave(name+"-"+f.from+"-"+f.to, strings.TrimPrefix(r.Query("as"), surveyFile), tables)
	if err != nil {
		return err
	}
	file.Center, file.Reason, file.Filter = f.center, r.Query("reason"), f.logged()
	err = r.p.People.LogDownload(r.ctx(), r.actor, file.Download)
	if bad, ok := refused(err); ok {
		return r.showManage(edge.Status(err), f, func(v *manageView) { v.Export.refuse(r, bad) })
	}
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	r.Data(http.StatusOK, file.Kind, file.File)
	return nil
}

// logged is the filter as the log of downloads keeps it.
func (f manageFilter) logged() string {
	return sheet.Filter("center", f.center, "category", f.category, "from", f.from, "to", f.to)
}

// exportResults is what the survey's results show of the chosen period, as a file.
func (p *pages) exportResults(r *request) error {
	f := r.manageFilter()
	got, err := p.Surveys.Results(r.ctx(), r.actor, survey.ResultsQuery{Center: f.center, Category: f.category, From: f.from, To: f.to, GroupBy: "center"})
	if err != nil {
		return err
	}
	return r.sendFile(f, "survey-results", sheet.Results(got, r.now.In(r.catalog.Zone), r.lang))
}

// ask is the report of the filter.
func (f manageFilter) ask() booking.UsageQuery {
	return booking.UsageQuery{Center: f.center, Category: f.category, From: booking.Date(f.from + "-01"),
		To: booking.Date(f.to + "-01").AddMonths(1).Add(-1), GroupBy: "equipment"}
}
