package page

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// parseClock reads a time of day in minutes as staff type it: 13:05, 1305, 9:05, 24:00.
func parseClock(s string) (minutes int, ok bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "：", ":")
	h, m, colon := strings.Cut(s, ":")
	if !colon {
		if len(s) < 3 || len(s) > 4 {
			return 0, false
		}
		h, m = s[:len(s)-2], s[len(s)-2:]
	}
	hour, err := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if err != nil || err2 != nil || len(m) != 2 || len(h) > 2 || minute > 59 || hour*60+minute > 24*60 {
		return 0, false
	}
	return int(hour*60 + minute), true
}

// deskInput takes typed values out of a sent form and remembers what was wrong.
// A card has many forms: their fields are told apart by the deed before the name.
type deskInput struct {
	sent  url.Values
	deed  string
	zone  *time.Location
	wrong []fault.Field
}

func (r *request) deskInput(sent url.Values) *deskInput {
	return &deskInput{sent: sent, zone: r.catalog.Zone}
}

func (d *deskInput) text(name string) string {
	if d.deed != "" && d.sent.Has(d.deed+"."+name) {
		name = d.deed + "." + name
	}
	return strings.TrimSpace(d.sent.Get(name))
}

func (d *deskInput) refuse(name, rule, limit string) {
	d.wrong = append(d.wrong, fault.Field{Field: name, Rule: rule, Limit: limit})
}

// err is everything that was wrong, as one refusal.
func (d *deskInput) err() error {
	if len(d.wrong) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Code: "validation", Fields: d.wrong}
}

// number is a whole number from least to most; an empty field is 0.
func (d *deskInput) number(name string, least, most int) int {
	s := d.text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		d.refuse(name, "between", strconv.Itoa(least)+"…"+strconv.Itoa(most))
		return 0
	}
	return n
}

// day is a date; an empty field is otherwise.
func (d *deskInput) day(name string, otherwise booking.Date) booking.Date {
	s := d.text(name)
	if s == "" {
		return otherwise
	}
	day, ok := booking.ParseDate(s)
	if !ok {
		d.refuse(name, "date", "")
		return otherwise
	}
	return day
}

// at is the moment of a time field on a day; nil where the field is empty or wrong.
func (d *deskInput) at(name string, day booking.Date) *time.Time {
	s := d.text(name)
	if s == "" {
		return nil
	}
	m, ok := parseClock(s)
	if !ok {
		d.refuse(name, "desk_clock", "")
		return nil
	}
	t := day.At(m, d.zone)
	return &t
}

// instant reads a value that our own form wrote.
func (d *deskInput) instant(name string) time.Time {
	t, err := time.Parse(time.RFC3339, d.text(name))
	if err != nil {
		d.refuse(name, "required", "")
		return time.Time{}
	}
	return t.UTC()
}

// span reads date, time and minutes; both nil where none was given.
func (d *deskInput) span(today booking.Date) (start, end *time.Time) {
	s := d.at("time", d.day("date", today))
	minutes := d.number("minutes", 1, 24*60)
	if s == nil || minutes == 0 {
		if len(d.wrong) == 0 && (s == nil) != (minutes == 0) {
			d.refuse("time", "required", "")
		}
		return nil, nil
	}
	e := s.Add(time.Duration(minutes) * time.Minute)
	return s, &e
}

// ofDeed names the fields of a deed's form.
func ofDeed(deed string, fields []*Field) []*Field {
	for _, f := range fields {
		f.Name = deed + "." + f.Name
	}
	return fields
}

// forDeed is a refusal whose fields are named like those of the deed's form.
func forDeed(deed string, f *fault.Fault) *fault.Fault {
	c := *f
	c.Fields = make([]fault.Field, len(f.Fields))
	for i, x := range f.Fields {
		x.Field = deed + "." + x.Field
		c.Fields[i] = x
	}
	return &c
}

// version is the booking's version the form was drawn from; 0 is not checked.
func (d *deskInput) version() int {
	n, _ := strconv.Atoi(d.text("version"))
	return max(0, n)
}

// deskStamp writes an instant for our own forms.
func deskStamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
