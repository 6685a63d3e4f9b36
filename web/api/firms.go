package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
)

func (a *API) myFirm(c *call) error {
	m, err := a.People.MyFirm(c.ctx(), c.actor)
	return a.membership(c, m, err)
}

func (a *API) claimFirm(c *call, in *firmBody) error {
	m, err := a.People.ClaimFirm(c.ctx(), c.actor, account.Firm{Name: in.Name, BusinessNumber: in.BusinessNumber})
	return a.membership(c, m, err)
}

func (a *API) leaveFirm(c *call) error {
	if err := a.People.LeaveFirm(c.ctx(), c.actor); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// confirmMember is judged by the service: a member of the firm may, and staff.
func (a *API) confirmMember(c *call) error {
	if err := a.People.ConfirmMember(c.ctx(), c.actor, c.id(), c.Param("account")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (a *API) membership(c *call, m account.Membership, err error) error {
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, gin.H{"id": m.ID, "name": m.Name, "business_number": m.BusinessNumber, "confirmed_at": stampPtr(m.ConfirmedAt, zone),
		"members": each(m.Members, func(x account.Member) gin.H { return memberJSON(x, zone) })})
}

func memberJSON(m account.Member, zone *time.Location) gin.H {
	return gin.H{"account_id": m.Account, "name": m.Name.Reveal(), "claimed_at": stamp(m.ClaimedAt, zone), "confirmed_at": stampPtr(m.ConfirmedAt, zone)}
}

type handOverBody struct {
	AccountID string `json:"account_id" validate:"required,max=64"`
	Version   *int   `json:"version" validate:"omitempty,min=1"`
}

func (a *API) handOver(c *call, in *handOverBody) error {
	v, err := a.Engine.HandOver(c.ctx(), c.actor, c.id(), in.AccountID, number(in.Version))
	return a.answer(c, v, err)
}
