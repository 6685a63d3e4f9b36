package lang

// Locale is "ko" or "en". Korean is the default whatever a client says.
type Locale string

const (
	Ko Locale = "ko"
	En Locale = "en"
)

// Text is one text in both languages.
type Text struct {
	Ko string `json:"ko"`
	En string `json:"en,omitempty"`
}

// In is the text in a language; Korean where the English is missing.
func (t Text) In(l Locale) string {
	if l == En && t.En != "" {
		return t.En
	}
	return t.Ko
}
