package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/lang"
)

type signInBody struct {
	Login    string         `json:"login" validate:"required,max=254"`
	Password account.Secret `json:"password" validate:"max=1024"`
	Code     account.Secret `json:"code" validate:"max=16"`
	OTP      account.Secret `json:"otp" validate:"max=16"`
}

func (a *API) signIn(c *call, in *signInBody) error {
	s, who, err := a.People.SignIn(c.ctx(), c.actor, account.SignIn{Login: in.Login, Password: in.Password, Code: in.Code, OTP: in.OTP})
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	a.edge.SetCookie(c.Context, s.Token.Reveal(), s.ExpiresAt)
	return c.show(http.StatusCreated, gin.H{"token": s.Token.Reveal(), "expires_at": stamp(s.ExpiresAt, zone), "account": accountJSON(who)})
}

func (a *API) signOut(c *call) error {
	if err := a.People.SignOut(c.ctx(), c.actor); err != nil {
		return err
	}
	a.edge.SetCookie(c.Context, "", time.Time{})
	c.Status(http.StatusNoContent)
	return nil
}

type loginBody struct {
	Login string `json:"login" validate:"required,max=254"`
}

func (a *API) sendCode(c *call, in *loginBody) error {
	if err := a.People.SendCode(c.ctx(), c.actor, in.Login); err != nil {
		return err
	}
	return c.accepted()
}

// accepted says the same whatever is known of a login or contact.
func (c *call) accepted() error { return c.show(http.StatusAccepted, gin.H{"state": "accepted"}) }

type resetBody struct {
	Login    string         `json:"login" validate:"required,max=254"`
	Code     account.Secret `json:"code" validate:"required_with=Password,max=16"`
	Password account.Secret `json:"password" validate:"required_with=Code,max=1024"`
}

// resetPassword without code and password sends the code first.
func (a *API) resetPassword(c *call, in *resetBody) error {
	if in.Code == "" {
		return a.sendCode(c, &loginBody{in.Login})
	}
	err := a.People.ResetPassword(c.ctx(), c.actor, account.Reset{Login: in.Login, Code: in.Code, Password: in.Password})
	if err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

type signUpBody struct {
	Name     account.Secret `json:"name" validate:"required"`
	Phone    account.Secret `json:"phone" validate:"max=64"`
	Email    account.Secret `json:"email" validate:"max=254"`
	Password account.Secret `json:"password" validate:"max=1024"`
	Locale   string         `json:"locale" validate:"omitempty,oneof=ko en"`
	Firm     *firmBody      `json:"firm"`
	Groups   []string       `json:"groups" validate:"max=20,dive,max=64"`
	Consents *struct {
		Terms   *bool `json:"terms" validate:"required"`
		Privacy *bool `json:"privacy" validate:"required"`
		Survey  *bool `json:"survey"`
	} `json:"consents" validate:"required"`
}

type firmBody struct {
	Name           string `json:"name" validate:"required,max=80"`
	BusinessNumber string `json:"business_number" validate:"required,max=20"`
}

func (a *API) signUp(c *call, in *signUpBody) error {
	up := account.SignUp{Name: in.Name, Phone: in.Phone, Email: in.Email, Password: in.Password, Locale: in.Locale, Groups: in.Groups,
		Consents: account.Consents{Terms: in.Consents.Terms, Privacy: in.Consents.Privacy, Survey: in.Consents.Survey}}
	if in.Firm != nil {
		up.Firm = &account.Firm{Name: in.Firm.Name, BusinessNumber: in.Firm.BusinessNumber}
	}
	who, created, err := a.People.SignUp(c.ctx(), c.actor, up)
	if err != nil {
		return err
	}
	// Behind a gateway a sign-up must not tell whether a contact is known.
	if !created || a.People.MustVerify() {
		return c.accepted()
	}
	return c.show(http.StatusCreated, accountJSON(who))
}

// accountJSON is an account as its owner, the desk that looked it up or, masked, a list shows it.
func accountJSON(a account.Account) gin.H {
	return gin.H{
		"id": a.ID, "name": a.Name.Reveal(),
		"email": orNull(a.Email.Reveal()), "phone": phoneOf(a),
		"email_verified": a.EmailVerified, "phone_verified": a.PhoneVerified,
		"locale": a.Locale, "guest": a.Guest, "roles": rolesJSON(a.Grants),
	}
}

// phoneOf leaves a masked number as it is.
func phoneOf(a account.Account) any { return orNull(lang.LocalPhone(a.Phone.Reveal())) }

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// rolesJSON is never null; center null is every center.
func rolesJSON(grants []account.Grant) []gin.H {
	return each(grants, func(g account.Grant) gin.H { return gin.H{"role": g.Role, "center": orNull(g.Center)} })
}
