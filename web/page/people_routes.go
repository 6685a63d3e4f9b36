package page

import "gongbang/account"

// peopleRoutes are the rows of the pages about people's own data.
func (p *pages) peopleRoutes() []route {
	return []route{
		{get, "/me/export", account.SignedIn, nowhere, "my_data", p.myData},
		{post, "/me/feed", account.SignedIn, nowhere, "feed", p.newFeed},
		{post, "/me/firm", account.SignedIn, nowhere, "firm", p.claimFirm},
		{post, "/me/firm/leave", account.SignedIn, nowhere, "firm_leave", p.leaveFirm},
		{post, "/me/firm/confirm", account.SignedIn, nowhere, "firm_confirm", p.confirmMember},
		{get, "/bookings/:id/hand-over", account.SignedIn, nowhere, "hand_over", p.askHandOver},
		{post, "/bookings/:id/hand-over", account.SignedIn, nowhere, "hand_over", p.handOver},
		{get, "/me/leave", account.SignedIn, nowhere, "leave", p.askLeave},
		{post, "/me/leave", account.SignedIn, nowhere, "leave", p.leave},
		{post, "/me/leave/code", account.SignedIn, nowhere, "leave_code", p.leaveCode},
	}
}
