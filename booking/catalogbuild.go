package booking

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/internal/lang"
)

// defaultBrand is what a catalog without a brand is called: no city's name.
var defaultBrand = Brand{Name: lang.Text{Ko: "장비 예약", En: "Equipment booking"}}

// Build makes the snapshot of a catalog as it is written and tells all that is wrong with it.
// Retired entries are taken as they are: nobody can mend them any more. With
// problems the catalog is nil.
func (f *CatalogFile) Build() (*Catalog, []ImportProblem) { return f.BuildAt(time.Time{}) }

// BuildAt is Build with the rules that are in force at an instant.
func (f *CatalogFile) BuildAt(t time.Time) (*Catalog, []ImportProblem) {
	b := &builder{file: f, at: t, seen: map[string]string{}}
	b.catalog = &Catalog{
		Name: f.Catalog, AsOf: f.AsOf, Provenance: f.Provenance, Brand: defaultBrand,
		Operators: f.Operators, Sectors: f.Sectors, Categories: f.Categories, Groups: f.Groups,
		Synonyms: f.Synonyms, Holidays: map[Date]lang.Text{},
	}
	b.catalog.Since, b.catalog.Until = f.validity(t)
	b.head()
	city := layer{"policy", PolicyHistory{f.Policy, f.Versions}}
	b.policy, b.problems = b.layer(systemPolicy(), city)
	for i := range f.Centers {
		b.center("centers["+strconv.Itoa(i)+"]", city, &f.Centers[i])
	}
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	b.catalog.Index()
	return b.catalog, nil
}

// builder collects the snapshot and what is wrong on the way.
type builder struct {
	reader
	file    *CatalogFile
	at      time.Time
	catalog *Catalog
	policy  policyDraft
	seen    map[string]string // ids with the kind of thing that has them
}

// layer is one more step of the policy, with what was wrong so far.
func (b *builder) layer(d policyDraft, l layer) (policyDraft, []ImportProblem) {
	next, wrong := d.with(PolicyLayer{l.path, l.At(b.at)})
	return next, append(b.problems, wrong...)
}

func (b *builder) head() {
	f, c := b.file, b.catalog
	zone, err := time.LoadLocation(f.TimeZone)
	if err != nil || f.TimeZone == "" || f.TimeZone == "Local" {
		zone = time.UTC
		b.refuse("time_zone", "time_zone", f.TimeZone)
	}
	c.Zone = zone
	if f.Brand != nil {
		c.Brand = *f.Brand
	}
	if f.Help != nil {
		c.Help = *f.Help
	}
	c.Posted = f.Posted
	b.labels("operators", f.Operators)
	b.labels("sectors", f.Sectors)
	b.labels("categories", f.Categories)
	b.labels("groups", f.Groups)
	if f.Holidays == nil {
		return
	}
	for i, h := range *f.Holidays {
		path := "holidays[" + strconv.Itoa(i) + "].date"
		b.date(path, h.Date)
		b.once(path, "holiday", string(h.Date))
		c.Holidays[h.Date] = lang.Text{Ko: h.Ko, En: h.En}
	}
}

func (b *builder) labels(path string, list []Label) {
	for i, l := range list {
		at := path + "[" + strconv.Itoa(i) + "]"
		b.id(at+".id", path, l.ID)
		b.name(at+".name", l.Name)
		switch d, err := time.ParseDuration(l.SurveyDelay); {
		case l.SurveyDelay == "":
		case path != "categories":
			b.refuse(at+".survey_delay", "not_allowed", path)
		case err != nil || d < 0 || d > mostSurveyDelay:
			b.refuse(at+".survey_delay", "duration", "168h")
		}
	}
}

// mostSurveyDelay: a first message more than seven days after the use is not sent.
const mostSurveyDelay = 7 * 24 * time.Hour

// id asks for an id that nothing of its kind has yet.
func (b *builder) id(path, kind, id string) {
	if strings.TrimSpace(id) == "" || len(id) > 100 {
		b.refuse(path, "text", "")
		return
	}
	b.once(path, kind, id)
}

func (b *builder) once(path, kind, id string) {
	key := kind + "\x00" + id
	if _, ok := b.seen[key]; ok {
		b.refuse(path, "duplicate", id)
	}
	b.seen[key] = path
}

func (b *builder) name(path string, t lang.Text) {
	if strings.TrimSpace(t.Ko) == "" {
		b.refuse(path+".ko", "text", "")
	}
}

func (b *builder) date(path string, d Date) {
	if _, ok := ParseDate(string(d)); !ok {
		b.refuse(path, "date", "")
	}
}

// known asks for an id of a list; without the list any value is allowed.
func (b *builder) known(path string, list []Label, id string) {
	if len(list) > 0 && !slices.ContainsFunc(list, func(l Label) bool { return l.ID == id }) {
		b.refuse(path, "unknown_id", id)
	}
}

func (b *builder) center(path string, city layer, f *CenterFile) {
	mark := len(b.problems)
	c := &Center{
		ID: f.ID, Name: f.Name, FormerName: f.FormerName, Operator: f.Operator, District: f.District, Dong: f.Dong,
		Address: f.Address, Sectors: f.Sectors, Opened: f.Opened, HoursAssumed: f.HoursAssumed,
		ClosedHolidays: f.ClosedHolidays, BookableFrom: f.BookableFrom, Sources: f.Sources, Retired: f.Retired, Version: f.Version,
	}
	if f.Contact != nil {
		c.Contact = *f.Contact
	}
	b.id(path+".id", "center", f.ID)
	b.name(path+".name", f.Name)
	if f.Operator != "" {
		b.known(path+".operator", b.file.Operators, f.Operator)
	}
	for i, s := range f.Sectors {
		b.known(path+".sectors["+strconv.Itoa(i)+"]", b.file.Sectors, s)
	}
	c.Eligibility = b.eligibility(path+".eligibility", f.Eligibility)
	c.Hours = b.hours(path+".hours", f.Hours)
	c.Closures = append(b.closures(path+".closures", f.Closures), b.posted(c.ID)...)
	c.Elsewhere = b.elsewhere(path+".booking", f.Booking, nil)
	b.bookableFrom(path, f.BookableFrom)
	var draft policyDraft
	own := layer{path + ".policy", PolicyHistory{f.Policy, f.Versions}}
	c.rules = own.PolicyHistory
	draft, b.problems = b.layer(b.policy, own)
	b.forgive(f.Retired, mark)
	for i := range f.Equipment {
		b.equipment(path+".equipment["+strconv.Itoa(i)+"]", c, draft, []layer{city, own}, &f.Equipment[i])
	}
	b.catalog.Centers = append(b.catalog.Centers, c)
}

// forgive drops the problems since mark of an entry that is retired.
func (b *builder) forgive(retired bool, mark int) {
	if retired {
		b.problems = b.problems[:mark]
	}
}

func (b *builder) bookableFrom(path string, d Date) {
	if d != "" {
		b.date(path+".bookable_from", d)
	}
}

func (b *builder) equipment(path string, c *Center, draft policyDraft, above []layer, f *EquipmentFile) {
	mark := len(b.problems)
	e := &Equipment{
		ID: f.ID, Center: c, Name: f.Name, Category: f.Category, Model: f.Model, Quantity: f.Units(), Mode: f.Mode,
		FeeKRWPerHour: f.FeeKRWPerHour, BookableFrom: max(c.BookableFrom, f.BookableFrom),
		Source: f.Source, Assumed: f.Assumed, Retired: f.Retired || c.Retired, Version: f.Version,
	}
	if f.Guide != nil {
		e.Guide = *f.Guide
	}
	b.id(path+".id", "equipment", f.ID)
	b.name(path+".name", f.Name)
	if f.Category != "" {
		b.known(path+".category", b.file.Categories, f.Category)
	}
	b.quantities(path, e)
	e.Elsewhere = b.elsewhere(path+".booking", f.Booking, c.Elsewhere)
	e.Own = OwnOffer{Says: len(f.Booking) > 0, From: f.BookableFrom, Retired: f.Retired}
	if e.Own.Says {
		e.Own.Elsewhere = e.Elsewhere
	}
	b.bookableFrom(path, f.BookableFrom)
	own := layer{path + ".policy", PolicyHistory{f.Policy, f.Versions}}
	draft, b.problems = b.layer(draft, own)
	e.layers = append(above, own)
	if _, wrote := own.At(b.at)["lanes"]; wrote && draft.laneUnits() > e.Quantity {
		b.refuse(path+".policy.lanes", "max", strconv.Itoa(e.Quantity))
	}
	e.Policy = draft.policy(e.Mode)
	b.forgive(e.Retired, mark)
	c.Equipment = append(c.Equipment, e)
}

// mostUnits bounds the machines of one kind.
const mostUnits = 1000

func (b *builder) quantities(path string, e *Equipment) {
	switch {
	case e.Quantity < 1:
		b.refuse(path+".quantity", "min", "1")
	case e.Quantity > mostUnits:
		b.refuse(path+".quantity", "max", strconv.Itoa(mostUnits))
	}
	if e.FeeKRWPerHour < 0 {
		b.refuse(path+".fee_krw_per_hour", "min", "0")
	}
	switch e.Mode {
	case "":
		e.Mode = Self
	case Self, Operator:
	default:
		b.refuse(path+".mode", "one_of", "self, operator")
	}
}

// elsewhere reads where something is booked; left out it is as inherited.
func (b *builder) elsewhere(path string, raw json.RawMessage, inherited *Elsewhere) *Elsewhere {
	switch {
	case len(raw) == 0:
		return inherited
	case kind(raw) == '"':
		var s string
		if word(&b.reader, path, raw, &s, "here", "none") && s == "none" {
			return &Elsewhere{}
		}
		return nil
	}
	o, ok := b.object(path, raw, "link", "phone")
	e := &Elsewhere{}
	if !ok || !b.optional(o, path, "link", func(path string, raw json.RawMessage) bool { return b.link(path, raw, &e.Link) }) ||
		!b.optional(o, path, "phone", func(path string, raw json.RawMessage) bool { return b.text(path, raw, &e.Phone) }) {
		return nil
	}
	if len(o) == 0 {
		b.refuse(path, "wants_at_least_one", "")
	}
	return e
}

// link reads an address of the web: it ends up in a page as a link, so nothing else may stand there.
func (b *builder) link(path string, raw json.RawMessage, to *string) bool {
	var s string
	if json.Unmarshal(raw, &s) != nil || !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") || len(s) > 500 {
		return b.refuse(path, "one_of", "https://…, http://…")
	}
	*to = s
	return true
}
