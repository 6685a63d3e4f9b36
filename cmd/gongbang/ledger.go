package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/booking"
)

// mostRows bounds one ledger: it is one transaction, which others wait for.
const mostRows = 5000

const ledgerHelp = `
Brings the bookings of a ledger that was kept elsewhere in, all or none. A line
that can't stand is named with its reason, nothing is written, and the exit
code is 1.

  --dry-run  says what would happen and writes nothing

FILE.csv is UTF-8. Its first line names the columns, in English or Korean:
  equipment (장비)   id of the machine, as in the catalog
  start (시작)       2026-12-01 14:00 in the catalog's zone, or RFC 3339
  end (끝)           likewise
  name (이름)        who comes; becomes a guest unless the phone is known
  phone (전화번호)   may be empty
  unit (호기)        may be empty: any unit that is free
  note (메모)        may be empty; kept as the purpose

What was promised stays promised: limits, windows and hours are not judged
again. No time is taken twice, and a time that is past, on a machine that is
retired, out of order or booked elsewhere is a conflict. Nobody is sent a message.
`

// ledgerColumns are the columns by what the first line may call them.
var ledgerColumns = map[string]string{
	"phone": "phone", "전화": "phone", "전화번호": "phone", "name": "name", "이름": "name", "equipment": "equipment", "장비": "equipment",
	"unit": "unit", "호기": "unit", "start": "start", "시작": "start", "end": "end", "끝": "end", "종료": "end", "note": "note", "메모": "note",
}

// importer stands for the operator at every desk: what a file brings is the
// center's own doing.
var importer = account.Actor{ID: "cli", Grants: []account.Grant{{Role: account.Admin}}}

func runImportBookings(ctx context.Context, c call) error {
	path, dry := "", false
	for _, arg := range c.args {
		switch {
		case arg == "--dry-run" || arg == "-dry-run":
			dry = true
		case strings.HasPrefix(arg, "-") || path != "":
			return misused("%q is too much", arg)
		default:
			path = arg
		}
	}
	if path == "" {
		return misused("say which file: import-bookings FILE.csv")
	}
	cfg, err := loadConfig(c.env, nil, false)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("the ledger can't be read: %w", err)
	}
	a, err := openApp(ctx, cfg, appOptions{})
	if err != nil {
		return err
	}
	defer a.close()
	catalog, err := catalogNow(ctx, a.db)
	if err != nil {
		return err
	}
	rows, wrong := readLedger(raw, catalog.Zone)
	if len(wrong) > 0 {
		return tellConflicts(c.errOut, path, wrong)
	}
	found, err := a.bookings.BringIn(ctx, importer, rows, dry)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return tellConflicts(c.errOut, path, found)
	}
	what := "brought in"
	if dry {
		what = "would be brought in; nothing was written"
	}
	fmt.Fprintf(c.out, "%d bookings %s\n", len(rows), what)
	return nil
}

func tellConflicts(out io.Writer, path string, list []booking.LedgerConflict) error {
	lines := map[int]bool{}
	for _, x := range list {
		lines[x.Line] = true
		why := strings.TrimSpace(x.Code)
		if x.Text.En != "" {
			why += ": " + x.Text.En
		} else if x.Code == "slot_taken" {
			why += ": the time is taken, or no unit is free for all of it"
		}
		fmt.Fprintf(out, "%s:%d: %s\n", path, x.Line, why)
	}
	return fmt.Errorf("nothing was written: %d lines can't stand", len(lines))
}

// readLedger reads the rows and tells every value that can't be read.
func readLedger(raw []byte, zone *time.Location) (rows []booking.LedgerRow, wrong []booking.LedgerConflict) {
	refuse := func(line int, what string) { wrong = append(wrong, booking.LedgerConflict{Line: line, Code: what}) }
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) || bytes.ContainsRune(raw, 0) {
		refuse(1, "the file is not UTF-8 text")
		return nil, wrong
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, err := r.Read()
	if err != nil {
		refuse(1, "the first line names no columns")
		return nil, wrong
	}
	for i, name := range head {
		known := ledgerColumns[strings.ToLower(strings.TrimSpace(name))]
		if known == "" {
			refuse(1, fmt.Sprintf("there is no column %q", name))
		}
		head[i] = known
	}
	for _, must := range []string{"equipment", "start", "end", "name"} {
		if !slices.Contains(head, must) {
			refuse(1, "the column "+must+" is missing")
		}
	}
	if len(wrong) > 0 { // what the lines say can't be told then
		return nil, wrong
	}
	for {
		record, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, wrong
		case errors.As(err, &broken):
			refuse(broken.StartLine, "can't be read as CSV")
			return rows, wrong
		case len(rows) == mostRows:
			refuse(0, fmt.Sprintf("at most %d bookings go in one file", mostRows))
			return rows, wrong
		}
		line, _ := r.FieldPos(0)
		values := map[string]string{}
		for i, v := range record[:min(len(record), len(head))] {
			values[head[i]] = strings.TrimSpace(v)
		}
		rows = append(rows, ledgerRow(line, values, zone, refuse))
	}
}

func ledgerRow(line int, values map[string]string, zone *time.Location, refuse func(int, string)) booking.LedgerRow {
	row := booking.LedgerRow{Line: line, Name: values["name"], Phone: values["phone"], EquipmentID: values["equipment"], Note: values["note"]}
	var err error
	if values["unit"] != "" {
		if row.Unit, err = strconv.Atoi(strings.TrimSuffix(values["unit"], "호기")); err != nil {
			refuse(line, "unit is no number")
		}
	}
	moment := func(column string) time.Time {
		for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", time.RFC3339} {
			if t, err := time.ParseInLocation(layout, values[column], zone); err == nil {
				return t
			}
		}
		refuse(line, column+" is no time like 2026-12-01 14:00")
		return time.Time{}
	}
	row.Start, row.End = moment("start"), moment("end")
	return row
}
