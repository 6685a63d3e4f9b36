package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// flag is 1 or true, 0 or false.
type flag bool

// UnmarshalText accepts those four.
func (f *flag) UnmarshalText(b []byte) error {
	switch string(b) {
	case "1", "true":
		*f = true
	case "0", "false":
	default:
		return errNoSuchDay
	}
	return nil
}

// Rule names what such a parameter has to be.
func (*flag) Rule() string { return "boolean" }

type previewQuery struct {
	Preview flag `query:"preview"`
}

// edited is the body of a change with ?preview=.
type edited[T any] struct {
	preview bool
	body    T
	rest    map[string]json.RawMessage // the fields that T does not know
}

// withEdit is an action whose input is a JSON object and ?preview=1. With
// open the fields that T does not know are handed on as they are.
func withEdit[T any](open []string, run func(c *call, in *edited[T]) error) action {
	return action{
		shape: func(c *call) (any, error) {
			var q previewQuery
			if err := edge.BindQuery(c.Request, &q); err != nil {
				return nil, err
			}
			in := &edited[T]{preview: bool(q.Preview), rest: map[string]json.RawMessage{}}
			var err error
			if c.sent, err = edge.ReadJSON(c.Context); err != nil {
				return nil, err
			}
			known, free := map[string]any{}, map[string]any{}
			for name, value := range c.sent {
				if !slices.Contains(open, name) {
					known[name] = value
					continue
				}
				free[name] = value
				if in.rest[name], err = json.Marshal(value); err != nil {
					return nil, err
				}
			}
			var clean map[string]any // what the engine reads itself holds no NUL either
			if err := edge.Bind(free, &clean); err != nil {
				return nil, err
			}
			return in, edge.Bind(known, &in.body)
		},
		run: func(c *call, in any) error { return run(c, in.(*edited[T])) },
	}
}

type placeBody struct {
	Version  *int   `json:"version" validate:"required,min=1"`
	Affected string `json:"affected" validate:"omitempty,oneof=keep cancel"`
	Retired  *bool  `json:"retired"`
}

// centerFields and machineFields are those of a catalog file that the engine reads.
var (
	centerFields = []string{"name", "former_name", "operator", "district", "dong", "address", "contact", "sectors", "opened", "eligibility",
		"hours", "hours_assumed", "closed_on_public_holidays", "closures", "booking", "bookable_from", "sources"}
	machineFields = []string{"name", "category", "model", "quantity", "mode", "fee_krw_per_hour", "guide", "booking", "bookable_from", "source", "assumed"}
)

type centerPlaceBody struct {
	Version  *int            `json:"version" validate:"required,min=1"`
	Affected string          `json:"affected" validate:"omitempty,oneof=keep cancel"`
	Retired  *bool           `json:"retired"`
	Machines map[string]bool `json:"machines" validate:"max=500"`
}

func (in *edited[T]) place(b placeBody) booking.PlaceChange {
	return booking.PlaceChange{Deciding: booking.Deciding{Version: number(b.Version), Affected: b.Affected, Preview: in.preview}, Set: in.rest, Retired: b.Retired}
}

func (a *API) changeCenter(c *call, in *edited[centerPlaceBody]) error {
	ch := in.place(placeBody{in.body.Version, in.body.Affected, in.body.Retired})
	ch.Machines = in.body.Machines
	out, err := a.Engine.ChangeCenter(c.ctx(), c.actor, c.id(), ch)
	if err != nil {
		return err
	}
	v, _ := out.Catalog.Center(c.id())
	return a.changedOffer(c, out, in.preview, centerJSON(v))
}

func (a *API) changeEquipment(c *call, in *edited[placeBody]) error {
	out, err := a.Engine.ChangeEquipment(c.ctx(), c.actor, c.id(), in.place(in.body))
	if err != nil {
		return err
	}
	e, _ := out.Catalog.Machine(c.id())
	return a.changedOffer(c, out, in.preview, equipmentJSON(e))
}

type policyBody struct {
	Version       *int           `json:"version" validate:"omitempty,min=0"`
	Affected      string         `json:"affected" validate:"omitempty,oneof=keep cancel"`
	Policy        map[string]any `json:"policy" validate:"required"`
	EffectiveFrom *time.Time     `json:"effective_from"`
}

func (in *edited[T]) policy(b policyBody) (booking.PolicyChange, error) {
	ch := booking.PolicyChange{Deciding: booking.Deciding{Version: number(b.Version), Affected: b.Affected, Preview: in.preview}, Values: booking.PolicyValues{}, EffectiveFrom: b.EffectiveFrom}
	for key, value := range b.Policy {
		raw, err := json.Marshal(value)
		if err != nil {
			return ch, err
		}
		ch.Values[key] = raw
	}
	return ch, nil
}

func (a *API) changeCenterPolicy(c *call, in *edited[policyBody]) error {
	ch, err := in.policy(in.body)
	if err != nil {
		return err
	}
	out, err := a.Engine.ChangeCenterPolicy(c.ctx(), c.actor, c.id(), ch)
	if err != nil {
		return err
	}
	v, _ := out.Catalog.Center(c.id())
	return a.changedOffer(c, out, in.preview, layerJSON(out.Catalog.CenterRules(v, a.Clock()), out.Catalog.Zone))
}

func (a *API) changePolicy(c *call, in *edited[policyBody]) error {
	ch, err := in.policy(in.body)
	if err != nil {
		return err
	}
	out, err := a.Engine.ChangePolicy(c.ctx(), c.actor, c.id(), ch)
	if err != nil {
		return err
	}
	e, _ := out.Catalog.Machine(c.id())
	return a.changedOffer(c, out, in.preview, a.machineRules(out.Catalog, e))
}

type withdrawBody struct {
	Version *int   `json:"version" validate:"omitempty,min=0"`
	Reason  string `json:"reason" validate:"required,max=500"`
}

// planned reads which planned version is taken back.
func (c *call) planned(in *withdrawBody) (booking.PolicyWithdrawal, error) {
	no, err := strconv.Atoi(c.Param("no"))
	if err != nil {
		return booking.PolicyWithdrawal{}, fault.ErrNotFound
	}
	return booking.PolicyWithdrawal{Version: number(in.Version), No: no, Reason: in.Reason}, nil
}

func (a *API) withdrawCenterPolicy(c *call, in *withdrawBody) error {
	w, err := c.planned(in)
	if err != nil {
		return err
	}
	out, err := a.Engine.WithdrawCenterPolicy(c.ctx(), c.actor, c.id(), w)
	if err != nil {
		return err
	}
	v, _ := out.Catalog.Center(c.id())
	return c.show(http.StatusOK, layerJSON(out.Catalog.CenterRules(v, a.Clock()), out.Catalog.Zone))
}

func (a *API) withdrawPolicy(c *call, in *withdrawBody) error {
	w, err := c.planned(in)
	if err != nil {
		return err
	}
	out, err := a.Engine.WithdrawPolicy(c.ctx(), c.actor, c.id(), w)
	if err != nil {
		return err
	}
	e, _ := out.Catalog.Machine(c.id())
	return c.show(http.StatusOK, a.machineRules(out.Catalog, e))
}

func (a *API) centerPolicy(c *call) error {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	v, ok := cat.Center(c.id())
	if !ok {
		return fault.ErrNotFound
	}
	return c.show(http.StatusOK, layerJSON(cat.CenterRules(v, a.Clock()), cat.Zone))
}

func (a *API) machinePolicy(c *call) error {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	e, ok := cat.Machine(c.id())
	if !ok {
		return fault.ErrNotFound
	}
	return c.show(http.StatusOK, a.machineRules(cat, e))
}

// machineRules is the machine's own layer, and what all layers come to.
func (a *API) machineRules(cat *booking.Catalog, e *booking.Equipment) gin.H {
	h := layerJSON(cat.MachineRules(e, a.Clock()), cat.Zone)
	ko, en := cat.PolicyText(e)
	h["effective"], h["policy_text"] = e.Policy, gin.H{"ko": ko, "en": en}
	return h
}

// layerJSON is one layer of the rules: what is written there, not what is inherited.
func layerJSON(v booking.PolicyLayerView, zone *time.Location) gin.H {
	values := v.Values
	if values == nil {
		values = booking.PolicyValues{}
	}
	var since any
	if !v.Since.IsZero() {
		since = stamp(v.Since, zone)
	}
	return gin.H{"policy": values, "version": v.Version, "since": since,
		"coming": each(v.Coming, func(p booking.PolicyVersion) gin.H {
			return gin.H{"effective_from": stamp(p.EffectiveFrom, zone), "policy": p.Values, "version": p.No}
		})}
}

// changedOffer answers a change: what it is now, and the bookings it broke; a
// preview has the machines as they would be offered.
func (a *API) changedOffer(c *call, out *booking.OfferOutcome, preview bool, h gin.H) error {
	zone := out.Catalog.Zone
	h["affected"] = affectedJSON(out.Affected)
	if preview {
		h["preview"] = true
		h["effective_from"] = stamp(out.From, zone)
		h["machines"] = each(out.Machines, func(m booking.MachinePreview) gin.H {
			return gin.H{"equipment": named(m.Equipment.ID, m.Equipment.Name), "policy_text": gin.H{"ko": m.Ko, "en": m.En},
				"days": each(m.Days, func(d booking.DayAvailability) gin.H { return dayJSON(d, zone) })}
		})
	}
	return c.show(http.StatusOK, h)
}

func affectedJSON(list []booking.Affected) []gin.H {
	return each(list, func(f booking.Affected) gin.H {
		h := gin.H{"booking": bookingJSON(&f.View), "became": f.Became}
		put(h, "why", f.Why)
		return h
	})
}

type holidayBody struct {
	Date date   `json:"date" validate:"required"`
	Ko   string `json:"ko" validate:"required,max=100"`
	En   string `json:"en" validate:"max=100"`
}

type holidaysBody struct {
	Version  *int          `json:"version" validate:"required,min=1"`
	Affected string        `json:"affected" validate:"omitempty,oneof=keep cancel"`
	Holidays []holidayBody `json:"holidays" validate:"required,max=2000,dive"`
}

func (a *API) holidays(c *call) error {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, a.holidaysJSON(c, cat))
}

func (a *API) setHolidays(c *call, in *edited[holidaysBody]) error {
	list := make([]booking.Holiday, len(in.body.Holidays))
	for i, h := range in.body.Holidays {
		list[i] = booking.Holiday{Date: booking.Date(h.Date), Ko: h.Ko, En: h.En}
	}
	out, err := a.Engine.SetHolidays(c.ctx(), c.actor, list, booking.Deciding{Version: number(in.body.Version), Affected: in.body.Affected, Preview: in.preview})
	if err != nil {
		return err
	}
	return a.changedOffer(c, out, in.preview, a.holidaysJSON(c, out.Catalog))
}

// holidaysJSON is the table with its version, the last day in it, and a warning when that comes soon.
func (a *API) holidaysJSON(c *call, cat *booking.Catalog) gin.H {
	list := cat.HolidayList()
	var last any
	if n := len(list); n > 0 {
		last = list[n-1].Date
	}
	return gin.H{"holidays": list, "version": cat.HolidayVersion(), "ends_on": last,
		"warnings": each(cat.HolidayWarnings(booking.DateOf(a.Clock(), cat.Zone)), func(p booking.ImportProblem) gin.H {
			return gin.H{"rule": p.Rule, "message": p.Text().In(c.locale())}
		})}
}
