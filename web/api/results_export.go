package api

import (
	"net/http"

	"gongbang/account"
	"gongbang/survey"
	"gongbang/web/sheet"
)

type resultsExportQuery struct {
	resultsQuery
	Reason string `query:"reason" validate:"required,max=500"`
}

// exportResults is what the results show as a file of one kind; who took it is
// written down before it leaves.
func (a *API) exportResults(name, kind string, write func(...sheet.Table) ([]byte, error)) action {
	return withQuery(func(c *call, in *resultsExportQuery) error {
		zone, err := a.zone(c.ctx())
		if err != nil {
			return err
		}
		r, err := a.Surveys.Results(c.ctx(), c.actor, survey.ResultsQuery{Center: in.Center, Equipment: in.Equipment,
			Category: in.Category, From: string(in.From), To: string(in.To), GroupBy: in.GroupBy, Compare: in.Compare})
		if err != nil {
			return err
		}
		tables := sheet.Results(r, a.Clock().In(zone), c.locale())
		file, err := write(tables...)
		if err != nil {
			return err
		}
		d := account.Download{Name: name, Center: in.Center, Reason: in.Reason, Rows: len(tables[0].Rows), File: file,
			Filter: sheet.Filter("center", in.Center, "equipment", in.Equipment, "category", in.Category, "from", r.Filter.From, "to", r.Filter.To, "group_by", in.GroupBy)}
		return a.sendFile(c, d, kind)
	})
}

// sendFile notes who takes a file, and lets it leave.
func (a *API) sendFile(c *call, d account.Download, kind string) error {
	if err := a.People.LogDownload(c.ctx(), c.actor, d); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+d.Name+`"`)
	c.Data(http.StatusOK, kind, d.File)
	return nil
}
