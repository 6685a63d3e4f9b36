package api

import (
	"gongbang/booking"
	"gongbang/web/sheet"
)

type usageExportQuery struct {
	usageQuery
	Reason string `query:"reason" validate:"required,max=500"`
}

// exportUsage is the report as a file of one kind.
func (a *API) exportUsage(as string) action {
	return withQuery(func(c *call, in *usageExportQuery) error {
		zone, err := a.zone(c.ctx())
		if err != nil {
			return err
		}
		q := booking.UsageQuery{Center: in.Center, Category: in.Category, From: booking.Date(in.From), To: booking.Date(in.To), GroupBy: in.GroupBy}
		u, err := a.Engine.ExportUsage(c.ctx(), c.actor, q, in.Reason)
		if err != nil {
			return err
		}
		file, err := sheet.Leave("usage", as, sheet.Usage(u, zone, c.locale()))
		if err != nil {
			return err
		}
		file.Center, file.Reason = in.Center, in.Reason
		file.Filter = sheet.Filter("center", in.Center, "category", in.Category, "from", string(u.Filter.From), "to", string(u.Filter.To), "group_by", in.GroupBy)
		return a.sendFile(c, file)
	})
}
