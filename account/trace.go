package account

import "time"

// Entry is one line of the audit: who did what to which thing, when and why.
// It holds ids and values of rules, never names, contacts or texts people wrote.
type Entry struct {
	Actor   string         // Actor.Name()
	Action  string         // "booking.confirm", "account.look", …
	Subject string         // id of what was changed or looked at
	Center  string         // "" where no center is concerned
	Reason  string         // what staff picked or typed; kept apart, so that it can be erased
	About   string         // the account a typed reason speaks about; "" where none is known
	Request string         // request id
	Detail  map[string]any // before and after, small
}

// Event is something that happened and will have effects after the commit:
// a message, a visit for the survey. It is written to the outbox in the same
// transaction and delivered at least once; Key makes its effect unique.
type Event struct {
	Kind    string            // "booking.confirmed", "survey.invitation", …
	Key     string            // stable; a second event with the same key is dropped
	Subject string            // id of the booking, invitation, account …
	Data    map[string]string // small values; never a name, contact, token or code
	Due     time.Time         // not delivered before; zero is now
}
