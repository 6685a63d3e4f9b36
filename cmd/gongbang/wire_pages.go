package main

import (
	"gongbang/internal/lang"
	"gongbang/store"
	"gongbang/web/api"
	"gongbang/web/page"
)

// mountPages puts the pages on the API's engine. Only with demo, whose address
// was allowed, its accounts can be entered by one press.
func (a *app) mountPages(door *api.API, demo bool) error {
	key, _, err := loadKey(string(a.cfg.KeyFile))
	if err != nil {
		return err
	}
	d := page.Deps{Edge: door.Edge(), Engine: a.bookings, People: a.accounts, Surveys: a.surveys, Audit: pageAudit{a.db}, Feed: a.feed,
		Clock: a.clock, NewID: newID, Key: key, Version: version,
		Keeps: page.Keeps{Audit: keepAuditFor, Reasons: store.KeepReasons, Events: keepEventsFor, Keys: keepKeysFor, Questions: keepAsksFor,
			Cases: store.KeepClosedCases, Unanswered: store.KeepOpenCases, Invited: store.KeepInvited, Links: store.KeepLinks}}
	if a.cfg.DatabaseURL == "" {
		d.Keeps.Backups = keepBackups
	}
	if a.mailbox != nil {
		d.Mailbox = a.mailbox
	}
	if demo {
		d.Demo, d.DemoPassword = demoAccounts, demoPassword
	}
	return page.Mount(d)
}

// demoAccounts are those whom a visitor of the demo can become.
var demoAccounts = []page.DemoAccount{
	{Login: "citizen@demo.test", Role: lang.Text{Ko: "시민 1", En: "Citizen 1"}},
	{Login: "citizen2@demo.test", Role: lang.Text{Ko: "시민 2", En: "Citizen 2"}},
	{Login: "staff@demo.test", Role: lang.Text{Ko: "창구 직원", En: "Desk staff"}},
	{Login: "manager@demo.test", Role: lang.Text{Ko: "관리자", En: "Manager"}},
	{Login: "admin@demo.test", Role: lang.Text{Ko: "운영자", En: "Administrator"}},
}
