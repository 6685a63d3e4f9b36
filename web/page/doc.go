// Package page is the HTML door. It has a start page that leads to the API's
// documents, the mailbox of demos and development, and the survey form behind
// an invitation's link, which works without JavaScript.
//
// Invariants: a GET changes nothing; what people wrote is escaped; nothing
// comes from another origin. It imports survey, notify, internal/fault,
// internal/lang and web/edge; never store.
package page
