package survey

import "gongbang/internal/fault"

// Refusals of the person who opens or answers a link.
var (
	// ErrAnswered: this invitation has its one answer.
	ErrAnswered = fault.New(fault.Conflict, "already_answered")
	// ErrExpired: the link's last day is over.
	ErrExpired = fault.New(fault.Gone, "survey_expired")
)
