package booking

import (
	"strings"

	"gongbang/internal/lang"
)

// textCount writes how much a limit counts: "4시간", "3건", "2일".
func textCount(what string, n int) lang.Text {
	switch what {
	case "minutes":
		return textLength(n)
	case "consecutive_days":
		return lang.Text{Ko: count(n) + "일", En: plural(n, "day")}
	}
	return lang.Text{Ko: count(n) + "건", En: plural(n, "booking")}
}

// textPer writes the span a limit counts over.
func textPer(per string) lang.Text {
	switch per {
	case "visit":
		return lang.Text{Ko: "한 번 방문에(한 센터, 하루)", En: "a visit (one center, one day)"}
	case "day":
		return lang.Text{Ko: "하루에", En: "a day"}
	case "week":
		return lang.Text{Ko: "한 주에(월요일부터)", En: "a week (from Monday)"}
	case "month":
		return lang.Text{Ko: "한 달에", En: "a calendar month"}
	}
	return lang.Text{}
}

// textOver writes where a limit counts; name is the category's.
func textOver(over string, name lang.Text) lang.Text {
	switch over {
	case "equipment":
		return lang.Text{Ko: "이 장비에서", En: "on this machine"}
	case "category":
		return lang.Text{Ko: "같은 종류(" + name.Ko + ") 장비를 모두 합쳐", En: "on all machines of the kind \"" + latin(name) + "\""}
	case "center":
		return lang.Text{Ko: "이 센터에서", En: "at this center"}
	}
	return lang.Text{Ko: "모든 센터를 합쳐", En: "at all centers together"}
}

func joinKo(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
