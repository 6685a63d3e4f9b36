// Package api is the JSON door: the routes table, one request type for each
// action, the answers' fields, openapi.yaml beside them, event streams and the
// operations paths.
//
// Invariants: every route declares a permission and where it is asked, else
// New fails; shape is judged before permission, permission before policy; an
// answer says no more of a person than its caller may see. What it needs of
// the engine, the accounts and the survey is written here as small interfaces.
// It imports account, booking, survey, internal/fault, internal/lang,
// web/edge and Gin; never store.
package api
