package page

import "gongbang/account"

// deskRoutes are the rows of the desk pages. The center stands in the path and
// the permission is asked there; whose booking it is, the service judges.
func (p *pages) deskRoutes() []route {
	const work, look = account.DeskWork, account.PeopleLookup
	rows := []route{
		{get, "/desk", work, somewhere, "desk", p.deskChoose},
		{get, "/desk/:center", work, inPath, "desk.board", p.deskBoard},
		{get, "/desk/:center/find", work, inPath, "desk.find", p.deskFind},
		{get, "/desk/:center/scan", work, inPath, "desk.scan", p.deskScan},
		{post, "/desk/:center/scan", work, inPath, "desk.scan", p.deskReadCode},
		{get, "/desk/:center/bookings/:id", work, inPath, "desk.card", p.deskCard},
		{get, "/desk/:center/bookings/:id/said", work, inPath, "desk.said", p.deskSaid},
		{post, "/desk/:center/bookings/:id/group", account.PeopleConfirm, inPath, "desk.group", p.deskConfirmGroup},
		{post, "/desk/:center/bookings/:id/certificate", account.PeopleConfirm, inPath, "desk.certificate", p.deskAddCertificate},
		{post, "/desk/:center/bookings/:id/firm", account.PeopleConfirm, inPath, "desk.firm", p.deskConfirmFirm},
		{get, "/desk/:center/walk-in", work, inPath, "desk.walk_in", p.deskWalkIn},
		{post, "/desk/:center/walk-in", look, inPath, "desk.walk_in", p.deskSeat},
		{get, "/desk/:center/phone", work, inPath, "desk.phone", p.deskPhone},
		{post, "/desk/:center/phone", look, inPath, "desk.phone", p.deskBookByPhone},
		{get, "/desk/:center/outage", work, inPath, "desk.outage", p.deskOutage},
		{post, "/desk/:center/outage", work, inPath, "desk.outage", p.deskReportOutage},
		{get, "/desk/:center/outage/:id/series", work, inPath, "desk.series", p.deskSeries},
		{post, "/desk/:center/outage/:id/series", work, inPath, "desk.series", p.deskEndSeries},
		{post, "/desk/:center/outage/:id/end", work, inPath, "desk.outage_end", p.deskEndOutage},
		{get, "/desk/:center/close", work, inPath, "desk.closing", p.adminClosures},
		{post, "/desk/:center/close", work, inPath, "desk.closing", p.adminClose},
		{post, "/desk/:center/close/:id/end", work, inPath, "desk.reopen", p.adminReopen},
		{get, "/desk/:center/paper", work, inPath, "desk.paper", p.deskPaper},
		{post, "/desk/:center/paper", work, inPath, "desk.paper", p.deskSavePaper},
		{get, "/desk/:center/reviews", work, inPath, "desk.reviews", p.deskReviews},
		{get, "/desk/:center/strikes/:id", work, inPath, "desk.strikes", p.deskStrikes},
		{post, "/desk/:center/strikes/:id", work, inPath, "desk.strikes", p.deskAnswerStrike},
		{get, "/desk/:center/sheet", work, inPath, "desk.sheet", p.deskSheet},
		{get, "/desk/:center/safety", work, inPath, "desk.safety", p.deskSafety},
		{post, "/desk/:center/safety/:id", work, inPath, "desk.safety", p.deskSettleSafety},
		{get, "/desk/:center/codes", work, inPath, "desk.codes", p.deskCodes},
		{get, "/desk/:center/ask", work, inPath, "desk.ask", p.deskAsk},
		{post, "/desk/:center/ask", work, inPath, "desk.ask", p.deskTakeAnswer},
		{get, "/desk/:center/questions", work, inPath, "desk.questions", p.deskQuestions},
		{get, "/desk/:center/questions/:id", work, inPath, "desk.question", p.deskQuestion},
		{post, "/desk/:center/questions/:id/answer", work, inPath, "desk.answer", p.deskAnswer},
		{post, "/desk/:center/questions/:id/close", work, inPath, "desk.question_close", p.deskCloseQuestion},
	}
	for _, d := range deeds() {
		rows = append(rows, route{post, "/desk/:center/bookings/:id/" + d.path, work, inPath, "desk." + d.path, p.deskDo(d)})
	}
	return rows
}
