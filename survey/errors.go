package survey

import "gongbang/internal/fault"

// Refusals of the person who opens a form or answers.
var (
	// ErrAnswered: this invitation has its one answer.
	ErrAnswered = fault.New(fault.Conflict, "already_answered")
	// ErrExpired: the link's last day is over.
	ErrExpired = fault.New(fault.Gone, "survey_expired")
	// ErrEnough: the code on a machine has more answers this month than people used it.
	ErrEnough = fault.New(fault.Conflict, "survey_enough")
)
