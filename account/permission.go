package account

// Permission is one thing that a role may do. Every route declares one.
type Permission string

const (
	Public        Permission = "public"         // anybody, signed in or not
	SignedIn      Permission = "signed_in"      // any account, for itself
	DeskWork      Permission = "desk_work"      // today's board, check-in, walk-ins, approvals, outages
	PeopleLookup  Permission = "people_lookup"  // a person by exact phone number
	PeopleConfirm Permission = "people_confirm" // groups and certificates
	Results       Permission = "results"        // survey results
	Accounts      Permission = "accounts"       // list accounts, change roles
	AuditRead     Permission = "audit_read"     // who did what
	OfferEdit     Permission = "offer_edit"     // a center, its machines, rules and closures
	CityEdit      Permission = "city_edit"      // holidays, closures of the whole city
	SurveyEdit    Permission = "survey_edit"    // questionnaires: all centers ask the same
)

// permissions is the one table of who may do what. A grant for a center
// counts there; a manager or admin without a center counts everywhere.
var permissions = map[Permission][]Role{
	DeskWork:      {Staff, Manager, Admin},
	PeopleLookup:  {Staff, Manager, Admin},
	PeopleConfirm: {Staff, Manager, Admin},
	Results:       {Manager, Admin},
	Accounts:      {Admin},
	AuditRead:     {Manager, Admin},
	OfferEdit:     {Manager, Admin},
	CityEdit:      {Admin},
	SurveyEdit:    {Admin},
}

// Known tells whether p is in the table.
func Known(p Permission) bool {
	_, ok := permissions[p]
	return ok || p == Public || p == SignedIn
}

// May tells whether the actor may do p at center. center "" asks for every center at once.
func (a Actor) May(p Permission, center string) bool {
	switch {
	case p == Public || a.Job != "":
		return true
	case a.ID == "":
		return false
	case p == SignedIn:
		return true
	}
	for _, g := range a.Grants {
		if covers(g, p) && (g.Center == "" && g.Role != Staff || center != "" && g.Center == center) {
			return true
		}
	}
	return false
}

// WorksAt tells whether the actor has a role at exactly this center's desk.
func (a Actor) WorksAt(center string) bool {
	for _, g := range a.Grants {
		if center != "" && g.Center == center && covers(g, DeskWork) {
			return true
		}
	}
	return false
}

// MaySomewhere tells whether the actor may do p at any center at all.
func (a Actor) MaySomewhere(p Permission) bool {
	centers, all := a.Centers(p)
	return all || len(centers) > 0 || p == Public || p == SignedIn && !a.Anonymous()
}

// Centers lists where the actor may do p; all is true when that is everywhere.
func (a Actor) Centers(p Permission) (centers []string, all bool) {
	if a.Job != "" {
		return nil, true
	}
	for _, g := range a.Grants {
		switch {
		case !covers(g, p):
		case g.Center != "":
			centers = append(centers, g.Center)
		case g.Role != Staff:
			return nil, true
		}
	}
	return centers, false
}

func covers(g Grant, p Permission) bool {
	for _, r := range permissions[p] {
		if r == g.Role {
			return true
		}
	}
	return false
}
