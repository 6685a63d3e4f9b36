package api

import (
	"errors"
	"time"

	"gongbang/booking"
)

var errNoSuchDay = errors.New("no such day")

// date is a YYYY-MM-DD of a request.
type date string

// UnmarshalText accepts exactly a day that exists, in years that a clock may show.
func (d *date) UnmarshalText(b []byte) error {
	v, ok := booking.ParseDate(string(b))
	if !ok || v < "1971-01-01" || v >= "9000-01-01" {
		return errNoSuchDay
	}
	*d = date(v)
	return nil
}

// Rule names what such a field has to be.
func (*date) Rule() string { return "date" }

// month is a YYYY-MM of a request.
type month string

// UnmarshalText accepts exactly a month that exists.
func (m *month) UnmarshalText(b []byte) error {
	if t, err := time.Parse("2006-01", string(b)); err != nil || t.Year() < 1971 || t.Year() >= 9000 {
		return errNoSuchDay
	}
	*m = month(b)
	return nil
}

// Rule names what such a field has to be.
func (*month) Rule() string { return "month" }
