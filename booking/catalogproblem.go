package booking

import (
	"strings"

	"gongbang/internal/lang"
)

// ImportProblem is one thing in a catalog file that is refused, or warned of:
// where it stands ("centers[2].hours.mon"), a stable rule, and the rule's value.
type ImportProblem struct {
	Path  string
	Rule  string
	Limit string
}

// problemTexts has a sentence for each rule; {limit} is the rule's value.
var problemTexts = map[string]lang.Text{
	"json":               {Ko: "JSON으로 읽을 수 없습니다: {limit}.", En: "It is not valid JSON: {limit}."},
	"schema":             {Ko: "카탈로그 형식에 맞지 않습니다: {limit}.", En: "It does not fit the catalog schema: {limit}."},
	"unknown_key":        {Ko: "없는 항목입니다.", En: "There is no such key."},
	"not_supported_yet":  {Ko: "아직 지원하지 않는 규칙입니다.", En: "This rule is not supported yet."},
	"required":           {Ko: "빠졌습니다. 적어 주세요.", En: "It is missing."},
	"object":             {Ko: "항목을 가진 값({…})이어야 합니다.", En: "It must be an object."},
	"list":               {Ko: "목록([…])이어야 합니다.", En: "It must be a list."},
	"text":               {Ko: "비어 있지 않은 글이어야 합니다.", En: "It must be a text that is not empty."},
	"max_length":         {Ko: "{limit}자보다 깁니다.", En: "It is longer than {limit} characters."},
	"integer":            {Ko: "정수여야 합니다.", En: "It must be a whole number."},
	"min":                {Ko: "{limit}보다 작습니다.", En: "It is less than {limit}."},
	"max":                {Ko: "{limit}보다 큽니다.", En: "It is more than {limit}."},
	"one_of":             {Ko: "다음 가운데 하나여야 합니다: {limit}.", En: "It must be one of: {limit}."},
	"one_unit":           {Ko: "months_before, days_before, hours_before, minutes_before 가운데 하나만 적어 주세요.", En: "Exactly one of months_before, days_before, hours_before, minutes_before is needed."},
	"clock":              {Ko: "시각은 \"HH:MM\"으로 적어 주세요. 하루의 끝은 \"24:00\"입니다.", En: "A time is written \"HH:MM\"; the end of a day is \"24:00\"."},
	"not_allowed":        {Ko: "{limit}에는 쓸 수 없습니다.", En: "It is not allowed with {limit}."},
	"multiple_of_slot":   {Ko: "시간 칸 {limit}분의 배수여야 합니다.", En: "It must be a multiple of the slot, {limit} minutes."},
	"divides_slot":       {Ko: "시간 칸 {limit}분을 나누어떨어지게 하는 값이어야 합니다.", En: "It must divide the slot, {limit} minutes."},
	"below_min":          {Ko: "가장 짧은 예약 {limit}분보다 짧습니다.", En: "It is shorter than the shortest booking, {limit} minutes."},
	"above_max":          {Ko: "가장 긴 예약 {limit}분보다 깁니다.", En: "It is longer than the longest booking, {limit} minutes."},
	"window_empty":       {Ko: "예약이 열리기 전에 마감되어 아무것도 예약할 수 없습니다.", En: "The window closes before it opens, so nothing could be booked."},
	"ascending":          {Ko: "앞의 값 {limit}보다 커야 합니다.", En: "It must be more than the one before, {limit}."},
	"days_or_months":     {Ko: "days와 months 가운데 하나만 적어 주세요.", En: "Exactly one of days and months is needed."},
	"max_items":          {Ko: "{limit}개까지 적을 수 있습니다.", En: "At most {limit} are allowed."},
	"time_zone":          {Ko: "알 수 없는 시간대입니다: {limit}.", En: "The time zone is unknown: {limit}."},
	"unknown_id":         {Ko: "목록에 없는 이름표입니다: {limit}.", En: "No list names this id: {limit}."},
	"duplicate":          {Ko: "두 번 나옵니다: {limit}.", En: "It appears twice: {limit}."},
	"date":               {Ko: "날짜는 \"2026-11-22\"처럼 적어 주세요.", En: "A date is written \"2026-11-22\" and must exist."},
	"moment":             {Ko: "날짜(\"2026-11-22\")나 시각(\"2026-11-22T13:00\")으로 적어 주세요.", En: "It is written as a date, \"2026-11-22\", or a time, \"2026-11-22T13:00\"."},
	"duration":           {Ko: "시간은 \"90m\"이나 \"48h\"처럼 적어 주세요. 가장 긴 값은 {limit}입니다.", En: "A length of time is written \"90m\" or \"48h\"; the longest is {limit}."},
	"order":              {Ko: "끝이 시작보다 뒤여야 합니다.", En: "The end must be after the start."},
	"overlap":            {Ko: "여는 시간이 서로 겹칩니다.", En: "The openings overlap."},
	"moved":              {Ko: "이 장비는 다른 센터({limit})에 있습니다. 새 이름표를 주세요.", En: "This machine belongs to another center, {limit}. Give it a new id."},
	"timespan":           {Ko: "시간은 \"09:00-12:00\"처럼 적어 주세요.", En: "A span of a day is written \"09:00-12:00\"."},
	"quantity":           {Ko: "{limit}호기에 앞으로의 예약이 있어 더 줄일 수 없습니다.", En: "Unit {limit} has future bookings, so the quantity can't be less."},
	"english_missing":    {Ko: "영어 이름이 없어 한국어로 보입니다.", En: "The English name is missing; Korean is shown."},
	"contact_missing":    {Ko: "연락처가 없습니다.", En: "There is no contact."},
	"holidays_missing":   {Ko: "공휴일이 하나도 없습니다.", En: "There are no public holidays."},
	"holidays_end_soon":  {Ko: "공휴일이 {limit}에 끝납니다. 12개월이 남지 않았습니다.", En: "Public holidays end on {limit}, within 12 months."},
	"hours_assumed":      {Ko: "여는 시간이 확인되지 않았습니다.", En: "The opening hours are assumed."},
	"wants_at_least_one": {Ko: "링크나 전화 가운데 하나는 있어야 합니다.", En: "A link or a phone number is needed."},
}

// Text says what is wrong, in both languages, without the path.
func (p ImportProblem) Text() lang.Text {
	t, ok := problemTexts[p.Rule]
	if !ok {
		t = problemTexts["schema"]
		p.Limit = p.Rule + " " + p.Limit
	}
	return lang.Text{Ko: strings.ReplaceAll(t.Ko, "{limit}", p.Limit), En: strings.ReplaceAll(t.En, "{limit}", p.Limit)}
}

// String is the path and the English sentence, as the command line prints it.
func (p ImportProblem) String() string {
	if p.Path == "" {
		return p.Text().En
	}
	return p.Path + ": " + p.Text().En
}
