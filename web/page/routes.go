package page

import "gongbang/account"

// routes is the table: who may open and press what. Holds and bookings are
// judged by the service, because who they belong to decides.
func (p *pages) routes() []route {
	var table []route
	for _, part := range [][]route{
		p.publicRoutes(), p.accountRoutes(), p.peopleRoutes(), p.bookingRoutes(), p.deskRoutes(), p.manageRoutes(), p.adminRoutes(), p.templateRoutes(), p.surveyRoutes(), p.loopRoutes(), p.demoRoutes(),
	} {
		table = append(table, part...)
	}
	return table
}

func (p *pages) publicRoutes() []route {
	return []route{
		{get, "/", account.Public, nowhere, "home", p.home},
		{get, "/search", account.Public, nowhere, "search", p.search},
		{get, "/centers/:id", account.Public, nowhere, "center", p.center},
		{get, "/ask", account.Public, nowhere, "ask", p.askPage},
		{post, "/ask", account.SignedIn, nowhere, "ask", p.ask},
		{get, "/guide", account.Public, nowhere, "guide", p.guide},
		{get, "/licence", account.Public, nowhere, "licence", p.licence},
		{get, "/privacy", account.Public, nowhere, "privacy", p.privacy},
		{get, "/settings", account.Public, nowhere, "settings", p.settingsPage},
		{post, "/settings", account.Public, nowhere, "settings", p.saveSettings},
	}
}

func (p *pages) accountRoutes() []route {
	return []route{
		{get, "/sign-in", account.Public, nowhere, "sign_in", p.signInPage},
		{post, "/sign-in", account.Public, nowhere, "sign_in", p.signIn},
		{post, "/sign-in/code", account.Public, nowhere, "sign_in_code", p.sendCode},
		{post, "/sign-out", account.Public, nowhere, "sign_out", p.signOut},
		{get, "/sign-up", account.Public, nowhere, "sign_up", p.signUpPage},
		{post, "/sign-up", account.Public, nowhere, "sign_up", p.signUp},
		{get, "/password-reset", account.Public, nowhere, "reset", p.resetPage},
		{post, "/password-reset", account.Public, nowhere, "reset", p.reset},
		{get, "/me", account.SignedIn, nowhere, "me", p.me},
		{post, "/me/contact", account.SignedIn, nowhere, "me_contact", p.saveContact},
		{post, "/me/verify", account.SignedIn, nowhere, "me_verify", p.verifyContact},
		{post, "/me/code", account.SignedIn, nowhere, "me_code", p.contactCode},
		{post, "/me/groups", account.SignedIn, nowhere, "me_groups", p.declareGroups},
		{post, "/me/consent", account.SignedIn, nowhere, "me_consent", p.saveConsent},
		{post, "/me/sessions/:id/end", account.SignedIn, nowhere, "me_session_end", p.endDevice},
		{post, "/me/sessions/end-others", account.SignedIn, nowhere, "me_sessions_end", p.endOtherDevices},
		{post, "/me/review", account.SignedIn, nowhere, "me_review", p.askReview},
		{post, "/me/reminders", account.SignedIn, nowhere, "me_reminders", p.saveReminders},
		{post, "/me/monthly", account.SignedIn, nowhere, "me_monthly", p.saveMonthly},
		{post, "/me/password", account.SignedIn, nowhere, "me_password", p.savePassword},
	}
}

// demoRoutes are there in a demo alone.
func (p *pages) demoRoutes() []route {
	var table []route
	if p.Mailbox != nil {
		table = append(table, route{get, "/demo/messages", account.Public, nowhere, "messages", p.messages})
	}
	if len(p.Demo) > 0 {
		table = append(table, route{post, "/demo/become", account.Public, nowhere, "become", p.become})
	}
	return table
}
