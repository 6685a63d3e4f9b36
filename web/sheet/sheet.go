package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The types of the files.
const (
	CSVType  = "text/csv; charset=utf-8"
	XLSXType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Table is one sheet. A cell is a string, an int, a float64, or nil for nothing.
type Table struct {
	Name string
	Head []string
	Rows [][]any
}

// CSV writes one table.
func CSV(t Table) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	records := [][]string{t.Head}
	for _, row := range t.Rows {
		record := make([]string, len(row))
		for i, cell := range row {
			record[i] = text(cell)
		}
		records = append(records, record)
	}
	err := w.WriteAll(records)
	return b.Bytes(), err
}

// text is a cell in a CSV file. What a spreadsheet would read as a formula
// gets an apostrophe in front.
func text(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		if v != "" && v != notAsked && strings.ContainsRune("=+-@\t\r\n|", rune(v[0])) {
			return "'" + v
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return fmt.Sprint(cell)
}

// XLSX writes tables as the sheets of a workbook. Its texts are stored as
// texts, which no program computes.
func XLSX(tables ...Table) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return nil, err
		}
		if err := fill(f, t, bold); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	_, err = f.WriteTo(&b)
	return b.Bytes(), err
}

func fill(f *excelize.File, t Table, bold int) error {
	w, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, 1, 28); err != nil {
		return err
	}
	head := make([]any, len(t.Head))
	for i, name := range t.Head {
		head[i] = excelize.Cell{StyleID: bold, Value: name}
	}
	for n, row := range append([][]any{head}, t.Rows...) {
		if err := w.SetRow("A"+strconv.Itoa(n+1), row); err != nil {
			return err
		}
	}
	return w.Flush()
}
