package page

import "gongbang/account"

// adminRoutes are the rows of the pages by which a center is run. A machine's
// center is not in its path: whose machine it is, is judged with the machine.
func (p *pages) adminRoutes() []route {
	const offer, city = account.OfferEdit, account.CityEdit
	return []route{
		{get, "/manage/centers", offer, somewhere, "admin.centers", p.adminCenters},
		{get, "/manage/centers/:center", offer, inPath, "admin.center", p.adminCenter},
		{post, "/manage/centers/:center", offer, inPath, "admin.center", p.adminSaveCenter},
		{get, "/manage/centers/:center/machines", offer, inPath, "admin.machines", p.adminMachines},
		{get, "/manage/machines/:id", offer, somewhere, "admin.machine", p.adminMachine},
		{post, "/manage/machines/:id", offer, somewhere, "admin.machine", p.adminSaveMachine},
		{get, "/manage/centers/:center/rules", offer, inPath, "admin.center_rules", p.adminRules},
		{post, "/manage/centers/:center/rules", offer, inPath, "admin.center_rules", p.adminSaveRules},
		{post, "/manage/centers/:center/rules/undo", offer, inPath, "admin.center_rules_undo", p.adminUndoRules},
		{get, "/manage/machines/:id/rules", offer, somewhere, "admin.rules", p.adminRules},
		{post, "/manage/machines/:id/rules", offer, somewhere, "admin.rules", p.adminSaveRules},
		{post, "/manage/machines/:id/rules/undo", offer, somewhere, "admin.rules_undo", p.adminUndoRules},
		{get, "/manage/holidays", city, somewhere, "admin.holidays", p.adminHolidays},
		{post, "/manage/holidays", city, somewhere, "admin.holidays", p.adminSaveHolidays},
		{get, "/manage/centers/:center/closures", offer, inPath, "admin.closures", p.adminClosures},
		{post, "/manage/centers/:center/closures", offer, inPath, "admin.closures", p.adminClose},
		{post, "/manage/centers/:center/closures/:id/end", offer, inPath, "admin.reopen", p.adminReopen},
		{get, "/manage/closures", city, somewhere, "admin.city_closures", p.adminClosures},
		{post, "/manage/closures", city, somewhere, "admin.city_closures", p.adminClose},
		{post, "/manage/closures/:id/end", city, somewhere, "admin.city_reopen", p.adminReopen},
	}
}
