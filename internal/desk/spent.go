package desk

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	negative  = regexp.MustCompile(`^[-−–]\s*\d`)
	spentText = regexp.MustCompile(`^(?:(\d{1,6})\s*(?:h|:)(?:eures?|ours?)?)?\s*(?:(\d{1,7})\s*(?:m|mn|min|minutes?)?)?$`)
	partHours = regexp.MustCompile(`^(\d{1,6})[.,](\d{1,2})\s*h(?:eures?|ours?)?$`)
)

// What a number without a unit counts.
const (
	BareMinutes = 1
	BareHours   = 60
)

// ParseSpent reads an amount of time as people write it: "70", "1 h 10", "1h10",
// "1:10", "1,5 h", "45 min". bare is what a lone number counts. The key is that
// of what is wrong, "" for nothing.
func ParseSpent(s string, bare int) (minutes int, key string) {
	s = strings.ToLower(clean(s))
	if s == "" {
		return 0, "error.required"
	}
	if negative.MatchString(s) {
		return 0, "error.spent_positive"
	}
	if p := partHours.FindStringSubmatch(s); p != nil {
		hours, hundredths := countOf(p[1]), countOf((p[2] + "0")[:2])
		return positive(hours*60 + hundredths*60/100)
	}
	p := spentText.FindStringSubmatch(s)
	switch {
	case p == nil || p[1] == "" && p[2] == "" || p[1] != "" && len(p[2]) > 2:
		return 0, "error.spent"
	case p[1] == "" && p[2] == s:
		return positive(countOf(p[2]) * bare)
	}
	return positive(countOf(p[1])*60 + countOf(p[2]))
}

func positive(minutes int) (int, string) {
	if minutes <= 0 {
		return 0, "error.spent_positive"
	}
	return minutes, ""
}

// countOf reads digits that a pattern has counted already.
func countOf(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
