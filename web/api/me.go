package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
)

func (a *API) me(c *call) error {
	p, err := a.People.Me(c.ctx(), c.actor)
	return a.profile(c, p, err)
}

type mePatch struct {
	Name     *string   `json:"name"`
	Email    *string   `json:"email" validate:"omitempty,max=254"`
	Phone    *string   `json:"phone" validate:"omitempty,max=64"`
	Locale   *string   `json:"locale" validate:"omitempty,oneof=ko en"`
	Channels *[]string `json:"channels" validate:"omitempty,max=2,dive,oneof=email sms"`
}

func (a *API) changeMe(c *call, in *mePatch) error {
	p, err := a.People.PatchMe(c.ctx(), c.actor, account.MePatch{Name: in.Name, Email: in.Email, Phone: in.Phone,
		Locale: in.Locale, Channels: in.Channels})
	return a.profile(c, p, err)
}

type verifyBody struct {
	Kind string         `json:"kind" validate:"required,oneof=email phone"`
	Code account.Secret `json:"code" validate:"max=16"`
}

// verifyContact without a code sends one to the contact.
func (a *API) verifyContact(c *call, in *verifyBody) error {
	if in.Code == "" {
		if err := a.People.SendContactCode(c.ctx(), c.actor, account.Kind(in.Kind)); err != nil {
			return err
		}
		return c.accepted()
	}
	p, err := a.People.VerifyContact(c.ctx(), c.actor, account.Kind(in.Kind), in.Code)
	return a.profile(c, p, err)
}

type passwordBody struct {
	Current  account.Secret `json:"current" validate:"max=1024"`
	Password account.Secret `json:"password" validate:"required,max=1024"`
}

func (a *API) setPassword(c *call, in *passwordBody) error {
	if err := a.People.SetPassword(c.ctx(), c.actor, account.PasswordChange{Current: in.Current, New: in.Password}); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

type consentBody struct {
	Given *bool `json:"given" validate:"required"`
}

func (a *API) setConsent(c *call, in *consentBody) error {
	given, err := a.People.SetConsent(c.ctx(), c.actor, c.Param("key"), *in.Given)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, consentJSON(given, zone))
}

func (a *API) profile(c *call, p account.Profile, err error) error {
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, profileJSON(p, zone))
}

func profileJSON(p account.Profile, zone *time.Location) gin.H {
	h := accountJSON(p.Account)
	h["has_password"] = p.Account.HasPassword
	h["channels"] = each(p.Account.Channels, func(ch account.Channel) string { return string(ch) })
	h["created_at"] = stamp(p.Account.CreatedAt, zone)
	h["groups"] = each(p.Groups, func(g account.Group) gin.H { return groupJSON(g, zone) })
	h["certificates"] = each(p.Certificates, func(t account.Certificate) gin.H { return certificateJSON(t, zone) })
	h["consents"] = each(p.Consents, func(t account.Consent) gin.H { return consentJSON(t, zone) })
	h["firm"] = nil
	if f := p.Firm; f != nil {
		h["firm"] = gin.H{"name": f.Name, "business_number": f.BusinessNumber, "confirmed_at": stampPtr(f.ConfirmedAt, zone)}
	}
	return h
}

func groupJSON(g account.Group, zone *time.Location) gin.H {
	return gin.H{"id": g.ID, "declared_at": stampPtr(g.DeclaredAt, zone), "confirmed_at": stampPtr(g.ConfirmedAt, zone)}
}

func certificateJSON(t account.Certificate, zone *time.Location) gin.H {
	return gin.H{"id": t.ID, "key": t.Key, "center": orNull(t.Center), "basis": t.Basis, "issued_at": stamp(t.IssuedAt, zone),
		"expires_at": stampPtr(t.ValidUntil, zone), "revoked_at": stampPtr(t.RevokedAt, zone)}
}

func consentJSON(t account.Consent, zone *time.Location) gin.H {
	return gin.H{"key": t.Key, "given": t.Given, "version": t.Version, "at": stamp(t.At, zone), "how": t.How}
}

// devices lists where the person is signed in.
func (a *API) devices(c *call) error {
	list, err := a.People.Devices(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.list(each(list, func(d account.Device) gin.H {
		return gin.H{"id": d.ID, "since": stamp(d.Since, zone), "expires_at": stamp(d.ExpiresAt, zone), "current": d.Current}
	}), "")
}

func (a *API) endDevice(c *call) error {
	if err := a.People.EndDevice(c.ctx(), c.actor, c.id()); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
