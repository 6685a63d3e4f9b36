package account

import "gongbang/internal/lang"

// Role is what somebody may be at a center.
type Role string

const (
	Citizen Role = "citizen"
	Staff   Role = "staff"
	Manager Role = "manager"
	Admin   Role = "admin"
)

// Grant is a role at one center; Center "" is every center (managers and admins only).
type Grant struct {
	Role   Role   `json:"role"`
	Center string `json:"center"`
}

// Actor is who acts: a signed-in account, nobody (ID ""), or the service itself.
type Actor struct {
	ID     string
	Grants []Grant
	Locale lang.Locale
	// Address is the network address an anonymous call came from; limits and
	// idempotency keys of people who are not signed in hang on it.
	Address string
	// Job names the job that acts for the service; "" for people.
	Job string
	// RequestID ties audit entries to a log line.
	RequestID string
	// Session is the id (not the token) of the session the actor came by.
	Session string
}

// Anonymous tells whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.ID == "" && a.Job == "" }

// System is the service acting by itself in the named job.
func System(job string) Actor { return Actor{Job: job, Locale: lang.Ko} }

// Name is how the audit names the actor: an account id or "job:NAME"; never a person's name.
func (a Actor) Name() string {
	if a.Job != "" {
		return "job:" + a.Job
	}
	return a.ID
}
