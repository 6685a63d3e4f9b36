package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

type askBody struct {
	Center    string `json:"center" validate:"max=128"`
	Equipment string `json:"equipment" validate:"max=128"`
	Text      string `json:"text" validate:"required,max=2000"`
}

func (a *API) ask(c *call, in *askBody) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	v, replayed, err := a.Engine.Ask(c.ctx(), c.actor, booking.AskRequest{CenterID: in.Center, EquipmentID: in.Equipment, Text: in.Text, Key: key})
	if err != nil {
		return err
	}
	c.replayed(replayed)
	c.Header("Location", Base+"/inquiries/"+v.ID)
	return c.show(http.StatusCreated, inquiryJSON(v))
}

type inquiriesQuery struct {
	State string `query:"state" validate:"omitempty,oneof=waiting answered closed"`
	page
}

// inquiries lists one's own; at a desk's path the center's, masked and without their words.
func (a *API) inquiries(c *call, in *inquiriesQuery) error {
	p, err := a.Engine.Inquiries(c.ctx(), c.actor, booking.InquiryList{Center: c.Param("center"), State: booking.InquiryState(in.State),
		Cursor: in.Cursor, Limit: in.limit()})
	if err != nil {
		return err
	}
	return c.list(each(p.Items, func(v booking.InquiryView) gin.H { return inquiryJSON(&v) }), p.Next)
}

func (a *API) inquiry(c *call) error {
	return a.shownInquiry(c)(a.Engine.Inquiry(c.ctx(), c.actor, c.id()))
}

type answerTextBody struct {
	Text string `json:"text" validate:"required,max=2000"`
}

func (a *API) answerInquiry(c *call, in *answerTextBody) error {
	return a.shownInquiry(c)(a.Engine.AnswerInquiry(c.ctx(), c.actor, c.id(), in.Text))
}

func (a *API) closeInquiry(c *call) error {
	return a.shownInquiry(c)(a.Engine.CloseInquiry(c.ctx(), c.actor, c.id()))
}

func (a *API) shownInquiry(c *call) func(*booking.InquiryView, error) error {
	return func(v *booking.InquiryView, err error) error {
		if err != nil {
			return err
		}
		return c.show(http.StatusOK, inquiryJSON(v))
	}
}

func inquiryJSON(v *booking.InquiryView) gin.H {
	h := gin.H{"id": v.ID, "state": v.State, "center": named(v.CenterID, v.Center.Name),
		"account":  gin.H{"id": v.AccountID, "name": v.Person.Name, "phone": phone(v.Person.Phone)},
		"asked_at": stamp(v.AskedAt, v.Zone)}
	if v.Equipment != nil {
		h["equipment"] = named(v.EquipmentID, v.Equipment.Name)
	}
	put(h, "text", v.Text)
	put(h, "answer", v.Answer)
	put(h, "settled_at", stampPtr(v.SettledAt, v.Zone))
	return h
}
