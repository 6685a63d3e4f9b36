package notify_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"mime"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"

	"gongbang/notify"
	"gongbang/notify/smtptest"
)

func letter() notify.Message {
	return notify.Message{
		At: clock("2026-11-22 14:00").In(seoul), Channel: notify.Email, To: "citizen@demo.test", Kind: "booking.confirmed",
		Subject: strings.Repeat("예약이 확정되었습니다 ", 8), Text: "본문\n.점으로 시작\n" + strings.Repeat("긴 줄 ", 300),
	}
}

func mailer(t *testing.T, c notify.MailConfig) *notify.Mail {
	t.Helper()
	m, err := notify.NewMail(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMailArrivesAsWritten(t *testing.T) {
	s := smtptest.Start(t, nil)
	m := letter()
	m.OneClick("https://demo.test/o/abc")
	if err := mailer(t, notify.MailConfig{URL: "smtp://" + s.Addr, From: "no-reply@demo.test", Name: "시험 공방"}).Send(context.Background(), m, "key-1"); err != nil {
		t.Fatal(err)
	}
	mails := s.Mails()
	if len(mails) != 1 || mails[0].To != m.To || mails[0].From != "no-reply@demo.test" {
		t.Fatalf("%+v", mails)
	}
	for line := range strings.Lines(mails[0].Data) {
		if len(line) > 200 {
			t.Errorf("a line of %d bytes: %.60s", len(line), line)
		}
	}
	got, err := mail.ReadMessage(strings.NewReader(mails[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, got.Body))
	if err != nil || string(body) != m.Text {
		t.Errorf("body %q, %v", body, err)
	}
	if got.Header.Get("List-Unsubscribe") != "<https://demo.test/o/abc>" || got.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("headers %v", got.Header)
	}
	if date, err := got.Header.Date(); err != nil || !date.Equal(m.At) {
		t.Errorf("date %v, %v", date, err)
	}
}

func TestMessageIDFollowsTheKey(t *testing.T) {
	s := smtptest.Start(t, nil)
	sender := mailer(t, notify.MailConfig{URL: "smtp://" + s.Addr + "?from=no-reply@demo.test"})
	for _, key := range []string{"one", "one", "two"} {
		if err := sender.Send(context.Background(), letter(), key); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, sent := range s.Mails() {
		m, err := mail.ReadMessage(strings.NewReader(sent.Data))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.Header.Get("Message-ID"))
	}
	if ids[0] != ids[1] || ids[0] == ids[2] || !strings.HasSuffix(ids[0], "@demo.test>") {
		t.Fatalf("%v", ids)
	}
}

func TestMailUsesSTARTTLSBeforeThePassword(t *testing.T) {
	cert := httptest.NewTLSServer(nil)
	defer cert.Close()
	roots := x509.NewCertPool()
	roots.AddCert(cert.Certificate())
	s := smtptest.Start(t, func(s *smtptest.Server) {
		s.TLS = &tls.Config{Certificates: cert.TLS.Certificates}
	})
	url := "smtp://user:s3cret@" + s.Addr + "?from=no-reply@demo.test"
	if err := mailer(t, notify.MailConfig{URL: url}).Send(context.Background(), letter(), "k"); err == nil {
		t.Fatal("a certificate of nobody we know was accepted")
	}
	trusting := mailer(t, notify.MailConfig{URL: url, TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}})
	if err := trusting.Send(context.Background(), letter(), "k"); err != nil {
		t.Fatal(err)
	}
	if got := s.Mails(); len(got) != 1 || !got[0].Encrypted {
		t.Fatalf("%+v", got)
	}
	want := "PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00user\x00s3cret"))
	if got := s.Auth(); len(got) != 1 || got[0] != want {
		t.Fatalf("auth %v", got)
	}
}

func TestMailErrorsNameNobody(t *testing.T) {
	for name, set := range map[string]func(*smtptest.Server){
		"sender":    func(s *smtptest.Server) { s.RefuseSender = true },
		"recipient": func(s *smtptest.Server) { s.RefuseTo = func(string) int { return 550 } },
		"later":     func(s *smtptest.Server) { s.RefuseTo = func(string) int { return 451 } },
		"dropped":   func(s *smtptest.Server) { s.DropAfterData = func(int) bool { return true } },
	} {
		t.Run(name, func(t *testing.T) {
			s := smtptest.Start(t, set)
			err := mailer(t, notify.MailConfig{URL: "smtp://" + s.Addr, From: "no-reply@demo.test"}).Send(context.Background(), letter(), "k")
			if err == nil || strings.Contains(err.Error(), "demo.test") {
				t.Fatalf("want an error without an address, got %v", err)
			}
		})
	}
}

func TestMailEndsWithItsContext(t *testing.T) {
	s := smtptest.Start(t, func(s *smtptest.Server) { s.Silent = true })
	ctx, cancel := context.WithCancel(context.Background())
	sender := mailer(t, notify.MailConfig{URL: "smtp://" + s.Addr, From: "no-reply@demo.test"})
	done := make(chan error)
	go func() { done <- sender.Send(ctx, letter(), "k") }()
	cancel()
	if err := <-done; err == nil {
		t.Fatal("a silent server was taken for success")
	}
}

func TestMailRefusesWhatCouldBecomeAHeader(t *testing.T) {
	s := smtptest.Start(t, nil)
	sender := mailer(t, notify.MailConfig{URL: "smtp://" + s.Addr, From: "no-reply@demo.test"})
	for name, change := range map[string]func(*notify.Message){
		"line break in the address": func(m *notify.Message) { m.To = "a@demo.test\r\nBcc: b@demo.test" },
		"two addresses":             func(m *notify.Message) { m.To = "a@demo.test, b@demo.test" },
		"a name beside the address": func(m *notify.Message) { m.To = "A <a@demo.test>" },
		"line break in a header":    func(m *notify.Message) { m.OneClick("https://demo.test/\r\nBcc: b@demo.test") },
	} {
		m := letter()
		change(&m)
		if err := sender.Send(context.Background(), m, "k"); err == nil {
			t.Errorf("%s was sent", name)
		}
	}
	m := letter()
	m.Subject = "a\r\nBcc: b@demo.test"
	if err := sender.Send(context.Background(), m, "k"); err != nil {
		t.Fatal(err)
	}
	if got := s.Mails(); len(got) != 1 || strings.Contains(got[0].Data, "\nBcc:") {
		t.Fatalf("%+v", got)
	}
}

func TestMailSettings(t *testing.T) {
	for _, bad := range []string{"", "http://host", "smtp://", "smtp://user:pass@host:25", "smtp://host?from=nobody"} {
		if _, err := notify.NewMail(notify.MailConfig{URL: bad}); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	for _, good := range []string{"smtp://a%40demo.test:p@host", "smtps://user:p@host?from=a@demo.test"} {
		if _, err := notify.NewMail(notify.MailConfig{URL: good}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}
