package e2e

// adminPages are the pages by which a center is run.
func adminPages() []row {
	press := func(b *tab) { b.follow("main .btn.primary", "") }
	own := func(path string) func(*stage) string {
		return func(s *stage) string { return "/manage/centers/" + s.center + path }
	}
	of := func(path string) func(*stage) string {
		return func(s *stage) string { return "/manage/machines/" + s.machine + path }
	}
	return []row{
		{name: "admin-centers", staff: true, shared: true, at: where(aManager, is("/manage/centers"))},
		{name: "admin-centers-all", staff: true, shared: true, at: where(anAdmin, is("/manage/centers"))},
		{name: "admin-center", staff: true, shared: true, at: where(aManager, own(""))},
		{name: "admin-center-wrong", staff: true, shared: true, at: where(aManager, own("")), then: func(b *tab) { b.fill("#f-mon-from", "9시"); press(b) }},
		{name: "admin-machines", staff: true, shared: true, at: where(aManager, own("/machines"))},
		{name: "admin-machine", staff: true, shared: true, at: where(aManager, of(""))},
		{name: "admin-rules", staff: true, shared: true, at: where(aManager, of("/rules"))},
		{name: "admin-rules-all", of: "admin-rules", staff: true, shared: true, at: where(aManager, of("/rules")), then: unfold},
		{name: "admin-rules-wrong", of: "admin-rules", staff: true, shared: true, at: where(aManager, of("/rules")), then: func(b *tab) {
			unfold(b)
			b.fill("#f-steps-1-count", "3")
			press(b)
		}, status: 422},
		{name: "admin-rules-preview", staff: true, shared: true, at: where(aManager, of("/rules")), then: press},
		{name: "admin-rules-center", staff: true, shared: true, at: where(aManager, own("/rules"))},
		{name: "admin-rules-center-preview", staff: true, shared: true, at: where(aManager, own("/rules")), then: press},
		{name: "admin-holidays", staff: true, shared: true, at: where(anAdmin, is("/manage/holidays"))},
		{name: "admin-closures", staff: true, shared: true, at: where(aManager, own("/closures"))},
		{name: "admin-closures-city", staff: true, shared: true, at: where(anAdmin, is("/manage/closures"))},
		{name: "admin-desk-close", staff: true, shared: true, at: where(atDesk, desk("/close"))},
		{name: "admin-desk-close-check", staff: true, shared: true, at: where(atDesk, desk("/close")), then: press},
	}
}

// unfold opens everything that is folded up.
func unfold(b *tab) {
	eval[bool](b, `() => { for (const d of document.querySelectorAll("main details")) d.open = true; return true }`)
}
