package page

import (
	"html/template"

	"gongbang/internal/lang"
)

// The types behind templates/parts.

// Chip is a short state: an icon and a word, never colour alone. Kind is ok,
// warn, danger, info or plain.
type Chip struct{ Kind, Text string }

// Tongue is "ko" where the text has Korean, which English pages have to mark.
func (c Chip) Tongue() string {
	if t := tongue(c.Text); t != string(lang.En) {
		return t
	}
	return ""
}

// Icon names the picture of the kind.
func (c Chip) Icon() string {
	switch c.Kind {
	case "ok":
		return "check"
	case "warn", "danger":
		return "alert"
	case "info":
		return "info"
	}
	return "dot"
}

// Notice is a box with a sentence. Kind as in Chip; Role is status or alert, "" for none.
type Notice struct{ Kind, Title, Text, Role string }

// Icon names the picture of the kind.
func (n Notice) Icon() string { return Chip{Kind: n.Kind}.Icon() }

// Row is a term with its value ({{template "rows" .}} takes a list). Link may be "".
type Row struct {
	Term  string
	Value template.HTML // made by Frame.Text, Frame.Korean or text()
	Link  string
	Label string // of the link
}

// text is a plain string as safe HTML.
func text(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

// Step is one step of a process. State is done, now or next.
type Step struct{ Name, State string }

// Tab is a link to another view of the same thing.
type Tab struct {
	Name, Href string
	Current    bool
}

// DayCell is one day of a day strip.
type DayCell struct {
	Href    string
	Weekday string // 월
	Day     string // 23
	Text    string // 6칸, 휴관
	Label   string // the whole name for screen readers
	Current bool
	Off     bool // nothing to choose
}

// SlotCell is one start time: a button that posts a form, or a state.
type SlotCell struct {
	ID, Time string // shown: 2:00
	Text     string // 예약하기, 마감
	State    string // free, mine, held, taken, closed, outage, past
	Label    string // for screen readers: date, weekday, time, length, state
	Button   bool
	Value    string // of the button named start
}

// icons are drawn by ourselves on a 24 px grid; strokes take the text's colour.
var icons = map[string]template.HTML{
	"search":  `<circle cx="11" cy="11" r="7"/><path d="M16.5 16.5 21 21"/>`,
	"menu":    `<path d="M4 7h16M4 12h16M4 17h16"/>`,
	"check":   `<path d="M5 12.5 10 17.5 19 7"/>`,
	"alert":   `<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17v.5"/>`,
	"info":    `<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.5"/>`,
	"dot":     `<circle cx="12" cy="12" r="4"/>`,
	"close":   `<path d="M6 6l12 12M18 6 6 18"/>`,
	"back":    `<path d="M15 5l-7 7 7 7"/>`,
	"next":    `<path d="M9 5l7 7-7 7"/>`,
	"phone":   `<path d="M6 3h3l2 5-2.5 1.8a12 12 0 0 0 5.7 5.7L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z"/>`,
	"clock":   `<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`,
	"place":   `<path d="M12 21s-7-6.2-7-11.5a7 7 0 0 1 14 0C19 14.8 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>`,
	"person":  `<circle cx="12" cy="8" r="4"/><path d="M4 21c1-4.5 4-7 8-7s7 2.5 8 7"/>`,
	"mail":    `<path d="M3 6h18v12H3zM3 7l9 7 9-7"/>`,
	"machine": `<path d="M4 20h16M6 20V9h12v11M9 9V4h6v5M12 12v4"/>`,
}

// icon is a picture beside a word; screen readers skip it.
func icon(name string) template.HTML {
	return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + icons[name] + `</svg>`
}
