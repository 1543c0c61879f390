package access

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// MostName bounds a relationship's name: Microsoft takes 50 characters ("Obtain
// permissions to manage a customer's service or subscription").
const MostName = 50

var (
	guidShape  = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	slashShape = regexp.MustCompile(`^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$`)
)

func isGUID(s string) bool { return guidShape.MatchString(s) }

// ReadDate reads a day as a file may write it. One that two countries read
// differently is a problem, not a guess. The problem is a key below
// "access.csv.", "" for none. A day ends nothing before it begins, by UTC.
func ReadDate(text string) (at *time.Time, problem string) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 2000 && t.Year() < 2200 {
			return &t, ""
		}
	}
	m := slashShape.FindStringSubmatch(text)
	if m == nil {
		return nil, "date"
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	year, _ := strconv.Atoi(m[3])
	day, month := a, b
	switch {
	case a <= 12 && b <= 12 && a != b:
		return nil, "date_either"
	case b > 12:
		day, month = b, a
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || month < 1 || year < 2001 || year > 2199 {
		return nil, "date"
	}
	return &t, ""
}
