package notify

import (
	"context"
	"errors"
)

// ErrNoChannel is the error of a message whose channel has no sender.
var ErrNoChannel = errors.New("notify: no sender for this channel")

// Address is where a person can be reached. A contact that must not be
// written to (somebody else proved it, the person opted out) is left out by
// whoever fills this in.
type Address struct {
	Email, Phone                 string
	EmailVerified, PhoneVerified bool
	Prefer                       []Channel // none: e-mail, then SMS
}

// Router sends each message by the sender of its channel.
type Router struct{ senders map[Channel]Sender }

// NewRouter takes a sender for each channel; a nil one means that the channel
// can't be used. Without any sender CanSend is false and messages have to wait.
func NewRouter(mail, sms Sender) *Router {
	r := &Router{senders: map[Channel]Sender{}}
	if mail != nil {
		r.senders[Email] = mail
	}
	if sms != nil {
		r.senders[SMS] = sms
	}
	return r
}

// CanSend tells whether any channel has a sender.
func (r *Router) CanSend() bool { return len(r.senders) > 0 }

// Has tells whether the channel has a sender.
func (r *Router) Has(c Channel) bool { return r.senders[c] != nil }

// Route picks the channel for a person: the first preferred one with a proved
// contact and a sender, else the first with any contact and a sender.
func (r *Router) Route(a Address) (c Channel, to string, ok bool) {
	prefer := a.Prefer
	if len(prefer) == 0 {
		prefer = []Channel{Email, SMS}
	}
	for _, proved := range []bool{true, false} {
		for _, c := range append(prefer[:len(prefer):len(prefer)], Email, SMS) {
			to, verified := a.on(c)
			if to != "" && verified == proved && r.Has(c) {
				return c, to, true
			}
		}
	}
	return "", "", false
}

func (a Address) on(c Channel) (to string, verified bool) {
	switch c {
	case Email:
		return a.Email, a.EmailVerified
	case SMS:
		return a.Phone, a.PhoneVerified
	}
	return "", false
}

// Send hands the message to its channel's sender; ErrNoChannel where there is none.
func (r *Router) Send(ctx context.Context, m Message, key string) error {
	s := r.senders[m.Channel]
	if s == nil {
		return ErrNoChannel
	}
	return s.Send(ctx, m, key)
}
