// Package fault is the one error type that crosses package borders: a kind
// that tells what sort of refusal it is, a stable code for programs, and the
// values a sentence is made of. It knows no HTTP; web/edge maps kinds to
// statuses once. It imports the standard library only.
package fault
