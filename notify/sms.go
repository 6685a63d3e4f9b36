package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// gatewayTimeout bounds one call of the SMS gateway.
const gatewayTimeout = 10 * time.Second

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// SMSGateway posts messages as JSON to an HTTP gateway, signed so that the
// gateway can refuse what is not from here, or is old.
type SMSGateway struct {
	url    string
	secret []byte
	now    func() time.Time
	client *http.Client
}

// NewSMSGateway takes http(s)://user:SECRET@host/path; the password is the
// key of the signature and never leaves. now is the clock of the timestamp.
func NewSMSGateway(rawURL string, now func() time.Time) (*SMSGateway, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("notify: the SMS URL must be http(s)://user:secret@host/path")
	}
	secret, _ := u.User.Password()
	if secret == "" {
		return nil, errors.New("notify: the SMS URL has no secret (http(s)://user:secret@host/path)")
	}
	if now == nil {
		return nil, errors.New("notify: the SMS gateway needs a clock")
	}
	u.User = nil
	return &SMSGateway{url: u.String(), secret: []byte(secret), now: now, client: gatewayClient()}, nil
}

// A redirect would carry a person's number to a host nobody chose.
func gatewayClient() *http.Client {
	return &http.Client{
		Timeout: gatewayTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// Send posts {"to","text","kind","key"} with the headers X-Gongbang-Timestamp
// (Unix seconds), X-Gongbang-Signature ("sha256=" and the hex HMAC of
// timestamp "." body) and Idempotency-Key. Any answer but 2xx is an error.
func (g *SMSGateway) Send(ctx context.Context, m Message, key string) error {
	if !e164.MatchString(m.To) {
		return errors.New("sms: the number is not E.164")
	}
	body, err := json.Marshal(map[string]string{"to": m.To, "text": m.Text, "kind": m.Kind, "key": key})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(g.now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	req.Header.Set("X-Gongbang-Timestamp", stamp)
	req.Header.Set("X-Gongbang-Signature", "sha256="+Sign(g.secret, stamp, body))
	res, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("sms: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4096)) // so that the connection is used again
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("sms: the gateway answered %d", res.StatusCode)
	}
	return nil
}

// Sign is the hex HMAC-SHA256 of timestamp "." body, as a gateway computes it to check.
func Sign(secret []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
