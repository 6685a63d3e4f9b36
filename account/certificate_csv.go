package account

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// mostCertificates bounds one file.
const mostCertificates = 5000

// certificateLine is one line of a file of certificates; Line counts from 1, the head included.
type certificateLine struct {
	line  int
	login Login
	cert  NewCertificate
}

// certificateColumns are the columns by what a head may call them.
var certificateColumns = map[string]string{
	"phone": "phone", "전화": "phone", "전화번호": "phone", "휴대폰": "phone", "휴대폰번호": "phone",
	"email": "email", "e-mail": "email", "이메일": "email",
	"key": "key", "교육": "key", "종류": "key",
	"basis": "basis", "근거": "basis",
	"expires": "expires", "만료일": "expires", "유효기간": "expires",
	"center": "center", "센터": "center",
}

// bases are the words for what a certificate rests on.
var bases = map[string]Basis{"": FromCard, "course": FromCourse, "교육": FromCourse, "card_seen": FromCard, "이수증": FromCard,
	"experience": FromExperience, "경력": FromExperience}

// readCertificates reads a CSV file (UTF-8, with or without a byte order
// mark). Every wrong value is told with its line: "3.phone".
func readCertificates(raw []byte, zone *time.Location) (lines []certificateLine, w wrong) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) {
		w.add("file", "utf8", "")
		return nil, w
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, err := r.Read()
	if err != nil {
		w.add("file", "required", "")
		return nil, w
	}
	columns := make([]string, len(head))
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if columns[i] = certificateColumns[name]; columns[i] == "" {
			w.add("1."+name, "unknown", "")
		}
	}
	if !slices.Contains(columns, "key") || !slices.Contains(columns, "phone") && !slices.Contains(columns, "email") {
		w.add("1", "columns", "phone email key basis expires center")
	}
	if len(w) > 0 { // what the lines say can't be told then
		return nil, w
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			w.add(fmt.Sprint(broken.StartLine), "csv", "")
			break
		}
		at, _ := r.FieldPos(0)
		if len(lines) == mostCertificates {
			w.add("file", "max", fmt.Sprint(mostCertificates))
			break
		}
		values := map[string]string{}
		for i, v := range record[:min(len(record), len(columns))] {
			values[columns[i]] = strings.TrimSpace(v)
		}
		lines = append(lines, w.certificate(at, values, zone))
	}
	if len(lines) == 0 && len(w) == 0 {
		w.add("file", "required", "")
	}
	return lines, w
}

func (w *wrong) certificate(line int, values map[string]string, zone *time.Location) certificateLine {
	at := fmt.Sprint(line) + "."
	c := certificateLine{line: line, cert: NewCertificate{Key: values["key"], Center: values["center"]}}
	switch {
	case values["phone"] != "":
		c.login = Login{Phone, w.contact(at+"phone", Phone, Secret(values["phone"])), true}
	case values["email"] != "":
		c.login = Login{Email, w.contact(at+"email", Email, Secret(values["email"])), true}
	default:
		w.add(at+"phone", "phone_or_email", "")
	}
	w.slug(at+"key", c.cert.Key)
	if c.cert.Center != "" {
		w.slug(at+"center", c.cert.Center)
	}
	var known bool
	if c.cert.Basis, known = bases[strings.ToLower(values["basis"])]; !known {
		w.add(at+"basis", "oneof", "course card_seen experience")
	}
	if day := values["expires"]; day != "" {
		last, err := time.ParseInLocation(time.DateOnly, day, zone)
		if err != nil {
			w.add(at+"expires", "date", "")
			return c // what is no day is not also past
		}
		until := last.AddDate(0, 0, 1) // the day itself is still valid
		c.cert.ValidUntil = &until
	}
	return c
}
