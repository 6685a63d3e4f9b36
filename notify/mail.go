package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"time"
)

const (
	dialTimeout = 10 * time.Second
	sendTimeout = 30 * time.Second
)

// MailConfig says how mail leaves.
type MailConfig struct {
	// URL is smtp://user:pass@host:port (STARTTLS when offered) or smtps://….
	// "?from=ADDRESS" names the sender; else the user when it is an address.
	URL string
	// From is the sender when the URL names none.
	From string
	// Name is shown beside the sender's address.
	Name string
	// TLS is the configuration of encrypted connections; nil: the system's trust, TLS 1.2 up.
	TLS *tls.Config
}

// Mail sends by SMTP, one connection for each message.
type Mail struct {
	host, addr string
	implicit   bool // TLS from the first byte
	auth       smtp.Auth
	from       mail.Address
	tls        *tls.Config
}

// NewMail checks the settings and connects to nothing.
func NewMail(c MailConfig) (*Mail, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("notify: the SMTP URL must be smtp://user:pass@host:port")
	}
	m := &Mail{host: u.Hostname(), addr: hostPort(u), implicit: u.Scheme == "smtps", tls: &tls.Config{MinVersion: tls.VersionTLS12}}
	if c.TLS != nil {
		m.tls = c.TLS.Clone()
	}
	m.tls.ServerName = m.host
	pass, hasPass := u.User.Password()
	if hasPass {
		// PlainAuth itself refuses to hand the password to a server without TLS.
		m.auth = smtp.PlainAuth("", u.User.Username(), pass, m.host)
	}
	m.from, err = sender(c, u)
	return m, err
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "smtps":
		port = "465"
	default:
		port = "587"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func sender(c MailConfig, u *url.URL) (mail.Address, error) {
	for _, s := range []string{u.Query().Get("from"), c.From, u.User.Username()} {
		if a, err := mail.ParseAddress(s); err == nil {
			return mail.Address{Name: c.Name, Address: a.Address}, nil
		}
	}
	return mail.Address{}, errors.New("notify: mail needs a sender: smtp://…?from=ADDRESS")
}

// Send hands the message to the server. When the connection breaks after the
// text was handed over, the server may have accepted it: the Message-ID made
// from key is the same at the next try, so mail programs can join the two.
func (s *Mail) Send(ctx context.Context, m Message, key string) error {
	body, err := s.compose(m, key)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("mail: dial: %w", err)
	}
	defer conn.Close()
	// Closing is the one thing that interrupts a server that says nothing.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	return s.transact(conn, m.To, body)
}

func (s *Mail) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTimeout}
	if s.implicit {
		return (&tls.Dialer{NetDialer: &d, Config: s.tls}).DialContext(ctx, "tcp", s.addr)
	}
	return d.DialContext(ctx, "tcp", s.addr)
}

func (s *Mail) transact(conn net.Conn, to string, body []byte) error {
	c, err := smtp.NewClient(conn, s.host)
	if err != nil {
		return refused("greeting", err)
	}
	defer c.Close()
	if err := s.greet(c); err != nil {
		return err
	}
	if err := c.Mail(s.from.Address); err != nil {
		return refused("sender", err)
	}
	if err := c.Rcpt(to); err != nil {
		return refused("recipient", err)
	}
	w, err := c.Data()
	if err != nil {
		return refused("data", err)
	}
	if _, err := w.Write(body); err != nil {
		return refused("data", err)
	}
	if err := w.Close(); err != nil {
		return refused("end of data", err)
	}
	_ = c.Quit() // accepted already; what comes after changes nothing
	return nil
}

func (s *Mail) greet(c *smtp.Client) error {
	if err := c.Hello("localhost"); err != nil {
		return refused("hello", err)
	}
	if ok, _ := c.Extension("STARTTLS"); ok && !s.implicit {
		if err := c.StartTLS(s.tls); err != nil {
			return refused("starttls", err)
		}
	}
	if s.auth == nil {
		return nil
	}
	if err := c.Auth(s.auth); err != nil {
		return refused("auth", err)
	}
	return nil
}

// refused keeps the server's code and drops its words: they often repeat the
// address, and errors go to the log and to the outbox.
func refused(step string, err error) error {
	var t *textproto.Error
	if errors.As(err, &t) {
		return fmt.Errorf("mail: %s: the server answered %d", step, t.Code)
	}
	return fmt.Errorf("mail: %s: %w", step, err)
}
