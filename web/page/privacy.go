package page

import (
	"fmt"
	"net/http"
	"time"

	"gongbang/account"
)

// Keeps says how long the running program keeps what; the privacy page reads it.
type Keeps struct {
	Audit   time.Duration // who did what
	Reasons time.Duration // what staff typed as the reason, where nobody left
	Events  time.Duration // messages that left
	Keys    time.Duration // idempotency keys
	// Questions that people wrote to centers, from the day they were asked.
	Questions time.Duration
	// Contact and words of a case from its answer, and of one that was never
	// answered; who was asked, and the hash of a link.
	Cases, Unanswered, Invited, Links time.Duration
	Backups                           int // nightly copies; 0: none are made here
}

// Held is one kind of personal data as the database has it.
type Held struct {
	Key     string // of the texts: what it is, why, how long
	Columns []string
}

// held lists every column that is about a person. A test holds it against the
// tables themselves, so that a new column can't be forgotten here.
var held = []Held{
	{"contact", []string{"account.name", "account.email", "account.phone", "account.email_verified", "account.phone_verified", "account.email_wanted",
		"account.phone_wanted", "account.email_lost_at", "account.phone_lost_at", "account.proved_at", "account.contact_typed", "account.guest"}},
	{"entry", []string{"account.password_hash", "session.token_hash", "session.address_hash", "session.created_at", "session.expires_at",
		"sign_in_code.login_hash", "sign_in_code.nonce", "sign_in_code.code_hash", "sign_in_failure.login_hash", "sign_in_failure.failures"}},
	{"wishes", []string{"account.locale", "account.channels", "consent.key", "consent.given", "consent.version", "consent.at", "consent.how"}},
	{"papers", []string{"account_group.group_id", "account_group.declared_at", "account_group.confirmed_at", "account_group.confirmed_by",
		"certificate.key", "certificate.basis", "certificate.issued_at", "certificate.issued_by", "certificate.valid_until", "certificate.revoked_at"}},
	{"firm", []string{"firm.business_number", "firm.name", "firm_claim.claimed_at", "firm_claim.confirmed_at", "firm_claim.confirmed_by"}},
	{"roles", []string{"role_grant.role", "role_grant.center_id"}},
	{"bookings", []string{"booking.code", "booking.status", "booking.equipment_id", "booking.center_id", "booking.starts_at", "booking.ends_at",
		"booking.account_id", "booking.made_by", "booking.checked_in_at", "booking.ended_at", "booking.details"}},
	{"strikes", []string{"strike.booking_id", "strike.at", "strike.points", "strike.minutes", "strike.taken_back_at", "strike.waived_at", "strike.waived_by",
		"strike.waive_reason", "strike.review_at", "strike.review_text", "strike.kept_at", "strike.kept_by", "strike.keep_reason"}},
	{"visits", []string{"survey_visit.account_id", "survey_visit.equipment_id", "survey_visit.day", "survey_visit.starts_at", "survey_visit.ends_at"}},
	{"invitations", []string{"survey_invitation.account_id", "survey_invitation.day", "survey_invitation.state", "survey_invitation.category", "survey_invitation.sent_at",
		"survey_invitation.trait_hour", "survey_invitation.trait_wait", "survey_invitation.trait_no_show"}},
	{"cases", []string{"survey_case.account_id", "survey_case.center_id", "survey_case.equipment_id", "survey_case.month",
		"survey_case.day", "survey_case.comment", "survey_case.state", "survey_case.assignee", "survey_case.due_at", "survey_case.told", "survey_case.reply",
		"survey_case.closed_at", "survey_case.closed_by"}},
	{"linked", []string{"survey_link.account_id", "survey_link.response_id", "survey_link.mode", "survey_link.day", "survey_link.equipment_id", "survey_link.expires_at"}},
	{"questions", []string{"inquiry.account_id", "inquiry.center_id", "inquiry.equipment_id", "inquiry.body", "inquiry.answer", "inquiry.asked_at",
		"inquiry.settled_at", "inquiry.settled_by"}},
	{"audit", []string{"audit.at", "audit.actor", "audit.action", "audit.subject", "audit.center_id", "audit.reason", "audit.detail"}},
	{"reasons", []string{"audit_reason.about", "audit_reason.salt", "audit_reason.body", "audit_reason.erase_after", "audit_reason.erased_at", "audit_reason.erased_for"}},
	{"messages", []string{"outbox.kind", "outbox.subject", "outbox.data"}},
	{"feeds", []string{"calendar_feed.token_hash"}},
	{"left", []string{"left_phone.phone_hash", "left_phone.until"}},
}

// HeldColumns lists what the privacy page names, for the test that compares it with the database.
func HeldColumns() []Held { return held }

// privacyView is the privacy page: what is kept, why and how long.
type privacyView struct {
	Frame
	Items   []privacyItem
	Version string // of the consent texts
	Backups string
	Cookies []privacyItem
}

type privacyItem struct {
	What, Why, How string
	Columns        []string
}

func (p *pages) privacy(r *request) error {
	v := privacyView{Frame: r.frame("privacy.title"), Version: account.ConsentVersion}
	for _, h := range held {
		item := privacyItem{What: r.T("privacy." + h.Key), Why: r.T("privacy." + h.Key + ".why"), Columns: h.Columns}
		switch h.Key {
		case "audit":
			item.How = r.T("privacy.kept", r.span(p.Keeps.Audit))
		case "reasons":
			item.How = r.T("privacy.reasons.how", r.span(p.Keeps.Reasons))
		case "questions":
			item.How = r.T("privacy.kept", r.span(p.Keeps.Questions))
		case "cases":
			item.How = r.T("privacy.cases.kept", r.span(p.Keeps.Cases), r.span(p.Keeps.Unanswered))
		case "invitations":
			item.How = r.T("privacy.invitations.how") + " " + r.T("privacy.invitations.kept", r.span(p.Keeps.Links), r.span(p.Keeps.Invited))
		case "messages":
			item.How = r.T("privacy.kept", r.span(p.Keeps.Events))
		default:
			item.How = r.T("privacy." + h.Key + ".how")
		}
		v.Items = append(v.Items, item)
	}
	if p.Keeps.Backups > 0 {
		v.Backups = r.T("privacy.backups", p.Keeps.Backups)
	}
	for _, name := range []string{p.Edge.CookieName(), settingsCookie, noteCookie} {
		key := "privacy.cookie." + name
		if name == p.Edge.CookieName() {
			key = "privacy.cookie.session"
		}
		v.Cookies = append(v.Cookies, privacyItem{What: name, Why: r.T(key)})
	}
	return r.page(http.StatusOK, "privacy", &v)
}

// span is a time for which something is kept: years, days or hours.
func (r *request) span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d <= 0:
		return r.T("span.unknown")
	case d%(365*day) == 0:
		return r.T("span.years", fmt.Sprint(int(d/(365*day))))
	case d%day == 0:
		return r.T("span.days", fmt.Sprint(int(d/day)))
	}
	return r.T("span.hours", fmt.Sprint(int(d/time.Hour)))
}
