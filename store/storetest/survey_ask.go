package storetest

import (
	"fmt"
	"testing"

	"gongbang/survey"
)

// traitsGo: what a use had in common with others waits with the invitation
// and the answer, and is in neither once they are final and flushed.
func traitsGo(t *testing.T, u *afterUse) {
	u.always()
	for i := range 6 {
		v := u.use(fmt.Sprintf("p%d", i), "east-sewing-1")
		v.Traits = survey.Traits{Hour: "13", Wait: "2-3", NoShow: "1-9"}
		u.finish(v)
	}
	u.send()
	const traits = ` WHERE trait_hour = '13' AND trait_wait = '2-3' AND trait_no_show = '1-9'`
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation` + traits); n != 6 {
		t.Fatalf("%d of 6 invitations know their traits", n)
	}
	for _, id := range u.invited()[:5] {
		u.must(u.answer(u.token(id), `{"answers":{"overall":4}}`))
	}
	if n, left := u.count(`SELECT COUNT(*) FROM survey_inbox`+traits), u.count(`SELECT COUNT(*) FROM survey_invitation`+traits); n != 5 || left != 1 {
		t.Fatalf("%d answers and %d invitations know their traits", n, left)
	}
	u.set("2027-04-06 10:00") // a late answer is among few: it brings none
	u.exec(`UPDATE survey_invitation SET expires_at = $1 WHERE state = 'sent'`, u.at("2027-04-07 10:00").UnixMilli())
	u.must(u.answer(u.token(u.invited()[5]), `{"answers":{"overall":4}}`))
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox` + traits); n != 5 {
		t.Fatalf("%d answers know their traits", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE trait_hour <> '' OR trait_wait <> '' OR trait_no_show <> ''`); n != 0 {
		t.Fatalf("%d final invitations know their traits", n)
	}
}
