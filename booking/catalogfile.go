package booking

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"gongbang/internal/lang"
)

// CatalogFile is a catalog as an operator writes it. Build turns it into a
// Catalog; its parts are also what the database keeps.
type CatalogFile struct {
	Catalog    string       `json:"catalog,omitempty"`
	AsOf       string       `json:"as_of,omitempty"`
	TimeZone   string       `json:"time_zone"`
	Provenance string       `json:"provenance,omitempty"`
	Brand      *Brand       `json:"brand,omitempty"`
	Help       *Contact     `json:"help,omitempty"`
	Operators  []Label      `json:"operators,omitempty"`
	Sectors    []Label      `json:"sectors,omitempty"`
	Categories []Label      `json:"categories,omitempty"`
	Groups     []Label      `json:"groups,omitempty"`
	Synonyms   [][]string   `json:"synonyms,omitempty"`
	Holidays   *[]Holiday   `json:"holidays,omitempty"` // nil: left out, the known ones stay
	Policy     PolicyValues `json:"policy,omitempty"`
	Centers    []CenterFile `json:"centers,omitempty"`

	// Known to the database alone.
	Versions []PolicyVersion `json:"-"` // of Policy, which is what the layer began with
	Posted   []Posted        `json:"-"` // closures that were posted, ended ones too
}

// Holiday is a public holiday.
type Holiday struct {
	Date Date   `json:"date"`
	Ko   string `json:"ko"`
	En   string `json:"en,omitempty"`
}

// CenterFile is a center as it is written.
type CenterFile struct {
	ID             string                     `json:"id"`
	Name           lang.Text                  `json:"name"`
	FormerName     string                     `json:"former_name,omitempty"`
	Operator       string                     `json:"operator,omitempty"`
	District       string                     `json:"district,omitempty"`
	Dong           string                     `json:"dong,omitempty"`
	Address        string                     `json:"address,omitempty"`
	Contact        *Contact                   `json:"contact,omitempty"`
	Sectors        []string                   `json:"sectors,omitempty"`
	Opened         string                     `json:"opened,omitempty"`
	Eligibility    *EligibilityFile           `json:"eligibility,omitempty"`
	Hours          map[string]json.RawMessage `json:"hours"`
	HoursAssumed   bool                       `json:"hours_assumed,omitempty"`
	ClosedHolidays bool                       `json:"closed_on_public_holidays,omitempty"`
	Closures       []ClosureFile              `json:"closures,omitempty"`
	Booking        json.RawMessage            `json:"booking,omitempty"` // "here", "none" or {"link","phone"}
	BookableFrom   Date                       `json:"bookable_from,omitempty"`
	Policy         PolicyValues               `json:"policy,omitempty"`
	Sources        []string                   `json:"sources,omitempty"`
	Equipment      []EquipmentFile            `json:"equipment,omitempty"`

	// Known to the database alone.
	Retired  bool            `json:"-"`
	Version  int             `json:"-"` // counts the changes of the document; 0 is new
	Versions []PolicyVersion `json:"-"`
}

// EligibilityFile says who may use a center: "anyone" or a list of groups.
type EligibilityFile struct {
	Groups json.RawMessage `json:"groups,omitempty"`
	Proof  string          `json:"proof,omitempty"`
	Note   *lang.Text      `json:"note,omitempty"`
}

// ClosureFile is a closure: dates (both inside, "to" may be left out) or local times.
type ClosureFile struct {
	From   string     `json:"from"`
	To     string     `json:"to,omitempty"`
	Reason *lang.Text `json:"reason,omitempty"`
}

// EquipmentFile is a kind of machine as it is written.
type EquipmentFile struct {
	ID            string          `json:"id"`
	Name          lang.Text       `json:"name"`
	Category      string          `json:"category,omitempty"`
	Model         string          `json:"model,omitempty"`
	Quantity      *int            `json:"quantity,omitempty"` // left out: one
	Mode          Mode            `json:"mode,omitempty"`     // left out: self
	FeeKRWPerHour int             `json:"fee_krw_per_hour,omitempty"`
	Guide         *lang.Text      `json:"guide,omitempty"`
	Booking       json.RawMessage `json:"booking,omitempty"`
	BookableFrom  Date            `json:"bookable_from,omitempty"`
	Policy        PolicyValues    `json:"policy,omitempty"`
	Source        string          `json:"source,omitempty"`
	Assumed       []string        `json:"assumed,omitempty"`

	Retired  bool            `json:"-"`
	Version  int             `json:"-"`
	Versions []PolicyVersion `json:"-"`
}

// Units is how many machines of the kind there are.
func (e EquipmentFile) Units() int {
	if e.Quantity == nil {
		return 1
	}
	return *e.Quantity
}

// DecodeCatalog reads a catalog file; unknown keys, wrong types and anything
// behind the end are refused. It does not judge values: Build does.
func DecodeCatalog(data []byte) (*CatalogFile, []ImportProblem) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var f CatalogFile
	if err := dec.Decode(&f); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return nil, []ImportProblem{{wrong.Field, "schema", fmt.Sprintf("%s instead of %s", wrong.Value, wrong.Type)}}
		}
		return nil, []ImportProblem{{Rule: "json", Limit: err.Error()}}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, []ImportProblem{{Rule: "json", Limit: "something stands behind the end"}}
	}
	return &f, nil
}
