package page

import (
	"net/http"

	"gongbang/internal/lang"
)

// settingsView is the page on which people choose how screens look.
type settingsView struct {
	Frame
	Form *Form
}

func (p *pages) settingsPage(r *request) error {
	v := settingsView{Frame: r.frame("settings.title")}
	v.Form = r.form("/settings",
		&Field{Name: "size", Type: "radios", Label: r.T("settings.size"), Options: r.words("settings.size.", sizes, r.ui.Size)},
		&Field{Name: "contrast", Type: "radios", Label: r.T("settings.contrast"), Options: r.words("settings.contrast.", contrasts, r.ui.Contrast)},
		&Field{Name: "lang", Type: "radios", Label: r.T("settings.lang"), Options: []Option{
			{Value: "ko", Label: "한국어", Checked: r.lang == lang.Ko}, {Value: "en", Label: "English", Checked: r.lang == lang.En}}},
	).hide("next", r.Query("next"))
	return r.page(http.StatusOK, "settings", &v)
}

// words are options whose labels stand under prefix + value.
func (r *request) words(prefix string, values []string, chosen string) []Option {
	list := make([]Option, len(values))
	for i, v := range values {
		list[i] = Option{Value: v, Label: r.T(prefix + v), Checked: v == chosen}
	}
	return list
}

func (p *pages) saveSettings(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	s := settings{
		Contrast: oneOf(contrasts, sent.Get("contrast"), r.ui.Contrast),
		Size:     oneOf(sizes, sent.Get("size"), r.ui.Size),
		Lang:     lang.Locale(oneOf([]string{"ko", "en"}, sent.Get("lang"), string(r.lang))),
	}
	http.SetCookie(r.Writer, s.cookie(p.Edge.Secure()))
	r.note("note.settings")
	r.lang = s.Lang
	next := "/settings"
	if sent.Get("next") != "" {
		next = ownPath(sent.Get("next"))
	}
	return r.see(next)
}
