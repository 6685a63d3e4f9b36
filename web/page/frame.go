package page

import (
	"html/template"
	"net/http"
	"strconv"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
)

// Frame is what every page shows around its own part. Views embed it.
type Frame struct {
	Lang  lang.Locale
	Title string // of the page, without the service
	Brand booking.Brand
	Help  booking.Contact
	// Other is this page in the other language.
	Other     string
	Path      string // of this page, without its language
	Write     string // where to write to the center this page is about
	SignedIn  bool
	Desk      bool // may work at some center's desk
	Manager   bool // may read results
	Offer     bool // may change some center
	City      bool // may change what all centers share
	Contrast  string
	Size      string
	Note      string // what the last press did, once
	Demo      bool
	Mailbox   bool
	CSS, JS   string
	StaffCSS  string // "" on pages of citizens
	StaffJS   string
	Icon      string
	When      notify.When // times as citizens read them
	StaffWhen notify.When // times as staff read them
	Now       time.Time
	texts     *texts
}

// frame is the frame of a page whose title stands under a key.
func (r *request) frame(key string, args ...any) Frame { return r.framed(r.T(key, args...)) }

// framed is the frame of a page with a title that is no chrome: the name of a machine.
func (r *request) framed(title string) Frame {
	f := Frame{
		Lang: r.lang, Title: title, Brand: r.brand(), Help: r.catalog.Help, Path: r.path(), Other: r.other(), Write: askPath("", ""),
		SignedIn: !r.actor.Anonymous(), Desk: r.actor.MaySomewhere(account.DeskWork), Manager: r.actor.MaySomewhere(account.Results),
		Offer: r.actor.MaySomewhere(account.OfferEdit), City: r.actor.May(account.CityEdit, ""),
		Contrast: r.ui.Contrast, Size: r.ui.Size, Demo: len(r.p.Demo) > 0, Mailbox: r.p.Mailbox != nil,
		CSS: r.p.static.CSS, JS: r.p.static.JS, Icon: r.p.static.Icon,
		When: r.when(), StaffWhen: r.staffWhen(), Now: r.now, texts: r.p.texts,
	}
	if r.row.staffed() {
		f.StaffCSS, f.StaffJS = r.p.static.StaffCSS, r.p.static.StaffJS
	}
	f.Note = r.takeNote()
	return f
}

// brand has a name before the first import too.
func (r *request) brand() booking.Brand {
	b := r.catalog.Brand
	if b.Name.Ko == "" {
		b.Name = lang.Text{Ko: "공방", En: "Gongbang"}
	}
	return b
}

// other is the same page in the other language; the start page where this
// address can't be opened by a link.
func (r *request) other() string {
	l := lang.En
	if r.lang == lang.En {
		l = lang.Ko
	}
	for _, row := range r.p.table {
		if row.method == get && r.row.path == row.path {
			return inLanguage(l, r.path())
		}
	}
	return inLanguage(l, "/")
}

// T is chrome text in the page's language.
func (f Frame) T(key string, args ...any) string { return f.texts.get(f.Lang, key, args...) }

// URL is a path of ours in the page's language.
func (f Frame) URL(path string) string { return inLanguage(f.Lang, path) }

// Text is a text of the catalog or of people in the page's language; where
// English is missing, the Korean is marked as such.
func (f Frame) Text(t lang.Text) template.HTML {
	if f.Lang == lang.En && t.En == "" {
		return f.Korean(t.Ko)
	}
	return template.HTML(template.HTMLEscapeString(t.In(f.Lang)))
}

// Korean is a text that exists in Korean only: addresses, what staff typed.
func (f Frame) Korean(s string) template.HTML {
	if f.Lang == lang.Ko || s == "" {
		return template.HTML(template.HTMLEscapeString(s))
	}
	return template.HTML(`<span lang="ko">` + template.HTMLEscapeString(s) + `</span>`)
}

// Tongue is the language that a text of people is written in, for its lang attribute.
func (f Frame) Tongue(s string) string { return tongue(s) }

func tongue(s string) string {
	for _, r := range s {
		if r >= 0x1100 && r <= 0x11ff || r >= 0x3130 && r <= 0x318f || r >= 0xac00 && r <= 0xd7a3 {
			return string(lang.Ko)
		}
	}
	return string(lang.En)
}

// Plain is Text for attributes, where nothing can be marked.
func (f Frame) Plain(t lang.Text) string { return t.In(f.Lang) }

// Phone is a number as people read it.
func (f Frame) Phone(s string) string { return lang.LocalPhone(s) }

// Won is an amount of money: 12,000원, ₩12,000.
func (f Frame) Won(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return f.T("money.won", digits)
}

// Iso is an instant for the datetime attribute, in the catalog's zone.
func (f Frame) Iso(t time.Time) string {
	zone := f.When.Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02T15:04:05-07:00")
}

// Soon is a start as a button says it: "오늘 오후 2:00", "11. 24.(화) 오전 9:00".
func (f Frame) Soon(t time.Time) string {
	day := f.When.Day(t)
	for n, word := range []string{"day.today", "day.tomorrow"} {
		if f.When.Date(t) == f.When.Date(f.Now.AddDate(0, 0, n)) {
			day = f.T(word)
		}
	}
	return day + " " + f.When.Time(t)
}

const noteCookie = "note"

// note has the next page say what was done; key is one of the note.* texts.
func (r *request) note(key string) {
	http.SetCookie(r.Writer, &http.Cookie{Name: noteCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true,
		Secure: r.p.Edge.Secure(), SameSite: http.SameSiteLaxMode})
}

func (r *request) takeNote() string {
	c, err := r.Request.Cookie(noteCookie)
	if err != nil || len(c.Value) < 6 || c.Value[:5] != "note." || !r.p.texts.has(r.lang, c.Value) {
		return ""
	}
	http.SetCookie(r.Writer, &http.Cookie{Name: noteCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: r.p.Edge.Secure(), SameSite: http.SameSiteLaxMode})
	return r.T(c.Value)
}
