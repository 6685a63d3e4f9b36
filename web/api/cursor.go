package api

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"gongbang/internal/fault"
)

// writeCursor makes the opaque cursor of a list out of its last place; kind
// keeps a cursor of one list from another. "" stays "".
func writeCursor(place, kind string) string {
	if place == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + place))
}

func readCursor(cursor, kind string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	place, ok := strings.CutPrefix(string(raw), kind+":")
	if err != nil || !ok || place == "" || !utf8.ValidString(place) || strings.ContainsRune(place, 0) {
		return "", fault.BadField("cursor", "cursor", "")
	}
	return place, nil
}
