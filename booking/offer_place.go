package booking

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

func centerPlace(i int) string     { return "centers[" + itoa(i) + "]" }
func machinePlace(i, j int) string { return centerPlace(i) + ".equipment[" + itoa(j) + "]" }

func (f *CatalogFile) findCenter(id string) (int, bool) {
	i := slices.IndexFunc(f.Centers, func(c CenterFile) bool { return c.ID == id })
	return i, i >= 0
}

func (f *CatalogFile) findMachine(id string) (center, machine int, ok bool) {
	for i, c := range f.Centers {
		if j := slices.IndexFunc(c.Equipment, func(e EquipmentFile) bool { return e.ID == id }); j >= 0 {
			return i, j, true
		}
	}
	return 0, 0, false
}

// PlaceChange changes a center or a machine: fields as a catalog file writes
// them. What is left out stays, null takes a value away.
type PlaceChange struct {
	Deciding
	Set     map[string]json.RawMessage
	Retired *bool
	// Machines of a center that are to be offered (true) or retired, by id;
	// what is left out stays.
	Machines map[string]bool
}

// fixed are the fields that have ways of their own to change, or none.
var fixed = []string{"id", "policy", "equipment"}

// lay writes the fields over a document and reads it back as strictly as an import.
func lay[T any](doc *T, ch PlaceChange) error {
	for _, key := range fixed {
		if _, ok := ch.Set[key]; ok {
			return fault.BadField(key, "unknown_key", "")
		}
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(ch.Set)) {
		if kind(ch.Set[key]) == 'n' {
			delete(fields, key)
			continue
		}
		fields[key] = ch.Set[key]
	}
	if raw, err = json.Marshal(fields); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	fresh := new(T)
	if err := dec.Decode(fresh); err != nil {
		return badShape(err, ch.Set)
	}
	*doc = *fresh
	return nil
}

// badShape names the field that could not be read.
func badShape(err error, set map[string]json.RawMessage) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fault.BadField(wrong.Field, "schema", wrong.Value)
	}
	for key := range set {
		if err.Error() == fmt.Sprintf("json: unknown field %q", key) {
			return fault.BadField(key, "unknown_key", "")
		}
	}
	return fault.BadField("", "schema", err.Error())
}

// offerChanged is the reason that people read.
const offerChanged = "센터의 운영 정보가 바뀌어 취소되었습니다. (The center's offer changed.)"

// ChangeCenter changes what a center is: address, contact, hours, whether it is offered at all.
func (s *Service) ChangeCenter(ctx context.Context, actor account.Actor, id string, ch PlaceChange) (*OfferOutcome, error) {
	o := offering{Deciding: ch.Deciding, actor: actor, center: id, subject: id, action: "center.change", reason: offerChanged, breaks: breaksOffer}
	o.edit = func(f *CatalogFile, now time.Time) (string, time.Time, error) {
		i, ok := f.findCenter(id)
		if !ok {
			return "", now, fault.ErrNotFound
		}
		c := &f.Centers[i]
		if ch.Version != c.Version {
			return "", now, fault.ErrStale
		}
		machines, own := c.Equipment, *c
		c.Equipment, c.Policy = nil, nil
		if err := lay(c, ch); err != nil {
			return "", now, err
		}
		c.Equipment, c.Policy, c.Versions, c.Version, c.Retired = machines, own.Policy, own.Versions, own.Version, own.Retired
		if ch.Retired != nil {
			c.Retired = *ch.Retired
		}
		return centerPlace(i), now, ch.offerMachines(c)
	}
	return s.changePlace(ctx, o)
}

// offerMachines says of machines of the center whether they are offered.
func (ch PlaceChange) offerMachines(c *CenterFile) error {
	c.Equipment = slices.Clone(c.Equipment)
	for _, id := range slices.Sorted(maps.Keys(ch.Machines)) {
		i := slices.IndexFunc(c.Equipment, func(e EquipmentFile) bool { return e.ID == id })
		if i < 0 {
			return fault.BadField("machines", "unknown_id", id)
		}
		c.Equipment[i].Retired = !ch.Machines[id]
	}
	return nil
}

// ChangeEquipment changes what a machine is: name, quantity, guide, whether it is offered at all.
func (s *Service) ChangeEquipment(ctx context.Context, actor account.Actor, id string, ch PlaceChange) (*OfferOutcome, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	e, ok := c.Machine(id)
	if !ok {
		return nil, fault.ErrNotFound
	}
	o := offering{Deciding: ch.Deciding, actor: actor, center: e.Center.ID, machine: id, subject: id, action: "equipment.change", reason: offerChanged, breaks: breaksOffer}
	o.edit = func(f *CatalogFile, now time.Time) (string, time.Time, error) {
		i, j, ok := f.findMachine(id)
		if !ok {
			return "", now, fault.ErrNotFound
		}
		e := &f.Centers[i].Equipment[j]
		if ch.Version != e.Version {
			return "", now, fault.ErrStale
		}
		own := *e
		e.Policy = nil
		if err := lay(e, ch); err != nil {
			return "", now, err
		}
		e.Policy, e.Versions, e.Version, e.Retired = own.Policy, own.Versions, own.Version, own.Retired
		if ch.Retired != nil {
			e.Retired = *ch.Retired
		}
		return machinePlace(i, j), now, nil
	}
	return s.changePlace(ctx, o)
}

func (s *Service) changePlace(ctx context.Context, o offering) (*OfferOutcome, error) {
	switch {
	case !o.actor.May(account.OfferEdit, o.center):
		return nil, fault.ErrForbidden
	case o.Version == 0:
		return nil, fault.BadField("version", "required", "")
	}
	return s.offer(ctx, o)
}

// SetHolidays replaces the public holidays; centers that close on them close.
// The version is that of the table that was read.
func (s *Service) SetHolidays(ctx context.Context, actor account.Actor, list []Holiday, d Deciding) (*OfferOutcome, error) {
	switch {
	case !actor.May(account.CityEdit, ""):
		return nil, fault.ErrForbidden
	case d.Version == 0:
		return nil, fault.BadField("version", "required", "")
	}
	o := offering{Deciding: d, actor: actor, subject: "holidays", action: "holidays.change", reason: holidaysChanged, breaks: breaksOffer}
	o.edit = func(f *CatalogFile, now time.Time) (string, time.Time, error) {
		var known []Holiday
		if f.Holidays != nil {
			known = *f.Holidays
		}
		if d.Version != holidayVersion(known) {
			return "", now, fault.ErrStale
		}
		sorted := byDate(list)
		f.Holidays = &sorted
		return "", now, nil
	}
	return s.offer(ctx, o)
}

func byDate(list []Holiday) []Holiday {
	sorted := append([]Holiday{}, list...) // an empty table is no nil: both have one version
	slices.SortStableFunc(sorted, func(a, b Holiday) int { return cmp.Compare(a.Date, b.Date) })
	return sorted
}

// holidayVersion is a number that the table makes by itself: who read another
// table has another number. 0 is none.
func holidayVersion(list []Holiday) int {
	doc, _ := json.Marshal(byDate(list))
	return int(crc32.ChecksumIEEE(doc)>>1) + 1
}

// HolidayVersion is the version of the table of public holidays. It only tells tables apart.
func (c *Catalog) HolidayVersion() int { return holidayVersion(c.HolidayList()) }

const holidaysChanged = "공휴일에는 센터가 쉽니다. (The center is closed on public holidays.)"

// HolidayList are the public holidays by date.
func (c *Catalog) HolidayList() []Holiday {
	list := []Holiday{}
	for _, d := range slices.Sorted(maps.Keys(c.Holidays)) {
		list = append(list, Holiday{Date: d, Ko: c.Holidays[d].Ko, En: c.Holidays[d].En})
	}
	return list
}

// HolidayWarnings tells when the public holidays run out within twelve months.
func (c *Catalog) HolidayWarnings(today Date) []ImportProblem {
	list, r := c.HolidayList(), &reader{}
	f := CatalogFile{Holidays: &list}
	f.warnHolidays(r, today)
	return r.problems
}

// breaksOffer tells why a booking can't stand any more by hours, holidays and retirements.
func breaksOffer(_ context.Context, _ Reader, before, after *Catalog, b *Booking) (string, error) {
	if before.Breaks(b.EquipmentID, b.Interval()) != "" {
		return "", nil
	}
	return after.Breaks(b.EquipmentID, b.Interval()), nil
}
