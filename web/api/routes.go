package api

import (
	"context"
	"net/http"

	"gongbang/account"
	"gongbang/booking"
)

const (
	get     = http.MethodGet
	post    = http.MethodPost
	replace = http.MethodPut
	patch   = http.MethodPatch
	remove  = http.MethodDelete
)

// attendance names a method of the engine that does something to one booking.
type attendance = func(context.Context, account.Actor, string, booking.AttendRequest) (*booking.View, error)

// routes is the table: who may do what where. Bookings, inquiries, holds and surveys are
// judged by the service, because who they belong to decides: a stranger is
// told 404, an owner on a staff verb 403.
func (a *API) routes() []route {
	var table []route
	for _, part := range [][]route{a.entryRoutes(), a.offerRoutes(), a.bookingRoutes(), a.attendRoutes(), a.deskRoutes(), a.inquiryRoutes(), a.offerEditRoutes(), a.templateRoutes(), a.reportRoutes()} {
		table = append(table, part...)
	}
	return table
}

func (a *API) entryRoutes() []route {
	return []route{
		{post, "/sessions", account.Public, Nowhere, withBody(a.signIn)},
		{remove, "/sessions/current", account.SignedIn, Nowhere, none(a.signOut)},
		{post, "/sign-in-codes", account.Public, Nowhere, withBody(a.sendCode)},
		{post, "/password-resets", account.Public, Nowhere, withBody(a.resetPassword)},
		{post, "/accounts", account.Public, Nowhere, withBody(a.signUp)},
		{get, "/me", account.SignedIn, Nowhere, none(a.me)},
		{patch, "/me", account.SignedIn, Nowhere, withBody(a.changeMe)},
		{remove, "/me", account.SignedIn, Nowhere, withBody(a.leave)},
		{get, "/me/export", account.SignedIn, Nowhere, none(a.exportMe)},
		{get, "/me/firm", account.SignedIn, Nowhere, none(a.myFirm)},
		{replace, "/me/firm", account.SignedIn, Nowhere, withBody(a.claimFirm)},
		{remove, "/me/firm", account.SignedIn, Nowhere, none(a.leaveFirm)},
		{post, "/firms/:id/members/:account/confirm", account.SignedIn, Nowhere, none(a.confirmMember)},
		{get, "/me/feeds", account.SignedIn, Nowhere, none(a.feeds)},
		{post, "/me/feeds", account.SignedIn, Nowhere, withBody(a.newFeed)},
		{remove, "/me/feeds/:id", account.SignedIn, Nowhere, none(a.endFeed)},
		{get, "/calendar/:feed", account.Public, Nowhere, none(a.readFeed)},
		{replace, "/me/password", account.SignedIn, Nowhere, withBody(a.setPassword)},
		{get, "/me/sessions", account.SignedIn, Nowhere, none(a.devices)},
		{remove, "/me/sessions/:id", account.SignedIn, Nowhere, none(a.endDevice)},
		{post, "/me/contacts/verify", account.SignedIn, Nowhere, withBody(a.verifyContact)},
		{replace, "/me/consents/:key", account.SignedIn, Nowhere, withBody(a.setConsent)},
		{get, "/me/strikes", account.SignedIn, Nowhere, none(a.myStrikes)},
		{post, "/me/strikes/:sid/review", account.SignedIn, Nowhere, withBody(a.askReview)},
	}
}

func (a *API) offerRoutes() []route {
	return []route{
		{get, "/catalog", account.Public, Nowhere, none(a.catalog)},
		{get, "/centers", account.Public, Nowhere, withQuery(a.centers)},
		{get, "/centers/:id", account.Public, Nowhere, none(a.center)},
		{get, "/equipment", account.Public, Nowhere, withQuery(a.equipment)},
		{get, "/equipment/:id", account.Public, Nowhere, none(a.machine)},
		{get, "/equipment/:id/availability", account.Public, Nowhere, withQuery(a.availability)},
		{get, "/equipment/:id/explain", account.Public, Nowhere, withQuery(a.explain)},
		{get, "/events", account.Public, Nowhere, withQuery(a.events)},
	}
}

func (a *API) bookingRoutes() []route {
	return []route{
		{post, "/holds", account.SignedIn, Nowhere, withBody(a.hold)},
		{post, "/holds/:id/extend", account.SignedIn, Nowhere, none(a.extendHold)},
		{remove, "/holds/:id", account.SignedIn, Nowhere, none(a.releaseHold)},
		{post, "/bookings", account.SignedIn, Nowhere, withBody(a.book)},
		{get, "/bookings", account.SignedIn, Nowhere, withQuery(a.bookings)},
		{get, "/bookings/:id", account.SignedIn, Nowhere, none(a.booking)},
		{patch, "/bookings/:id", account.SignedIn, Nowhere, withBody(a.move)},
		{get, "/bookings/:id/calendar.ics", account.SignedIn, Nowhere, none(a.calendar)},
		{post, "/bookings/:id/restore", account.SignedIn, Nowhere, withBody(a.restore)},
		{post, "/bookings/:id/hand-over", account.SignedIn, Nowhere, withBody(a.handOver)},
		{post, "/bookings/:id/approve", account.SignedIn, Nowhere, withBody(a.approve)},
		{post, "/bookings/:id/job", account.SignedIn, Nowhere, withBody(a.changeJob)},
		{post, "/bookings/:id/continue", account.SignedIn, Nowhere, withBody(a.continueJob)},
	}
}

func (a *API) attendRoutes() []route {
	return []route{
		{post, "/bookings/:id/cancel", account.SignedIn, Nowhere, attend[cancelBody](a, func(e Engine) attendance { return e.Cancel })},
		{post, "/bookings/:id/reject", account.SignedIn, Nowhere, attend[rejectBody](a, func(e Engine) attendance { return e.Reject })},
		{post, "/bookings/:id/arrived", account.SignedIn, Nowhere, attend[arriveBody](a, func(e Engine) attendance { return e.Arrived })},
		{post, "/bookings/:id/check-in", account.SignedIn, Nowhere, attend[checkInBody](a, func(e Engine) attendance { return e.CheckIn })},
		{post, "/bookings/:id/finish", account.SignedIn, Nowhere, attend[finishBody](a, func(e Engine) attendance { return e.Finish })},
		{post, "/bookings/:id/no-show", account.SignedIn, Nowhere, attend[noShowBody](a, func(e Engine) attendance { return e.MarkNoShow })},
		{post, "/bookings/:id/start-late", account.SignedIn, Nowhere, attend[startLateBody](a, func(e Engine) attendance { return e.StartLate })},
		{post, "/bookings/:id/extend", account.SignedIn, Nowhere, attend[extendBody](a, func(e Engine) attendance { return e.Extend })},
		{post, "/bookings/:id/undo", account.SignedIn, Nowhere, attend[undoBody](a, func(e Engine) attendance { return e.Undo })},
		{post, "/bookings/:id/late", account.SignedIn, Nowhere, attend[lateBody](a, func(e Engine) attendance { return e.Late })},
	}
}

func (a *API) deskRoutes() []route {
	return []route{
		{get, "/desk/:center/today", account.DeskWork, InPath, withQuery(a.today)},
		{get, "/desk/:center/find", account.DeskWork, InPath, withQuery(a.find)},
		{get, "/desk/:center/people", account.PeopleLookup, InPath, withQuery(a.findPerson)},
		{post, "/desk/:center/walk-ins", account.DeskWork, InPath, withBody(a.walkIn)},
		{get, "/equipment/:id/outages", account.DeskWork, OfMachine, none(a.outages)},
		{post, "/equipment/:id/outages", account.DeskWork, OfMachine, withBody(a.reportOutage)},
		{patch, "/equipment/:id/outages/:oid", account.DeskWork, OfMachine, withBody(a.changeOutage)},
		{post, "/equipment/:id/outages/:oid/end-series", account.DeskWork, OfMachine, withEdit(nil, a.endSeries)},
		{get, "/desk/:center/reviews", account.DeskWork, InPath, none(a.reviews)},
		{get, "/accounts/:id/strikes", account.DeskWork, Somewhere, none(a.strikesOf)},
		{post, "/accounts/:id/strikes/:sid/waive", account.DeskWork, Somewhere, withBody(a.waiveStrike)},
		{post, "/accounts/:id/strikes/:sid/keep", account.DeskWork, Somewhere, withBody(a.keepStrike)},
		{post, "/accounts/:id/groups/:group/confirm", account.PeopleConfirm, Somewhere, withBody(a.confirmGroup)},
		{post, "/accounts/:id/certificates", account.PeopleConfirm, Somewhere, withBody(a.addCertificate)},
		{remove, "/accounts/:id/certificates/:cid", account.PeopleConfirm, Somewhere, withBody(a.revokeCertificate)},
		{post, "/certificates/import", account.PeopleConfirm, Somewhere, withCSV(a.importCertificates)},
	}
}

func (a *API) inquiryRoutes() []route {
	return []route{
		{post, "/inquiries", account.SignedIn, Nowhere, withBody(a.ask)},
		{get, "/inquiries", account.SignedIn, Nowhere, withQuery(a.inquiries)},
		{get, "/inquiries/:id", account.SignedIn, Nowhere, none(a.inquiry)},
		{post, "/inquiries/:id/answer", account.SignedIn, Nowhere, withBody(a.answerInquiry)},
		{post, "/inquiries/:id/close", account.SignedIn, Nowhere, none(a.closeInquiry)},
		{get, "/desk/:center/inquiries", account.DeskWork, InPath, withQuery(a.inquiries)},
	}
}

// offerEditRoutes are for who runs a center; holidays and the closing of the
// whole city are an admin's.
func (a *API) offerEditRoutes() []route {
	return []route{
		{replace, "/centers/:id", account.OfferEdit, OfCenter, withEdit(centerFields, a.changeCenter)},
		{replace, "/equipment/:id", account.OfferEdit, OfMachine, withEdit(machineFields, a.changeEquipment)},
		{get, "/centers/:id/policy", account.OfferEdit, OfCenter, none(a.centerPolicy)},
		{replace, "/centers/:id/policy", account.OfferEdit, OfCenter, withEdit(nil, a.changeCenterPolicy)},
		{remove, "/centers/:id/policy/versions/:no", account.OfferEdit, OfCenter, withBody(a.withdrawCenterPolicy)},
		{get, "/equipment/:id/policy", account.OfferEdit, OfMachine, none(a.machinePolicy)},
		{replace, "/equipment/:id/policy", account.OfferEdit, OfMachine, withEdit(nil, a.changePolicy)},
		{remove, "/equipment/:id/policy/versions/:no", account.OfferEdit, OfMachine, withBody(a.withdrawPolicy)},
		{get, "/holidays", account.Public, Nowhere, none(a.holidays)},
		{replace, "/holidays", account.CityEdit, Everywhere, withEdit(nil, a.setHolidays)},
		{post, "/closures", account.DeskWork, OfScope, withBody(a.close)},
		{get, "/closures", account.DeskWork, InQuery, withQuery(a.closures)},
		{remove, "/closures/:id", account.DeskWork, OfClosure, none(a.reopen)},
	}
}

// templateRoutes are of questionnaires: every center asks the same.
func (a *API) templateRoutes() []route {
	const edit, one = account.SurveyEdit, "/survey-templates/:key/versions/:no"
	return []route{
		{get, "/survey-templates", edit, Everywhere, none(a.templates)},
		{post, "/survey-templates", edit, Everywhere, withBody(a.newTemplate)},
		{get, "/survey-templates/:key", edit, Everywhere, none(a.template)},
		{post, "/survey-templates/:key/versions", edit, Everywhere, none(a.newVersion)},
		{get, one, edit, Everywhere, none(a.version)},
		{replace, one, edit, Everywhere, withBody(a.saveDraft)},
		{remove, one, edit, Everywhere, none(a.dropDraft)},
		{post, one + "/publish", edit, Everywhere, withBody(a.publishVersion)},
	}
}

func (a *API) reportRoutes() []route {
	return []route{
		{get, "/surveys/:token", account.Public, Nowhere, none(a.openSurvey)},
		{post, "/surveys/:token", account.Public, Nowhere, withBody(a.answerSurvey)},
		{get, "/survey-results", account.Results, InQuery, withQuery(a.results)},
		{get, "/survey-results/export.csv", account.Results, InQuery, a.exportResults("csv")},
		{get, "/survey-results/export.xlsx", account.Results, InQuery, a.exportResults("xlsx")},
		{get, "/survey-comments", account.Results, InQuery, withQuery(a.comments)},
		{replace, "/survey-comments/:id/tags", account.Results, Somewhere, withBody(a.setTags)},
		{get, "/survey-cases", account.DeskWork, InQuery, withQuery(a.cases)},
		{get, "/survey-cases/:id", account.DeskWork, Somewhere, none(a.openCase)},
		{patch, "/survey-cases/:id", account.DeskWork, Somewhere, withBody(a.changeCase)},
		{get, "/usage", account.Results, InQuery, withQuery(a.usage)},
		{get, "/usage/export.csv", account.Results, InQuery, a.exportUsage("csv")},
		{get, "/usage/export.xlsx", account.Results, InQuery, a.exportUsage("xlsx")},
		{get, "/accounts", account.Accounts, Nowhere, withQuery(a.accounts)},
		{get, "/accounts/:id", account.Accounts, Nowhere, none(a.account)},
		{patch, "/accounts/:id", account.Accounts, Nowhere, withBody(a.changeAccount)},
		{get, "/audit", account.AuditRead, InQuery, withQuery(a.audit)},
	}
}
