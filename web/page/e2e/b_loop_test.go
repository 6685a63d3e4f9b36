package e2e

import (
	"testing"
)

// B21: somebody writes in the survey that a machine is dangerous; it is out of
// use until staff say at the desk that it is no danger.
func TestB21_DangerStopsTheMachineUntilStaffLooked(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	const said = "덮개가 열린 채로 돌았습니다."
	machine, link, err := s.used(s.newCitizen(t), s.machines)
	if err != nil {
		t.Fatal(err)
	}
	desk := s.open(t, s.staff, view{width: 1280}).goTo("/desk/" + s.center)
	if desk.count("#dangers") != 0 {
		t.Fatal("the desk is told of a danger before anybody wrote of one")
	}
	b := s.open(t, person{site: s.site}, view{}).goTo(link)
	b.press("label", "매우 불만족").press("main summary", "안전 문제").fill("#safety", said)
	b.follow("main .btn.primary", "").see("h1", "고맙습니다")
	b.until("the machine is out of use", func() bool { return len(must(s.faults(machine))(t)) == 1 })
	desk.goTo("/en/desk/"+s.center+"/outage").see("main", "A safety problem is being looked at.")
	if desk.is("main", "안전 문제를") {
		t.Error("an English page says in Korean, too, why the machine is out of use")
	}
	next := s.newCitizen(t)
	if _, _, err := s.seat(next, []string{machine}); err == nil {
		t.Fatal("somebody is seated at a machine in danger")
	}
	desk.goTo("/desk/"+s.center).see("#dangers", "1건").follow("#dangers", "").see("main", said).see("main .chip", "멈춤")
	desk.follow("main .btn.second", "이상 없음").see("main [role=alert]", "")
	if n := len(must(s.faults(machine))(t)); n != 1 {
		t.Fatalf("without a reason %d outages are left", n)
	}
	desk.fill("main input[name^='reason.']", "덮개를 닫고 나사를 조였습니다").follow("main .btn.second", "이상 없음").see("main", "확인할 신고가 없습니다")
	if n := len(must(s.faults(machine))(t)); n != 0 {
		t.Errorf("%d outages are left after staff looked", n)
	}
	// A use at the counter begins with its minute, and so does the next one after this outage.
	b.until("the machine is back", func() bool { _, _, err := s.seat(next, []string{machine}); return err == nil })
	if desk.goTo("/desk/" + s.center); desk.count("#dangers") != 0 {
		t.Error("the desk is still told of the danger")
	}
}

// B22: a wish for a reply reaches the center, the reply reaches the person, and
// what was changed stands on the board for everybody.
func TestB22_ReplyReachesThePersonAndTheBoard(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t)
	const said, reply, changed = "작업대가 어둡습니다", "전등을 바꾸었습니다. 고맙습니다.", "작업대 전등을 더 밝은 것으로 바꾸었습니다."
	who := s.newCitizen(t)
	b := s.open(t, person{site: s.site}, view{}).goTo(must(s.invite(who))(t))
	b.press("label", "불만족").fill("#q-comment", said).press("label", "답변을 받고 싶습니다")
	b.follow("main .btn.primary", "").see("h1", "고맙습니다")
	m := s.open(t, s.manager, view{width: 1280}).goTo("/manage")
	m.follow("main a", "답을 기다리는 의견").see("main li", said).follow("main a.rowlink", "").see("main", said).see("main", who.name)
	m.fill("#f-reply", reply).follow("main .btn.primary", "답변 보내기").see("main [role=status]", "답변을 보냈습니다")
	s.open(t, who, view{}).goTo("/me").see("#cases", said).see("#cases", reply)
	m.press("main summary", "바꾼 것 적기").fill("#f-ko", changed).follow("main button", "모두에게 보이기").see("main li", changed)
	b.goTo("/centers/"+s.center).follow("main a[href$='/changes']", "").see("main li", changed)
	if b.count("main form") != 0 || b.is("main", said) || b.is("main", who.name) {
		t.Error("the board tells more than what was changed")
	}
}
