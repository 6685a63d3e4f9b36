package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

type todayQuery struct {
	Date date `query:"date"`
}

func (a *API) today(c *call, in *todayQuery) error {
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	day := booking.Date(in.Date)
	if day == "" {
		day = booking.DateOf(a.Clock(), zone)
	}
	t, err := a.Engine.Today(c.ctx(), c.actor, c.Param("center"), day)
	if err != nil {
		return err
	}
	counts := t.Counts
	if counts == nil {
		counts = map[string]int{}
	}
	return c.show(http.StatusOK, gin.H{"date": t.Date, "now": stamp(t.Now, t.Zone),
		"machines":   each(t.Machines, func(m booking.Machine) gin.H { return machineJSON(m, t.Zone) }),
		"to_confirm": bookingsJSON(t.ToConfirm), "to_call": bookingsJSON(t.ToCall), "counts": counts})
}

func machineJSON(m booking.Machine, zone *time.Location) gin.H {
	h := gin.H{"equipment": named(m.Equipment.ID, m.Equipment.Name), "unit": m.Unit, "state": m.State,
		"bookings": bookingsJSON(m.Bookings)}
	if m.Outage != nil {
		h["outage"] = outageJSON(m.Outage, zone)
	}
	return h
}

type findQuery struct {
	Q string `query:"q" validate:"required,max=200"`
}

func (a *API) find(c *call, in *findQuery) error {
	found, err := a.Engine.Find(c.ctx(), c.actor, c.Param("center"), in.Q)
	if err != nil {
		return err
	}
	return c.list(bookingsJSON(found), "")
}

type walkInBody struct {
	EquipmentID string        `json:"equipment_id" validate:"required,max=128"`
	Minutes     *int          `json:"minutes" validate:"required,min=1,max=1440"`
	Name        string        `json:"name" validate:"required,max=80"`
	Phone       string        `json:"phone" validate:"max=64"`
	Unit        *int          `json:"unit" validate:"omitempty,min=1,max=1000"`
	At          *time.Time    `json:"at"`
	Consent     string        `json:"consent" validate:"omitempty,oneof=phone paper counter"`
	Override    *overrideBody `json:"override"`
}

func (a *API) walkIn(c *call, in *walkInBody) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	v, replayed, err := a.Engine.WalkIn(c.ctx(), c.actor, booking.WalkInRequest{
		CenterID: c.Param("center"), EquipmentID: in.EquipmentID, Minutes: number(in.Minutes), Name: in.Name, Phone: in.Phone,
		Unit: number(in.Unit), At: in.At, Consent: in.Consent, Override: in.Override.reason(), Key: key})
	return a.made(c, v, replayed, err)
}

type outageBody struct {
	From          time.Time  `json:"from" validate:"required"`
	To            *time.Time `json:"to" validate:"omitempty,gtfield=From"`
	ExpectedUntil *time.Time `json:"expected_until" validate:"omitempty,gtfield=From"`
	Unit          *int       `json:"unit" validate:"omitempty,min=1,max=1000"`
	Reason        string     `json:"reason" validate:"required,max=500"`
	Kind          string     `json:"kind" validate:"required,oneof=fault maintenance"`
	Repeat        *struct {
		Every string `json:"every" validate:"required,oneof=week month"`
		Until date   `json:"until" validate:"required"`
	} `json:"repeat"`
}

func (in *outageBody) repeat() *booking.Repeat {
	if in.Repeat == nil {
		return nil
	}
	return &booking.Repeat{Every: in.Repeat.Every, Until: booking.Date(in.Repeat.Until)}
}

func (a *API) reportOutage(c *call, in *outageBody) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	o, hit, replayed, err := a.Engine.ReportOutage(c.ctx(), c.actor, booking.OutageRequest{EquipmentID: c.id(), From: in.From,
		To: in.To, ExpectedUntil: in.ExpectedUntil, Unit: number(in.Unit), Reason: in.Reason, Kind: booking.OutageKind(in.Kind),
		Repeat: in.repeat(), Key: key})
	if err != nil {
		return err
	}
	c.replayed(replayed)
	c.Header("Location", Base+"/equipment/"+o.EquipmentID+"/outages")
	return a.outage(c, http.StatusCreated, o, hit)
}

type outagePatch struct {
	To            *time.Time `json:"to"`
	ExpectedUntil *time.Time `json:"expected_until"`
	Reason        *string    `json:"reason" validate:"omitempty,min=1,max=500"`
	Version       *int       `json:"version" validate:"required,min=1"`
}

func (a *API) changeOutage(c *call, in *outagePatch) error {
	o, hit, err := a.Engine.ChangeOutage(c.ctx(), c.actor, c.id(), c.Param("oid"), booking.OutagePatch{
		To: in.To, ExpectedUntil: in.ExpectedUntil, Reason: in.Reason, Version: number(in.Version)})
	if err != nil {
		return err
	}
	return a.outage(c, http.StatusOK, o, hit)
}

type seriesBody struct {
	From   date   `json:"from"`
	Reason string `json:"reason" validate:"required,max=500"`
}

// endSeries ends recurring maintenance and shows the times that fall away.
func (a *API) endSeries(c *call, in *edited[seriesBody]) error {
	list, err := a.Engine.EndSeries(c.ctx(), c.actor, c.id(), c.Param("oid"), booking.SeriesEnd{From: booking.Date(in.body.From), Reason: in.body.Reason, Preview: in.preview})
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, gin.H{"preview": in.preview, "ended": each(list, func(o *booking.Outage) gin.H { return outageJSON(o, zone) })})
}

func (a *API) outages(c *call) error {
	list, err := a.Engine.Outages(c.ctx(), c.actor, c.id())
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.list(each(list, func(o *booking.Outage) gin.H { return outageJSON(o, zone) }), "")
}

// outage shows it with every booking it hit and what became of each.
func (a *API) outage(c *call, status int, o *booking.Outage, hit []booking.Affected) error {
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	h := outageJSON(o, zone)
	h["affected"] = affectedJSON(hit)
	return c.show(status, h)
}

func outageJSON(o *booking.Outage, zone *time.Location) gin.H {
	var unit any
	if o.Unit > 0 {
		unit = o.Unit
	}
	return gin.H{"id": o.ID, "equipment_id": o.EquipmentID, "center_id": o.CenterID, "unit": unit,
		"from": stamp(o.From, zone), "to": stampPtr(o.To, zone), "expected_until": stampPtr(o.ExpectedUntil, zone),
		"kind": o.Kind, "reason": o.Reason, "version": o.Version, "series": orNull(o.Series),
		"created_at": stamp(o.CreatedAt, zone), "closed_at": stampPtr(o.ClosedAt, zone)}
}
