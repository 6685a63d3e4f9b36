package page

import "gongbang/account"

// manageRoutes are the rows of the manager's page.
func (p *pages) manageRoutes() []route {
	return []route{
		{get, "/manage", account.Results, somewhere, "manage", p.manage},
		{get, "/manage/together", account.Results, somewhere, "together", p.together},
		{get, "/manage/report", account.Results, somewhere, "report", p.report},
		{get, "/manage/usage", account.Results, somewhere, "usage_file", p.exportUsage},
		{get, "/manage/audit", account.AuditRead, somewhere, "audit", p.audit},
		{get, "/manage/people", account.Accounts, somewhere, "people", p.people},
		{post, "/manage/people", account.Accounts, somewhere, "people", p.findPeople},
		{get, "/manage/people/:id", account.Accounts, somewhere, "person", p.person},
		{post, "/manage/people/:id/roles", account.Accounts, somewhere, "person_roles", p.saveRoles},
		{post, "/manage/people/:id/groups", account.PeopleConfirm, somewhere, "person_groups", p.confirmGroup},
		{post, "/manage/people/:id/revoke", account.PeopleConfirm, somewhere, "person_revoke", p.revokeCertificate},
		{get, "/manage/certificates", account.PeopleConfirm, somewhere, "certificates", p.certificatesFile},
		{post, "/manage/certificates", account.PeopleConfirm, somewhere, "certificates", p.importCertificates},
	}
}
