package account

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// No way of printing shows a secret, alone or inside what holds it.
func TestSecretsAreNotPrinted(t *testing.T) {
	const canary = "카나리아-canary"
	things := []any{
		Secret(canary), []Secret{canary}, map[string]Secret{"k": canary}, struct{ S Secret }{canary},
		Account{Name: canary, Phone: canary, Email: canary}, &Account{Name: canary},
		Record{Account: Account{Name: canary}, PasswordHash: canary, PhoneWanted: canary}, &Record{PasswordHash: canary},
		Contacts{Name: canary, Email: canary, Phone: canary}, Session{Token: canary},
		SignUp{Name: canary, Phone: canary, Password: canary}, SignIn{Password: canary, Code: canary, OTP: canary},
		CodeMessage{To: canary, Code: canary}, Guest{Name: canary, Phone: canary}, Reset{Code: canary, Password: canary},
		PasswordChange{Current: canary, New: canary}, NewAccount{Name: canary, Password: canary}, Login{Value: canary},
	}
	hex := fmt.Sprintf("%x", canary)
	for _, thing := range things {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, thing)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "thing", thing)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "thing", thing)
		if b, err := json.Marshal(thing); err == nil {
			out.Write(b)
		}
		if b, err := xml.Marshal(thing); err == nil {
			out.Write(b)
		}
		if s := out.String(); strings.Contains(s, "canary") || strings.Contains(s, "카나") || strings.Contains(strings.ToLower(s), hex) {
			t.Errorf("%T is printed: %s", thing, s)
		}
	}
	if Secret(canary).Reveal() != canary {
		t.Error("Reveal hides it too")
	}
}
