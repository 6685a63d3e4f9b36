package page

import "gongbang/account"

// loopRoutes are the rows of what becomes of what people said.
func (p *pages) loopRoutes() []route {
	return []route{
		{get, "/manage/cases", account.DeskWork, somewhere, "cases", p.cases},
		{get, "/manage/cases/:id", account.DeskWork, somewhere, "case", p.showCase},
		{post, "/manage/cases/:id", account.DeskWork, somewhere, "case", p.workCase},
		{post, "/manage/cases/:id/reply", account.DeskWork, somewhere, "case_reply", p.replyCase},
		{get, "/manage/named", account.Results, somewhere, "named", p.named},
		{get, "/manage/named/:id", account.Results, somewhere, "named_answer", p.namedAnswer},
		{post, "/me/unname", account.SignedIn, nowhere, "me_unname", p.unname},
		{post, "/manage/comments/:id/tags", account.Results, somewhere, "comment_tags", p.tagComment},
		{get, "/manage/downloads", account.AuditRead, somewhere, "downloads", p.downloads},
		{get, "/centers/:id/changes", account.Public, nowhere, "changes", p.changes},
		{post, "/manage/changes", account.Results, somewhere, "changes_publish", p.publishNote},
		{post, "/manage/changes/:id/withdraw", account.Results, somewhere, "changes_withdraw", p.withdrawNote},
	}
}
