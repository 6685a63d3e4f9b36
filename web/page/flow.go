package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

const (
	flowLife = 30 * time.Minute
	// flowSize bounds a kept press, in bytes: a question of 500 characters fits, whatever they are.
	flowSize = 4800
)

// flow is a press that is kept while somebody signs in. It is signed, so that
// nobody can make others press what they never saw.
type flow struct {
	Path  string     `json:"p"`
	Sent  url.Values `json:"f"`
	Until int64      `json:"u"` // Unix seconds
}

// toSignIn sends somebody who is not signed in to the sign-in page and keeps
// what they wanted: the page, or the press with its values.
func (r *request) toSignIn() error {
	if r.Request.Method == get {
		return r.see("/sign-in?next=" + url.QueryEscape(r.path()))
	}
	sent, err := r.sent()
	if err != nil {
		return r.see("/sign-in")
	}
	f := flow{Path: localPath(&url.URL{Path: r.Request.URL.Path}), Sent: sent, Until: r.now.Add(flowLife).Unix()}
	token := r.p.signFlow(f)
	if len(token) > flowSize {
		return r.see("/sign-in")
	}
	return r.see("/sign-in?flow=" + url.QueryEscape(token))
}

func (p *pages) signFlow(f flow) string {
	raw, _ := json.Marshal(f)
	text := base64.RawURLEncoding.EncodeToString(raw)
	return text + "." + p.seal(text)
}

func (p *pages) seal(text string) string {
	m := hmac.New(sha256.New, p.Key)
	m.Write([]byte("page flow\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

func (p *pages) readFlow(token string, now time.Time) (f flow, ok bool) {
	text, seal, cut := strings.Cut(token, ".")
	if !cut || len(token) > flowSize || !hmac.Equal([]byte(seal), []byte(p.seal(text))) {
		return f, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &f) != nil || now.Unix() > f.Until {
		return f, false
	}
	return f, true
}

// goOn is where somebody goes who just signed in: they press again what they
// had pressed, or see the page they wanted.
func (r *request) goOn(actor account.Actor, next, token string) error {
	if f, ok := r.p.readFlow(token, r.now); ok {
		if row, params, found := r.p.match(post, f.Path); found {
			return r.again(actor, f, row, params)
		}
	}
	return r.see(ownPath(next))
}

// again does what the kept press asked for, as the person who is signed in now.
func (r *request) again(actor account.Actor, f flow, row route, params gin.Params) error {
	actor.Address, actor.RequestID, actor.Locale = r.actor.Address, r.actor.RequestID, r.lang
	edge.SetActor(r.Context, actor)
	r.actor, r.row, r.Params = actor, row, params
	r.Request.URL = &url.URL{Path: r.url(f.Path)}
	r.Request.PostForm, r.Request.Form = f.Sent, f.Sent
	if !row.permits(actor, r.Param("center")) {
		return fault.ErrForbidden
	}
	return row.do(r)
}

// match finds the row that a path of ours belongs to.
func (p *pages) match(method, path string) (route, gin.Params, bool) {
	have := strings.Split(path, "/")
	for _, row := range p.table {
		want := strings.Split(row.path, "/")
		if row.method != method || len(want) != len(have) {
			continue
		}
		var params gin.Params
		fits := true
		for i, w := range want {
			if name, ok := strings.CutPrefix(w, ":"); ok && have[i] != "" {
				params = append(params, gin.Param{Key: name, Value: have[i]})
				continue
			}
			fits = fits && w == have[i]
		}
		if fits {
			return row, params, true
		}
	}
	return route{}, nil, false
}

// ownPath lets nobody be sent to another site: what is no path of ours is the start page.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return localPath(u)
}
