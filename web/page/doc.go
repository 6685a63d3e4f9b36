// Package page is the HTML door: every screen for citizens, desk and managers,
// in Korean and English, drawn on the server and working without JavaScript.
// No rule is judged here: a page shows what the services say.
//
// How to add a page, in ten lines:
//
//  1. Add a row to the table of your area (bookingRoutes, deskRoutes, …):
//     method, path, permission, where it is asked, name, handler.
//  2. NAME.go: a view struct that embeds Frame and holds what is shown, typed;
//     and func (p *pages) name(r *request) error, which asks the services,
//     fills the view (Frame: r.frame("name.title")) and ends with
//     r.page(status, "name", &view), r.see(path) (303) or an error (a fault
//     becomes the page that says what to do).
//  3. templates/NAME.html: {{define "main"}}…{{end}}; chrome by {{$.T "key"}},
//     catalog text by {{$.Text x}}, links by {{$.URL "/path"}}, times by
//     {{$.When.Span a b}}; building blocks are in templates/parts (parts.go has their types).
//  4. locale/ko.PART.json and en.PART.json: the keys; static/css/NN-part.css
//     and static/js/NN-part.js: joined at the start. pagetest drives it by HTTP.
//
// Invariants: a GET changes nothing; what people wrote is escaped; nothing
// comes from another origin; script and style only from our own files. It
// imports account, booking, survey, notify, internal/fault, internal/lang and
// web/edge; never store.
package page
