package page

import (
	"html/template"
	"strconv"
	"strings"

	"gongbang/internal/lang"
)

// reasonsOf are the reasons to pick from for a deed. What is stored says both
// languages, because nobody knows which one the person reads.
func (r *request) reasonsOf(deed string) []Option {
	var out []Option
	for n := 1; ; n++ {
		key := "desk.reason." + deed + "." + strconv.Itoa(n)
		if !r.p.texts.has(r.lang, key) {
			return out
		}
		out = append(out, Option{Value: deed + "." + strconv.Itoa(n), Label: r.T(key), Checked: n == 1})
	}
}

// reasonText is a picked reason in both languages; "" for what is on no list.
func (r *request) reasonText(picked string) string {
	key := "desk.reason." + picked
	if !r.p.texts.has(lang.Ko, key) || !r.p.texts.has(lang.En, key) {
		return ""
	}
	return r.p.texts.get(lang.Ko, key) + " / " + r.p.texts.get(lang.En, key)
}

// shownReason is a stored reason as this page reads it: a picked one in its
// language alone, what was typed beside it as it is.
func (r *request) shownReason(stored string) template.HTML {
	f := Frame{Lang: r.lang}
	for key := range r.p.texts.by[lang.Ko] {
		picked, is := strings.CutPrefix(key, "desk.reason.")
		if !is || !strings.Contains(picked, ".") {
			continue
		}
		if more, ok := strings.CutPrefix(stored, r.reasonText(picked)); ok {
			return text(r.T(key)) + " " + f.Korean(strings.TrimSpace(more))
		}
	}
	return f.Korean(stored)
}

// moreLength bounds what staff type beside a picked reason, in characters.
const moreLength = 200

// reason is what was picked, and what was typed beside it.
func (d *deskInput) reason(r *request) string {
	picked := r.reasonText(d.text("reason"))
	more := d.text("more")
	if len([]rune(more)) > moreLength {
		d.refuse("more", "too_long", strconv.Itoa(moreLength))
		return ""
	}
	return strings.TrimSpace(strings.Join([]string{picked, more}, " "))
}
