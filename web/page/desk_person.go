package page

import (
	"net/url"
	"strings"

	"gongbang/account"
)

// deskPerson is who stands at the counter or is on the phone.
type deskPerson struct {
	phone   string
	known   string // the name under which the number is known; "" is somebody new
	name    string
	consent string // how somebody new agreed that the number is kept
}

// whoIs finds the person by the whole number. Without a number it is somebody
// new whom only a name is kept of.
func (r *request) whoIs(sent url.Values) (deskPerson, error) {
	who := deskPerson{phone: strings.TrimSpace(sent.Get("phone")), name: strings.TrimSpace(sent.Get("name")), consent: sent.Get("consent")}
	if who.phone == "" {
		who.consent = ""
		return who, nil
	}
	a, ok, err := r.p.People.FindByPhone(r.ctx(), r.actor, r.Param("center"), who.phone)
	if err != nil {
		return who, err
	}
	if ok {
		who.known, who.name = string(a.Name), string(a.Name)
		if who.consent == "" {
			who.consent = string(account.TypedAtCounter) // nothing new is kept; the engine asks for a word with every number
		}
	}
	return who, nil
}

// newPersonFields ask for the name, and for the consent where a number is kept.
func (r *request) newPersonFields(phone bool, consent string) []*Field {
	fields := []*Field{{Name: "name", Type: "text", Label: r.T("desk.name"), Hint: r.T("desk.name_hint"), Autocomplete: "off", MaxLength: 80, Required: true, Focus: true}}
	if phone {
		fields = append(fields, &Field{Name: "consent", Type: "radios", Label: r.T("desk.consent"), Hint: r.T("desk.consent_hint"), Options: []Option{
			{Value: consent, Label: r.T("desk.consent." + consent)}, {Value: string(account.TypedFromPaper), Label: r.T("desk.consent.paper")}}})
	}
	return fields
}
