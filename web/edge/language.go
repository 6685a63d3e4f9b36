package edge

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"gongbang/internal/lang"
)

const localeKey = "edge.locale"

// LocaleOf is the language to answer in.
func LocaleOf(c *gin.Context) lang.Locale {
	if l, ok := c.Get(localeKey); ok {
		return l.(lang.Locale)
	}
	return Accepts(c.GetHeader("Accept-Language"))
}

// SetLocale makes the path decide the language, as under /en/.
func SetLocale(c *gin.Context, l lang.Locale) { c.Set(localeKey, l) }

// Accepts reads an Accept-Language header: English only where it is wanted
// more than Korean, which is the default.
func Accepts(header string) lang.Locale {
	if len(header) > 1024 {
		return lang.Ko
	}
	var ko, en float64
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		switch primary {
		case "ko":
			ko = max(ko, quality(params))
		case "en":
			en = max(en, quality(params))
		}
	}
	if en > ko {
		return lang.En
	}
	// Equal wishes go to the one that is named first.
	if en == ko && en > 0 && strings.Index(strings.ToLower(header), "en") < strings.Index(strings.ToLower(header), "ko") {
		return lang.En
	}
	return lang.Ko
}

func quality(params string) float64 {
	value, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
