package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongbang/survey"
)

// draftPressed does what a button of the editor says to the draft, and tells where
// the page opens afterwards: at the question that was moved; "" at its top.
func draftPressed(d *survey.Draft, do, at string) string {
	if do == "add" {
		d.Questions = append(d.Questions, survey.Question{Key: freeKey("q", questionKeys(d)), Type: survey.Sat5, NA: true})
		return anchor(len(d.Questions) - 1)
	}
	first, second, _ := strings.Cut(at, ".")
	i, err := strconv.Atoi(first)
	if err != nil || i < 0 || i >= len(d.Questions) {
		return ""
	}
	switch do {
	case "up":
		return swapped(d, i, i-1)
	case "down":
		return swapped(d, i, i+1)
	case "remove":
		d.Questions = slices.Delete(d.Questions, i, i+1)
		return anchor(max(0, i-1))
	case "option":
		q := &d.Questions[i]
		q.Options = append(slices.Clone(q.Options), survey.Option{Value: freeKey("o", optionKeys(*q))})
		return anchor(i)
	case "less":
		q := &d.Questions[i]
		if j, err := strconv.Atoi(second); err == nil && j >= 0 && j < len(q.Options) {
			q.Options = slices.Delete(slices.Clone(q.Options), j, j+1)
		}
		return anchor(i)
	}
	return ""
}

func anchor(i int) string { return fmt.Sprintf("#q-%d", i+1) }

func swapped(d *survey.Draft, i, j int) string {
	if j < 0 || j >= len(d.Questions) {
		return anchor(i)
	}
	d.Questions[i], d.Questions[j] = d.Questions[j], d.Questions[i]
	return anchor(j)
}

func questionKeys(d *survey.Draft) (keys []string) {
	for _, q := range d.Questions {
		keys = append(keys, q.Key)
	}
	return keys
}

func optionKeys(q survey.Question) (keys []string) {
	for _, o := range q.Options {
		keys = append(keys, plain(o.Value))
	}
	return keys
}

// freeKey is the first of q1, q2, … that nobody has.
func freeKey(prefix string, taken []string) string {
	for n := len(taken) + 1; ; n++ {
		if key := prefix + strconv.Itoa(n); !slices.Contains(taken, key) {
			return key
		}
	}
}
