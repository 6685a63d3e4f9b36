package api

import (
	"gongbang/account"
	"gongbang/booking"
	"gongbang/web/sheet"
)

type usageExportQuery struct {
	usageQuery
	Reason string `query:"reason" validate:"required,max=500"`
}

// exportUsage is the report as a file of one kind.
func (a *API) exportUsage(name, kind string, write func(...sheet.Table) ([]byte, error)) action {
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
		tables := sheet.Usage(u, zone, c.locale())
		file, err := write(tables...)
		if err != nil {
			return err
		}
		return a.sendFile(c, account.Download{Name: name, Center: in.Center, Reason: in.Reason, Rows: len(tables[0].Rows), File: file,
			Filter: sheet.Filter("center", in.Center, "category", in.Category, "from", string(u.Filter.From), "to", string(u.Filter.To), "group_by", in.GroupBy)}, kind)
	})
}

// firstTable is the CSV file of the first table: CSV has one.
func firstTable(tables ...sheet.Table) ([]byte, error) { return sheet.CSV(tables[0]) }
