package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
	"gongbang/web/edge"
)

//go:embed static
var staticFiles embed.FS

// static is what browsers may keep for ever, by path: the name holds a hash of the content.
type static struct {
	CSS, JS, Icon string // paths
	// StaffCSS and StaffJS are the parts named NN-desk and NN-manage: people on
	// a phone don't wait for them.
	StaffCSS, StaffJS string
	files             map[string]staticFile
}

type staticFile struct {
	kind string
	data []byte
}

// loadStatic joins the parts of the one style sheet and the one script in the order of their names.
func loadStatic() (*static, error) {
	s := &static{files: map[string]staticFile{}}
	css, staffCSS, err := join("static/css")
	if err != nil {
		return nil, err
	}
	js, staffJS, err := join("static/js")
	if err != nil {
		return nil, err
	}
	icon, err := staticFiles.ReadFile("static/icon.svg")
	if err != nil {
		return nil, err
	}
	s.CSS = s.put("app", "css", "text/css; charset=utf-8", css)
	s.JS = s.put("app", "js", "text/javascript; charset=utf-8", js)
	s.StaffCSS = s.put("staff", "css", "text/css; charset=utf-8", staffCSS)
	s.StaffJS = s.put("staff", "js", "text/javascript; charset=utf-8", staffJS)
	s.Icon = s.put("icon", "svg", "image/svg+xml", icon)
	return s, nil
}

// join puts the parts of a folder together in the order of their names: those
// for everybody and those for staff.
func join(dir string) (everybody, staff []byte, err error) {
	parts, err := fs.ReadDir(staticFiles, dir) // sorted by name
	if err != nil {
		return nil, nil, err
	}
	var all, own bytes.Buffer
	for _, part := range parts {
		raw, err := staticFiles.ReadFile(dir + "/" + part.Name())
		if err != nil {
			return nil, nil, err
		}
		if name := part.Name(); strings.Contains(name, "-desk") || strings.Contains(name, "-manage") {
			own.Write(raw)
			continue
		}
		all.Write(raw)
	}
	return all.Bytes(), own.Bytes(), nil
}

func (s *static) put(name, ext, kind string, data []byte) string {
	sum := sha256.Sum256(data)
	path := "/static/" + name + "." + hex.EncodeToString(sum[:6]) + "." + ext
	s.files[path] = staticFile{kind, data}
	return path
}

// serve answers what a hashed name stands for; browsers may keep it for ever.
func (s *static) serve(c *gin.Context) error {
	file, ok := s.files[c.Request.URL.Path]
	if !ok {
		return fault.ErrNotFound
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Writer.Header().Del("Vary")
	c.Data(http.StatusOK, file.kind, file.data)
	return nil
}

func (p *pages) mountStatic() {
	edge.Get(p.Edge.Engine, "/static/*name", p.Edge.Wrap(p.static.serve))
	edge.Get(p.Edge.Engine, "/favicon.ico", p.Edge.Wrap(func(c *gin.Context) error {
		c.Redirect(http.StatusMovedPermanently, p.static.Icon)
		return nil
	}))
}

// pageCSP allows our own files and nothing that is written into a page.
const pageCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self' blob:; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// pageHeaders are those of every HTML answer. Under no-referrer browsers send
// "Origin: null" with a form, so the referrer stays, within the service.
func pageHeaders(h http.Header) {
	h.Set("Content-Security-Policy", pageCSP)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
	h.Set("Vary", "Cookie")
	if !strings.Contains(h.Get("Cache-Control"), "no-store") {
		h.Set("Cache-Control", "no-store")
	}
}
