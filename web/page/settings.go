package page

import (
	"net/http"
	"strings"

	"gongbang/internal/lang"
)

// settings is how somebody wants screens to look. It lives in a cookie of
// three words, contrast-size-lang, and the server draws every page by it.
type settings struct {
	Contrast string // "normal" or "more" (선명한 화면)
	Size     string // s, m, l, xl, xxl
	Lang     lang.Locale
}

const settingsCookie = "ui"

var (
	contrasts = []string{"normal", "more"}
	sizes     = []string{"s", "m", "l", "xl", "xxl"}
)

// readSettings takes what is known of the cookie and the usual for the rest.
func readSettings(r *http.Request) settings {
	s := settings{Contrast: "normal", Size: "m", Lang: lang.Ko}
	c, err := r.Cookie(settingsCookie)
	if err != nil {
		return s
	}
	words := strings.Split(c.Value, "-")
	if len(words) != 3 {
		return s
	}
	s.Contrast = oneOf(contrasts, words[0], s.Contrast)
	s.Size = oneOf(sizes, words[1], s.Size)
	s.Lang = lang.Locale(oneOf([]string{"ko", "en"}, words[2], "ko"))
	return s
}

func oneOf(allowed []string, word, otherwise string) string {
	for _, a := range allowed {
		if a == word {
			return word
		}
	}
	return otherwise
}

func (s settings) cookie(secure bool) *http.Cookie {
	return &http.Cookie{Name: settingsCookie, Value: s.Contrast + "-" + s.Size + "-" + string(s.Lang), Path: "/",
		MaxAge: 400 * 24 * 3600, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
}
