package sheet

import (
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// column is one figure of a group.
type column struct {
	name  lang.Text
	value func(g booking.UsageGroup) any
}

// columns are those of the first sheet; booking.Usage defines each figure.
var columns = []column{
	{lang.Text{Ko: "연 시간(분)", En: "Open (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Open }},
	{lang.Text{Ko: "예약(분)", En: "Booked (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Booked }},
	{lang.Text{Ko: "이용(분)", En: "Used (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Used }},
	{lang.Text{Ko: "늦은 입실(분)", En: "Idle (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Idle }},
	{lang.Text{Ko: "돌려준 시간(분)", En: "Released (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Released }},
	{lang.Text{Ko: "미방문(분)", En: "No-show (min)"}, func(g booking.UsageGroup) any { return g.Minutes.NoShow }},
	{lang.Text{Ko: "방문 모름(분)", En: "Unknown (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Unknown }},
	{lang.Text{Ko: "미정(분)", En: "Undecided (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Undecided }},
	{lang.Text{Ko: "넘긴 시간(분)", En: "Overrun (min)"}, func(g booking.UsageGroup) any { return g.Minutes.Overrun }},
	{lang.Text{Ko: "이용률(%)", En: "Utilisation (%)"}, func(g booking.UsageGroup) any { return share(g.Minutes.Utilisation()) }},
	{lang.Text{Ko: "예약(건)", En: "Bookings"}, func(g booking.UsageGroup) any { return g.Counts.Bookings }},
	{lang.Text{Ko: "방문(건)", En: "Attended"}, func(g booking.UsageGroup) any { return g.Counts.Attended }},
	{lang.Text{Ko: "미방문(건)", En: "No-shows"}, func(g booking.UsageGroup) any { return g.Counts.NoShows }},
	{lang.Text{Ko: "취소(건)", En: "Cancelled"}, func(g booking.UsageGroup) any { return g.Counts.Cancelled }},
	{lang.Text{Ko: "이용한 사람", En: "People"}, func(g booking.UsageGroup) any { return g.People }},
	{lang.Text{Ko: "이용한 업체", En: "Firms"}, func(g booking.UsageGroup) any { return g.Firms }},
	{lang.Text{Ko: "첫 이용", En: "First-time users"}, func(g booking.UsageGroup) any { return g.FirstTime }},
}

var weekdays = [7]lang.Text{{Ko: "월", En: "Mon"}, {Ko: "화", En: "Tue"}, {Ko: "수", En: "Wed"}, {Ko: "목", En: "Thu"}, {Ko: "금", En: "Fri"}, {Ko: "토", En: "Sat"}, {Ko: "일", En: "Sun"}}

func share(percent *float64) any {
	if percent == nil {
		return nil
	}
	return *percent
}

// Usage is a report as three sheets: the figures of each group with the total
// last, used and open minutes by weekday and hour, and what was asked for.
func Usage(u *booking.Usage, zone *time.Location, l lang.Locale) []Table {
	in := func(ko, en string) string { return lang.Text{Ko: ko, En: en}.In(l) }
	groups := Table{Name: in("이용", "Use"), Head: []string{in("구분", "Group"), in("기호", "Id")}}
	for _, c := range columns {
		groups.Head = append(groups.Head, c.name.In(l))
	}
	for _, g := range append(append([]booking.UsageGroup{}, u.Groups...), u.Total) {
		row := []any{g.Label.In(l), g.Key}
		for _, c := range columns {
			row = append(row, c.value(g))
		}
		groups.Rows = append(groups.Rows, row)
	}
	asked := Table{Name: in("조건", "Asked for"), Head: []string{in("항목", "What"), in("값", "Value")}, Rows: [][]any{
		{in("기간", "Period"), string(u.Filter.From) + " ~ " + string(u.Filter.To)}, {in("센터", "Centers"), strings.Join(u.Filter.Centers, ", ")},
		{in("장비 종류", "Category"), u.Filter.Category}, {in("나눈 기준", "Grouped by"), u.Filter.GroupBy},
		{in("이 시각까지", "As of"), u.AsOf.In(zone).Format("2006-01-02 15:04")}, {in("넣지 않은 예약", "Bookings left out"), u.LeftOut},
		{in("이용률", "Utilisation"), in("이용 ÷ 연 시간 × 100", "used / open * 100")},
	}}
	return []Table{groups, week(u, l), asked}
}

// week has a line for each weekday and hour in which anything was open or used.
func week(u *booking.Usage, l lang.Locale) Table {
	in := func(ko, en string) string { return lang.Text{Ko: ko, En: en}.In(l) }
	t := Table{Name: in("요일과 시간", "Weekday and hour"), Head: []string{in("요일", "Weekday"), in("시", "Hour"), in("이용(분)", "Used (min)"), in("연 시간(분)", "Open (min)"), in("이용률(%)", "Utilisation (%)")}}
	for d, hours := range u.Week {
		for h, x := range hours {
			if x.Open > 0 || x.Used > 0 {
				t.Rows = append(t.Rows, []any{weekdays[d].In(l), strconv.Itoa(h) + ":00", x.Used, x.Open, share(x.Utilisation())})
			}
		}
	}
	return t
}
