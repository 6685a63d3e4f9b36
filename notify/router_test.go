package notify_test

import (
	"context"
	"errors"
	"testing"

	"gongbang/notify"
)

type recorder struct{ sent []notify.Message }

func (r *recorder) Send(_ context.Context, m notify.Message, _ string) error {
	r.sent = append(r.sent, m)
	return nil
}

func TestRoute(t *testing.T) {
	mail, sms := &recorder{}, &recorder{}
	both := notify.Address{Email: "a@demo.test", Phone: "+821012345678"}
	for _, c := range []struct {
		name string
		r    *notify.Router
		a    notify.Address
		want notify.Channel
	}{
		{"e-mail first", notify.NewRouter(mail, sms), both, notify.Email},
		{"no mail sender", notify.NewRouter(nil, sms), both, notify.SMS},
		{"no e-mail", notify.NewRouter(mail, sms), notify.Address{Phone: both.Phone}, notify.SMS},
		{"proved phone before unproved e-mail", notify.NewRouter(mail, sms), notify.Address{Email: both.Email, Phone: both.Phone, PhoneVerified: true}, notify.SMS},
		{"preference", notify.NewRouter(mail, sms), notify.Address{Email: both.Email, Phone: both.Phone, Prefer: []notify.Channel{notify.SMS}}, notify.SMS},
		{"preference that can't be met", notify.NewRouter(mail, sms), notify.Address{Email: both.Email, Prefer: []notify.Channel{notify.SMS}}, notify.Email},
		{"nobody can send", notify.NewRouter(nil, nil), both, ""},
		{"phone without SMS", notify.NewRouter(mail, nil), notify.Address{Phone: both.Phone}, ""},
		{"no contact", notify.NewRouter(mail, sms), notify.Address{}, ""},
	} {
		got, to, ok := c.r.Route(c.a)
		if got != c.want || ok != (c.want != "") || ok && to == "" {
			t.Errorf("%s: %q to %q, want %q", c.name, got, to, c.want)
		}
	}
}

func TestRouterSendsByTheChannel(t *testing.T) {
	mail := &recorder{}
	r := notify.NewRouter(mail, nil)
	if err := r.Send(context.Background(), notify.Message{Channel: notify.Email}, "k"); err != nil || len(mail.sent) != 1 {
		t.Fatal(err, mail.sent)
	}
	if err := r.Send(context.Background(), notify.Message{Channel: notify.SMS}, "k"); !errors.Is(err, notify.ErrNoChannel) {
		t.Fatal(err)
	}
	if !r.CanSend() || r.Has(notify.SMS) || notify.NewRouter(nil, nil).CanSend() {
		t.Fatal("what can be sent is told wrongly")
	}
}
