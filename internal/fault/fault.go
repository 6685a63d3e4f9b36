package fault

import (
	"errors"
	"fmt"
)

// Kind sorts refusals by what the caller can do about them.
type Kind uint8

const (
	Internal        Kind = iota // our mistake; never shown beyond "try again"
	Unauthenticated             // sign in first
	Forbidden                   // signed in, not allowed
	NotFound                    // does not exist, or the caller may not know that it does
	Conflict                    // somebody or something else came first
	Gone                        // was there, its time has passed
	Invalid                     // understood and refused: shape or policy
	TooMany                     // slow down
	Unavailable                 // outcome unknown or part missing; try again
	BadRequest                  // not understood
	Method                      // the path exists, not with this method
	TooLarge                    // more bytes than allowed
	MediaType                   // wrong content type
)

// Field is one wrong field of an input. Rule is stable; Limit its value, if any.
type Field struct {
	Field string
	Rule  string
	Limit string
}

// Fault is a refusal. Code is stable and has a sentence in each language;
// Values fill the sentence; Extra is handed to the caller beside it
// (violations, alternatives) and is part of the API.
type Fault struct {
	Kind   Kind
	Code   string
	Values map[string]string
	Fields []Field
	Extra  map[string]any
	// RetryAfter in seconds, for TooMany and Unavailable; 0 is left out.
	RetryAfter int
	Err        error
}

func (f *Fault) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%s: %v", f.Code, f.Err)
	}
	return f.Code
}

func (f *Fault) Unwrap() error { return f.Err }

// Is makes errors.Is(err, fault.New(kind, code)) compare codes.
func (f *Fault) Is(target error) bool {
	var t *Fault
	return errors.As(target, &t) && t.Code == f.Code
}

// New makes a refusal.
func New(k Kind, code string) *Fault { return &Fault{Kind: k, Code: code} }

// With returns a copy that carries one more value for the sentence.
func (f *Fault) With(key, value string) *Fault {
	c := *f
	c.Values = map[string]string{key: value}
	for k, v := range f.Values {
		if k != key {
			c.Values[k] = v
		}
	}
	return &c
}

// Because returns a copy that wraps err; err goes to the log, never to the caller.
func (f *Fault) Because(err error) *Fault {
	c := *f
	c.Err = err
	return &c
}

// Show returns a copy with one more member for the caller.
func (f *Fault) Show(key string, value any) *Fault {
	c := *f
	c.Extra = map[string]any{key: value}
	for k, v := range f.Extra {
		if k != key {
			c.Extra[k] = v
		}
	}
	return &c
}

// BadField refuses one field of an input with code "validation".
func BadField(field, rule, limit string) *Fault {
	return &Fault{Kind: Invalid, Code: "validation", Fields: []Field{{field, rule, limit}}}
}

// As finds the Fault in err.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// Code is the code of err: "" for nil, "internal" for what is no Fault.
func Code(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := As(err); ok {
		return f.Code
	}
	return "internal"
}

// The refusals that more than one package makes.
var (
	ErrNotFound    = New(NotFound, "not_found")
	ErrForbidden   = New(Forbidden, "forbidden")
	ErrSignIn      = New(Unauthenticated, "unauthenticated")
	ErrStale       = New(Conflict, "stale")
	ErrState       = New(Conflict, "state_conflict")
	ErrUnavailable = New(Unavailable, "unavailable")
	ErrMismatch    = New(Invalid, "idempotency_mismatch")
)
