package page

import (
	"net/http"
	"strings"

	"gongbang/booking"
	"gongbang/web/edge"
	"gongbang/web/sheet"
)

// exportForm asks why figures leave the service; its buttons say as what.
func (r *request) exportForm(f manageFilter) *Form {
	why := &Field{Name: "reason", Type: "text", Label: r.T("manage.export.why"), Hint: r.T("manage.export.hint"), Required: true, MaxLength: 500}
	return r.form("/manage/usage", why).hide("from", f.from).hide("to", f.to).hide("center", f.center).hide("category", f.category)
}

// exportUsage is the use of the chosen period as a file.
func (p *pages) exportUsage(r *request) error {
	f := r.manageFilter()
	u, err := p.Engine.ExportUsage(r.ctx(), r.actor, f.ask(), r.Query("reason"))
	if bad, ok := refused(err); ok {
		return r.showManage(edge.Status(err), f, func(v *manageView) { v.Export.refuse(r, bad) })
	}
	if err != nil {
		return err
	}
	tables := sheet.Usage(u, r.catalog.Zone, r.lang)
	name, kind := "usage-"+strings.Join([]string{f.from, f.to}, "-"), sheet.XLSXType
	file, err := []byte(nil), error(nil)
	if r.Query("as") == "csv" {
		name, kind = name+".csv", sheet.CSVType
		file, err = sheet.CSV(tables[0])
	} else {
		name += ".xlsx"
		file, err = sheet.XLSX(tables...)
	}
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	r.Data(http.StatusOK, kind, file)
	return nil
}

// ask is the report of the filter.
func (f manageFilter) ask() booking.UsageQuery {
	return booking.UsageQuery{Center: f.center, Category: f.category, From: booking.Date(f.from + "-01"),
		To: booking.Date(f.to + "-01").AddMonths(1).Add(-1), GroupBy: "equipment"}
}
