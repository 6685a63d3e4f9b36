package api

import (
	"net/http"

	"gongbang/survey"
	"gongbang/web/sheet"
)

type resultsExportQuery struct {
	resultsQuery
	Reason string `query:"reason" validate:"required,max=500"`
}

// exportResults is what the results show as a file of one kind.
func (a *API) exportResults(as string) action {
	return withQuery(func(c *call, in *resultsExportQuery) error {
		zone, err := a.zone(c.ctx())
		if err != nil {
			return err
		}
		r, err := a.Surveys.Results(c.ctx(), c.actor, survey.ResultsQuery{Center: in.Center, Equipment: in.Equipment,
			Category: in.Category, From: string(in.From), To: string(in.To), GroupBy: in.GroupBy, Compare: in.Compare, Template: in.Template})
		if err != nil {
			return err
		}
		file, err := sheet.Leave("survey-results", as, sheet.Results(r, a.Clock().In(zone), c.locale()))
		if err != nil {
			return err
		}
		file.Center, file.Reason = in.Center, in.Reason
		file.Filter = sheet.Filter("center", in.Center, "equipment", in.Equipment, "category", in.Category, "from", r.Filter.From, "to", r.Filter.To, "group_by", in.GroupBy, "template", in.Template)
		return a.sendFile(c, file)
	})
}

// sendFile notes who takes a file and why, and lets it leave.
func (a *API) sendFile(c *call, f sheet.Leaving) error {
	if err := a.People.LogDownload(c.ctx(), c.actor, f.Download); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+f.Name+`"`)
	c.Data(http.StatusOK, f.Kind, f.File)
	return nil
}
