package survey

import "time"

// Traits are what a use had in common with others, in buckets. They stay with
// the invitation until it is final and with the answer until the flush; from
// then on only counters know them (value × score). "" is unknown.
type Traits struct {
	Hour   string // of the day when the use began: "00" … "23"
	Wait   string // from booking to use in days: "0", "1", "2-3", "4-7", "8-14", "15+"
	NoShow string // of the machine before, in percent: "0", "1-9", "10-19", "20+"
}

// leastUses is under how many bookings a machine's no-shows say nothing.
const leastUses = 10

// HourTrait is the hour a use began in the zone.
func HourTrait(start time.Time, zone *time.Location) string { return start.In(zone).Format("15") }

// WaitTrait is how many days lie between making a booking and its use.
func WaitTrait(made, start time.Time, zone *time.Location) string {
	from, to := made.In(zone), start.In(zone)
	days := int(midnight(to).Sub(midnight(from)).Hours()+12) / 24
	for _, b := range []struct {
		upTo int
		name string
	}{{0, "0"}, {1, "1"}, {3, "2-3"}, {7, "4-7"}, {14, "8-14"}} {
		if days <= b.upTo {
			return b.name
		}
	}
	return "15+"
}

func midnight(t time.Time) time.Time { return clock(t, 0, 0) }

// NoShowTrait is the share of no-shows among a machine's bookings that began.
func NoShowTrait(noShows, began int) string {
	if began < leastUses {
		return ""
	}
	switch percent := 100 * noShows / began; {
	case noShows == 0:
		return "0"
	case percent < 10:
		return "1-9"
	case percent < 20:
		return "10-19"
	}
	return "20+"
}

// Entry is how an answer came; "" is an invitation's link, without a name.
type Entry string

const (
	ByQR      Entry = "qr"      // the code on a machine, by whoever stands there
	ByCounter Entry = "counter" // the tablet at a center's counter
	// ByName is an invitation's link with the person's name given with the answer.
	// Who knows these answers could take them away from a figure that holds them
	// and read the few that are left: so they are counted apart.
	ByName Entry = "named"
)

// Entries are those that are counted apart.
var Entries = []Entry{ByQR, ByCounter, ByName}

// Series tells the answers of a questionnaire apart by how they came: only
// those of invitations are added up to a score.
func (e Entry) Series(t *Template) string {
	if e == "" {
		return t.Series()
	}
	return t.Series() + "@" + string(e)
}
