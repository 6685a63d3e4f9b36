package store

import (
	"encoding/json"
	"strconv"
	"time"

	"gongbang/booking"
)

// merged is a new file laid over what is kept.
type merged struct {
	file     booking.CatalogFile
	retired  []string
	problems []booking.ImportProblem
}

// mergeCatalog keeps the holidays a file leaves out, and keeps what is gone
// from it as retired, behind the rest. Policies that changed become versions.
func mergeCatalog(old *kept, file *booking.CatalogFile, now time.Time) *merged {
	m := &merged{file: *file}
	if m.file.Holidays == nil {
		m.file.Holidays = old.file.Holidays
	}
	m.file.Centers = make([]booking.CenterFile, 0, len(file.Centers))
	home, place := map[string]string{}, map[string]int{}
	for i, c := range file.Centers {
		c.Equipment = append([]booking.EquipmentFile(nil), c.Equipment...)
		m.file.Centers = append(m.file.Centers, c)
		place[c.ID] = i
		for _, e := range c.Equipment {
			home[e.ID] = c.ID
		}
	}
	m.file.Plan(&old.file, now, importer)
	for _, c := range old.file.Centers {
		i, stays := place[c.ID]
		if !stays {
			m.retireCenter(c, home)
			continue
		}
		for _, e := range c.Equipment {
			m.keepMachine(i, c.ID, e, home)
		}
	}
	m.noteMoves(file, old)
	return m
}

func (m *merged) retireCenter(c booking.CenterFile, home map[string]string) {
	if !c.Retired {
		m.retired = append(m.retired, c.ID)
	}
	machines := c.Equipment
	c.Retired, c.Equipment = true, nil
	m.file.Centers = append(m.file.Centers, c)
	for _, e := range machines {
		m.keepMachine(len(m.file.Centers)-1, c.ID, e, home)
	}
}

// keepMachine retires a machine of the old catalog unless the file has it.
func (m *merged) keepMachine(center int, id string, e booking.EquipmentFile, home map[string]string) {
	if _, stays := home[e.ID]; stays {
		return
	}
	if !e.Retired {
		m.retired = append(m.retired, e.ID)
	}
	e.Retired = true
	m.file.Centers[center].Equipment = append(m.file.Centers[center].Equipment, e)
}

// noteMoves refuses a machine that changes its center: its bookings say where to go.
func (m *merged) noteMoves(file *booking.CatalogFile, old *kept) {
	was := map[string]string{}
	for _, c := range old.file.Centers {
		for _, e := range c.Equipment {
			was[e.ID] = c.ID
		}
	}
	for i, c := range file.Centers {
		for j, e := range c.Equipment {
			if w, ok := was[e.ID]; ok && w != c.ID {
				m.problems = append(m.problems, booking.ImportProblem{Path: machinePath(i, j) + ".id", Rule: "moved", Limit: w})
			}
		}
	}
}

func machinePath(center, machine int) string {
	return "centers[" + strconv.Itoa(center) + "].equipment[" + strconv.Itoa(machine) + "]"
}

// importRow is one row to write; ord is its place in the file.
type importRow struct {
	table, id, center, doc string
	ord, quantity          int
	retired                bool
}

// rowsOf are the documents of a catalog, the head first.
func rowsOf(f *booking.CatalogFile) ([]importRow, error) {
	head := *f
	head.Centers = nil
	doc, err := json.Marshal(head)
	rows := []importRow{{table: "catalog", doc: string(doc)}}
	machines := 0
	for i, c := range f.Centers {
		list := c.Equipment
		c.Equipment = nil
		doc, e := json.Marshal(c)
		if e != nil {
			err = e
		}
		rows = append(rows, importRow{table: "center", id: c.ID, doc: string(doc), ord: i, retired: c.Retired})
		for _, f := range list {
			doc, e := json.Marshal(f)
			if e != nil {
				err = e
			}
			rows = append(rows, importRow{"equipment", f.ID, c.ID, string(doc), machines, f.Units(), f.Retired})
			machines++
		}
	}
	return rows, err
}

// changedRows are the documents that differ from what is kept; what came back
// from retirement or stands at another place differs too.
func changedRows(old *kept, rows []importRow) (changed []importRow) {
	was := map[string]importRow{}
	before, _ := rowsOf(&old.file) // what was read as JSON can be written as JSON
	for _, r := range before {
		was[r.table+" "+r.id] = r
	}
	for _, r := range rows {
		if was[r.table+" "+r.id] != r {
			changed = append(changed, r)
		}
	}
	return changed
}
