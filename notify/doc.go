// Package notify is how people are told: a message, the ways it can leave
// (mail by SMTP, an SMS gateway, the mailbox of development), the choice among
// them, the texts in Korean and English, and dates as people read them.
//
// Invariants: a text exists in both languages for every kind; nothing is ever
// sent from a request, only from the outbox; errors never name who was written
// to. It imports internal/fault, internal/lang and the standard library.
package notify
