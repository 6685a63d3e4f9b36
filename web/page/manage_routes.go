package page

import "gongbang/account"

// manageRoutes are the rows of the manager's page.
func (p *pages) manageRoutes() []route {
	return []route{
		{get, "/manage", account.Results, somewhere, "manage", p.manage},
		{get, "/manage/usage", account.Results, somewhere, "usage_file", p.exportUsage},
		{get, "/manage/audit", account.AuditRead, somewhere, "audit", p.audit},
	}
}
