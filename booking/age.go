package booking

// saidAtSignUp is the age that everybody with an account has said to have.
const saidAtSignUp = 14

// AsksAge tells whether who books has to say to be old enough: the least age is
// above what everybody said at sign-up.
func (p Policy) AsksAge() bool { return p.MinAge > saidAtSignUp }

// judgeAge holds who comes against the least age, in the year of use: the
// attendee by the year of birth, the account holder by what they said.
func (e *Equipment) judgeAge(c *Catalog, a ask) []Violation {
	least := e.Policy.MinAge
	if least == 0 || a.oldEnough(least, c) {
		return nil
	}
	return []Violation{vMinAge(least)}
}

// oldEnough never lets a declaration stand against a year of birth that was given.
func (a ask) oldEnough(least int, c *Catalog) bool {
	if p := a.attendee; p != nil {
		if p.BirthYear != 0 {
			year, _, _ := DateOf(a.interval.Start, c.Zone).parts()
			return year-p.BirthYear >= least
		}
		return a.ofAge
	}
	return a.ofAge || least <= saidAtSignUp
}
