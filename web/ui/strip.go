package ui

import "strconv"

// Strip is a row of days, the oldest first: 0 for a quiet one, 1 and 2 for what
// is drawn half and whole.
type Strip struct {
	Label string // all that it shows, in words
	Tone  string
	Days  []int
}

// The measures of a strip: a day, and the distance to the next.
const (
	stripDay  = 4
	stripStep = 6
)

func (s Strip) viewBox() string { return "0 0 " + strconv.Itoa(s.width()) + " 12" }

func (s Strip) width() int { return max(1, len(s.Days))*stripStep - stripStep + stripDay }

func (s Strip) floor() string { return "M0 10h" + strconv.Itoa(s.width()) }

func stripX(day int) string { return strconv.Itoa(day * stripStep) }

// stripY and stripTall let a bar stand on the floor.
func stripY(level int) string { return strconv.Itoa(8 - 4*level) }

func stripTall(level int) string { return strconv.Itoa(4 + 4*level) }
