package booking

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongbang/internal/lang"
)

var weekdaysKo = [7]string{"일", "월", "화", "수", "목", "금", "토"}

// textDate writes a day: "2026. 11. 22.(일)", "Sun, Nov 22, 2026".
func textDate(d Date) lang.Text {
	t, err := time.Parse(dateLayout, string(d))
	if err != nil {
		return lang.Text{}
	}
	return lang.Text{
		Ko: fmt.Sprintf("%d. %d. %d.(%s)", t.Year(), int(t.Month()), t.Day(), weekdaysKo[t.Weekday()]),
		En: t.Format("Mon, Jan 2, 2006"),
	}
}

// textMoment writes a day with its time: "2026. 11. 22.(일) 오후 2:00", "Sun, Nov 22, 2026, 2:00 PM (KST)".
func textMoment(t time.Time, zone *time.Location) lang.Text {
	local := t.In(zone)
	day, clock := textDate(DateOf(t, zone)), textClock(local.Hour()*60+local.Minute())
	return lang.Text{Ko: day.Ko + " " + clock.Ko, En: day.En + ", " + clock.En + " (" + local.Format("MST") + ")"}
}

// textClock writes a time of day given in minutes since midnight the way
// people say it: "오전 9:00", "낮 12:00", "오후 2:30". 1440 is the day's end,
// which has words of its own because "0:00" would be read as the morning before.
func textClock(minute int) lang.Text {
	hour, past := minute/60, minute%60
	if hour == 24 {
		return lang.Text{Ko: "밤 12:00", En: "midnight"}
	}
	half, en := "오전", "AM"
	switch {
	case hour == 12 && past == 0:
		half, en = "낮", "PM"
	case hour >= 12:
		half, en = "오후", "PM"
	}
	ko12, en12 := hour, (hour+11)%12+1
	if hour > 12 {
		ko12 = hour - 12
	}
	return lang.Text{Ko: fmt.Sprintf("%s %d:%02d", half, ko12, past), En: fmt.Sprintf("%d:%02d %s", en12, past, en)}
}

// textOpenings writes opening hours: "오전 9:00 ~ 오후 6:00", spans joined by commas.
func textOpenings(open []Opening) lang.Text {
	var ko, en []string
	for _, o := range open {
		from, to := textClock(o.From), textClock(o.To)
		if half, rest, ok := strings.Cut(to.Ko, " "); ok && strings.HasPrefix(from.Ko, half+" ") {
			to.Ko = rest
		}
		ko, en = append(ko, from.Ko+" ~ "+to.Ko), append(en, from.En+" – "+to.En)
	}
	return lang.Text{Ko: strings.Join(ko, ", "), En: strings.Join(en, ", ")}
}

// textLength writes a length given in minutes: "2시간", "1시간 30분", "1 hour 30 minutes".
func textLength(minutes int) lang.Text {
	h, m := minutes/60, minutes%60
	var ko, en []string
	if h > 0 {
		ko, en = append(ko, strconv.Itoa(h)+"시간"), append(en, plural(h, "hour"))
	}
	if m > 0 || h == 0 {
		ko, en = append(ko, strconv.Itoa(m)+"분"), append(en, plural(m, "minute"))
	}
	return lang.Text{Ko: strings.Join(ko, " "), En: strings.Join(en, " ")}
}

// plural writes an English count: "1 hour", "2 hours".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// textWon writes money: "12,000원", "KRW 12,000".
func textWon(won int) lang.Text {
	s := strconv.Itoa(won)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return lang.Text{Ko: s + "원", En: "KRW " + s}
}

// textList joins names: "가, 나", "A, B".
func textList(names []lang.Text) lang.Text {
	var ko, en []string
	for _, n := range names {
		ko, en = append(ko, n.Ko), append(en, n.In(lang.En))
	}
	return lang.Text{Ko: strings.Join(ko, ", "), En: strings.Join(en, ", ")}
}
