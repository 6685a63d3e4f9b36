package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

type phoneQuery struct {
	Phone string `query:"phone" validate:"required,max=64"`
}

// findPerson is the desk's look-up by the whole number.
func (a *API) findPerson(c *call, in *phoneQuery) error {
	who, ok, err := a.People.FindByPhone(c.ctx(), c.actor, c.Param("center"), in.Phone)
	if err != nil {
		return err
	}
	items := []gin.H{}
	if ok {
		items = append(items, accountJSON(who))
	}
	return c.list(items, "")
}

type centerBody struct {
	Center string `json:"center" validate:"max=128"`
}

func (a *API) confirmGroup(c *call, in *centerBody) error {
	g, err := a.People.ConfirmGroup(c.ctx(), c.actor, in.Center, c.id(), c.Param("group"))
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, groupJSON(g, zone))
}

type certificateBody struct {
	Key     string `json:"key" validate:"required,max=64"`
	Basis   string `json:"basis" validate:"required,oneof=course card_seen experience"`
	Expires date   `json:"expires"` // the last day it is valid on
	Center  string `json:"center" validate:"max=128"`
}

func (a *API) addCertificate(c *call, in *certificateBody) error {
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	fresh := account.NewCertificate{Key: in.Key, Basis: account.Basis(in.Basis), Center: in.Center}
	if in.Expires != "" {
		until := booking.Date(in.Expires).Add(1).At(0, zone)
		fresh.ValidUntil = &until
	}
	made, err := a.People.AddCertificate(c.ctx(), c.actor, in.Center, c.id(), fresh)
	if err != nil {
		return err
	}
	return c.show(http.StatusCreated, certificateJSON(made, zone))
}

type accountsQuery struct {
	Q      string `query:"q" validate:"max=254"`
	Role   string `query:"role" validate:"omitempty,oneof=citizen staff manager admin"`
	Center string `query:"center" validate:"max=128"`
	page
}

func (a *API) accounts(c *call, in *accountsQuery) error {
	after, err := readCursor(in.Cursor, "account")
	if err != nil {
		return err
	}
	p, err := a.People.List(c.ctx(), c.actor, account.Query{Text: in.Q, Role: account.Role(in.Role),
		Center: in.Center, After: after, Limit: in.limit()})
	if err != nil {
		return err
	}
	return c.list(each(p.Items, accountJSON), writeCursor(p.Next, "account"))
}

// account shows one in full; the look is logged.
func (a *API) account(c *call) error {
	who, err := a.People.Get(c.ctx(), c.actor, c.id())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, accountJSON(who))
}

type accountPatch struct {
	Roles *[]grantBody `json:"roles" validate:"required_without=Name,omitempty,max=64,dive"`
	Name  *string      `json:"name" validate:"omitempty,max=80"`
}

type grantBody struct {
	Role   string `json:"role" validate:"required,oneof=citizen staff manager admin"`
	Center string `json:"center" validate:"max=128"`
}

func (a *API) changeAccount(c *call, in *accountPatch) error {
	p := account.Patch{Name: in.Name}
	if in.Roles != nil {
		grants := each(*in.Roles, func(g grantBody) account.Grant { return account.Grant{Role: account.Role(g.Role), Center: g.Center} })
		p.Roles = &grants
	}
	who, err := a.People.PatchAccount(c.ctx(), c.actor, c.id(), p)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, accountJSON(who.Masked()))
}

type auditQuery struct {
	Actor   string     `query:"actor" validate:"max=64"`
	Action  string     `query:"action" validate:"max=64"`
	Subject string     `query:"subject" validate:"max=128"`
	Center  string     `query:"center" validate:"max=128"`
	From    *time.Time `query:"from"`
	To      *time.Time `query:"to"`
	page
}

// audit shows a manager the lines of their centers, and lines of no center to who sees all.
func (a *API) audit(c *call, in *auditQuery) error {
	q := AuditQuery{Actor: in.Actor, Action: in.Action, Subject: in.Subject, Limit: in.limit() + 1}
	before, err := readCursor(in.Cursor, "audit")
	if err != nil {
		return err
	}
	if before != "" {
		if q.Before, err = strconv.ParseInt(before, 10, 64); err != nil || q.Before <= 0 {
			return fault.BadField("cursor", "cursor", "")
		}
	}
	centers, all := c.actor.Centers(account.AuditRead)
	switch {
	case in.Center != "":
		q.Centers = []string{in.Center}
	case !all:
		q.Centers = centers
	}
	if in.From != nil {
		q.From = *in.From
	}
	if in.To != nil {
		q.To = *in.To
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	lines, err := a.Audit.Audit(c.ctx(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(lines) > in.limit() {
		lines = lines[:in.limit()]
		next = writeCursor(strconv.FormatInt(lines[len(lines)-1].ID, 10), "audit")
	}
	return c.list(each(lines, func(l AuditLine) gin.H { return auditJSON(l, zone) }), next)
}

func auditJSON(l AuditLine, zone *time.Location) gin.H {
	detail := l.Detail
	if detail == nil {
		detail = map[string]any{}
	}
	return gin.H{"id": strconv.FormatInt(l.ID, 10), "at": stamp(l.At, zone), "actor": l.Actor, "action": l.Action,
		"subject": l.Subject, "center": orNull(l.Center), "reason": l.Reason, "reason_erased": orNull(l.Erased), "request": l.Request, "detail": detail}
}
