package booking

import (
	"time"

	"gongbang/internal/lang"
)

// Catalog is everything that is offered: an immutable snapshot, replaced as a
// whole when Revision moves. Never change one that was handed out.
type Catalog struct {
	Revision   int64
	Since      time.Time // no rule changes from here…
	Until      time.Time // …until here; zero is for ever
	Name       string
	AsOf       string
	Provenance string
	Zone       *time.Location
	Brand      Brand
	Help       Contact
	Operators  []Label
	Sectors    []Label
	Categories []Label
	Groups     []Label
	Synonyms   [][]string
	Holidays   map[Date]lang.Text
	Posted     []Posted  // closures that were posted, those that were taken back too
	Centers    []*Center // in the file's order; retired ones stay, marked

	centers   map[string]*Center
	equipment map[string]*Equipment
	texts     map[*Equipment]searchText
}

// Brand is what the service calls itself.
type Brand struct {
	Name       lang.Text `json:"name"`
	Logo       string    `json:"logo,omitempty"`
	Home       string    `json:"home,omitempty"`
	Identifier string    `json:"identifier,omitempty"`
}

// Contact is where help is; all parts may be missing.
type Contact struct {
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	SMS   string `json:"sms,omitempty"`
}

// Label names an id: an operator, sector, category or group.
type Label struct {
	ID   string    `json:"id"`
	Name lang.Text `json:"name"`
	// SurveyDelay is a category's own time from the end of use to the survey, a
	// Go duration such as "48h"; "" is the service's.
	SurveyDelay string `json:"survey_delay,omitempty"`
}

// Center is a place with opening hours and an operator.
type Center struct {
	ID             string
	Name           lang.Text
	FormerName     string
	Operator       string
	District       string
	Dong           string
	Address        string
	Contact        Contact
	Sectors        []string
	Opened         string
	Eligibility    Eligibility
	Hours          [7][]Opening // by time.Weekday; none is closed
	HoursAssumed   bool
	ClosedHolidays bool
	Closures       []Closure  // of the center and of the whole city
	Elsewhere      *Elsewhere // nil: booked here
	BookableFrom   Date
	Sources        []string
	Retired        bool
	Version        int // counts its changes
	Equipment      []*Equipment

	rules PolicyHistory // of the center's own layer
}

// Opening is a span of a day, in minutes since midnight; To may be 1440 (24:00).
type Opening struct{ From, To int }

// Eligibility says who may use a center; no Groups means anyone.
type Eligibility struct {
	Groups []string
	Proof  string // "declare", "first_visit", "before_booking"
	Note   lang.Text
}

// Closure is a time when a center is closed though its hours say open.
type Closure struct {
	When   Interval
	Reason lang.Text
}

// Posted is a closure that somebody posted while the service ran: of one
// center, or with Center "" of the whole city. A closure that was taken back
// stays, with the instant at which it ended.
type Posted struct {
	ID        string
	Center    string
	When      Interval
	Reason    string
	MadeBy    string // Actor.Name()
	CreatedAt time.Time
	EndedAt   *time.Time
}

// Stands is the time in which the closure closes, or closed, the center; empty when it never did.
func (p Posted) Stands() Interval {
	i := p.When
	if p.EndedAt != nil && p.EndedAt.Before(i.End) {
		i.End = *p.EndedAt
	}
	return i
}

// Elsewhere says that a machine is booked somewhere else, or (both empty) nowhere.
type Elsewhere struct {
	Link  string `json:"link,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Mode tells who runs the machine.
type Mode string

const (
	Self     Mode = "self"
	Operator Mode = "operator"
)

// Equipment is a kind of machine at one center with Quantity interchangeable units.
type Equipment struct {
	ID            string
	Center        *Center
	Name          lang.Text
	Category      string
	Model         string
	Quantity      int
	Mode          Mode
	FeeKRWPerHour int // shown, paid at the desk, not handled here
	Guide         lang.Text
	Elsewhere     *Elsewhere // after inheritance from the center
	BookableFrom  Date       // after inheritance: the later of the two
	Policy        Policy     // effective values, after inheritance system → catalog → center → equipment
	Source        string
	Assumed       []string
	Retired       bool // itself, or with its center
	Own           OwnOffer
	Version       int // counts its changes

	layers []layer // where Policy comes from, through time
}

// OwnOffer is what a machine says itself about being offered, before inheritance.
type OwnOffer struct {
	Says      bool       // where it is booked; not: as its center
	Elsewhere *Elsewhere // of one that says; nil: here
	From      Date
	Retired   bool
}

// Index makes the snapshot's look-ups and sets each machine's center. The
// catalog reader calls it once, last.
func (c *Catalog) Index() {
	c.centers, c.equipment = map[string]*Center{}, map[string]*Equipment{}
	for _, center := range c.Centers {
		c.centers[center.ID] = center
		for _, e := range center.Equipment {
			e.Center = center
			c.equipment[e.ID] = e
		}
	}
	c.texts = c.searchTexts()
}

// Center finds a center by id, retired ones too.
func (c *Catalog) Center(id string) (*Center, bool) { v, ok := c.centers[id]; return v, ok }

// Machine finds a kind of machine by id, retired ones too.
func (c *Catalog) Machine(id string) (*Equipment, bool) { v, ok := c.equipment[id]; return v, ok }

// label is the name of an id in a list; the id itself where the list has none.
func (c *Catalog) label(list []Label, id string) lang.Text {
	for _, l := range list {
		if l.ID == id {
			return l.Name
		}
	}
	return lang.Text{Ko: id, En: id}
}

// groupNames are the groups a center is for, in words.
func (c *Catalog) groupNames(center *Center) lang.Text {
	var names []lang.Text
	for _, id := range center.Eligibility.Groups {
		name := c.label(c.Groups, id)
		names = append(names, lang.Text{Ko: name.Ko, En: latin(name)})
	}
	return textList(names)
}
