// Package edge is what every request passes on its way in and out: request
// id, access log, recovery, limits, security headers, session to Actor,
// Accept-Language, Idempotency-Key, strict JSON and query decoding, and the
// one place where an error becomes a status and a problem document.
//
// Invariants: no token, query string or body reaches a log; an error that is
// no fault.Fault shows the client nothing but "internal"; whatever bytes come
// in, the answer is a 4xx with a code and never a panic. It imports account,
// booking (the key type), internal/fault, internal/lang, Gin and the standard
// library.
package edge
