package page

import (
	"net/http"
	"strings"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/survey"
	"gongbang/web/edge"
	"gongbang/web/sheet"
)

// exportForm asks why figures leave the service; its buttons say as what.
func (r *request) exportForm(f manageFilter) *Form {
	why := &Field{Name: "reason", Type: "text", Label: r.T("manage.export.why"), Hint: r.T("manage.export.hint"), Required: true, MaxLength: 500}
	return r.form("/manage/usage", why).hide("from", f.from).hide("to", f.to).hide("center", f.center).hide("category", f.category)
}

// exportUsage is the use of the chosen period as a file, or the survey's results.
func (p *pages) exportUsage(r *request) error {
	if strings.HasPrefix(r.Query("as"), "survey.") {
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
	return r.sendFile(f, "usage-"+f.from+"-"+f.to, r.Query("as") == "csv", sheet.Usage(u, r.catalog.Zone, r.lang))
}

// sendFile lets figures leave as a file, the first table alone as CSV, after it
// was noted who takes it and why. A refusal stands in the page's form.
func (r *request) sendFile(f manageFilter, name string, csv bool, tables []sheet.Table) error {
	kind, file, err := sheet.XLSXType, []byte(nil), error(nil)
	if csv {
		name, kind = name+".csv", sheet.CSVType
		file, err = sheet.CSV(tables[0])
	} else {
		name += ".xlsx"
		file, err = sheet.XLSX(tables...)
	}
	if err != nil {
		return err
	}
	err = r.p.People.LogDownload(r.ctx(), r.actor, account.Download{Name: name, Center: f.center, Reason: r.Query("reason"),
		Rows: len(tables[0].Rows), File: file, Filter: f.logged()})
	if bad, ok := refused(err); ok {
		return r.showManage(edge.Status(err), f, func(v *manageView) { v.Export.refuse(r, bad) })
	}
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	r.Data(http.StatusOK, kind, file)
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
	return r.sendFile(f, "survey-results-"+f.from+"-"+f.to, r.Query("as") == "survey.csv", sheet.Results(got, r.now.In(r.catalog.Zone), r.lang))
}

// ask is the report of the filter.
func (f manageFilter) ask() booking.UsageQuery {
	return booking.UsageQuery{Center: f.center, Category: f.category, From: booking.Date(f.from + "-01"),
		To: booking.Date(f.to + "-01").AddMonths(1).Add(-1), GroupBy: "equipment"}
}
