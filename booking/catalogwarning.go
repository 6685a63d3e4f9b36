package booking

import (
	"strconv"

	"gongbang/internal/lang"
)

// Warnings tells what is allowed and yet should be mended: names without
// English, centers without a contact, public holidays that run out within
// twelve months of today.
func (f *CatalogFile) Warnings(today Date) []ImportProblem {
	r := &reader{}
	english := func(path string, t lang.Text) {
		if t.En == "" {
			r.refuse(path+".name.en", "english_missing", "")
		}
	}
	if f.Brand != nil {
		english("brand", f.Brand.Name)
	}
	for i, list := range [][]Label{f.Operators, f.Sectors, f.Categories, f.Groups} {
		for j, l := range list {
			english([]string{"operators", "sectors", "categories", "groups"}[i]+"["+strconv.Itoa(j)+"]", l.Name)
		}
	}
	for i, c := range f.Centers {
		path := "centers[" + strconv.Itoa(i) + "]"
		english(path, c.Name)
		if c.Contact == nil || *c.Contact == (Contact{}) {
			r.refuse(path+".contact", "contact_missing", "")
		}
		if c.Eligibility != nil && c.Eligibility.Note != nil && c.Eligibility.Note.En == "" {
			r.refuse(path+".eligibility.note.en", "english_missing", "")
		}
		for j, e := range c.Equipment {
			english(path+".equipment["+strconv.Itoa(j)+"]", e.Name)
		}
	}
	f.warnHolidays(r, today)
	return r.problems
}

func (f *CatalogFile) warnHolidays(r *reader, today Date) {
	var last Date
	if f.Holidays != nil {
		for _, h := range *f.Holidays {
			last = max(last, h.Date)
		}
	}
	switch {
	case last == "":
		r.refuse("holidays", "holidays_missing", "")
	case last < today.AddMonths(12):
		r.refuse("holidays", "holidays_end_soon", string(last))
	}
}
