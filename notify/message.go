package notify

import (
	"context"
	"time"
)

// Channel is a way to reach somebody.
type Channel string

const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// Message is one text to one person, ready to leave. Its JSON form is the line
// of the development mailbox and part of the contract with clients.
type Message struct {
	At      time.Time `json:"at"` // when it left, in the catalog's zone
	Channel Channel   `json:"channel"`
	To      string    `json:"to"` // an e-mail address, or a phone number in E.164
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"` // not sent by SMS
	Text    string    `json:"text"`
	Links   []string  `json:"links"`
	// Headers go on mail only: List-Unsubscribe of a survey.
	Headers map[string]string `json:"-"`
}

// Sender lets a message leave. Key is stable over retries of the same message,
// so that the other side can tell a repetition. A nil error means that the
// next server accepted it; an error may mean that it did too.
type Sender interface {
	Send(ctx context.Context, m Message, key string) error
}

// OneClick adds what RFC 8058 asks for, so that mail programs can offer to
// unsubscribe: link must accept a POST without a further question.
func (m *Message) OneClick(link string) {
	if link == "" {
		return
	}
	m.Headers = map[string]string{
		"List-Unsubscribe":      "<" + link + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	}
}
