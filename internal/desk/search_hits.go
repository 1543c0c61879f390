package desk

import (
	"math"
	"strconv"
	"strings"
	"time"

	"guichet/internal/search"
)

// Hit is a ticket that a search found.
type Hit struct {
	ID            ID
	Number        int64
	Subject       string
	State         State
	LastAt        time.Time
	CustomerName  string
	RequesterName string

	Title   []search.Part
	Snippet []search.Part
	Inside  bool      // the snippet is of what only the desk sees
	Said    time.Time // when what the snippet shows was written
}

// SearchCursor is where a list of hits goes on. Hits are ranked among the newest
// below a number: Below is that number, Score and Number the last hit shown, or
// zero where the next stretch begins.
type SearchCursor struct {
	Below  int64
	Score  float64
	Number int64
	Older  bool // there are tickets below that have not been ranked beside those before; no part of its text
}

// Zero tells the top of a list.
func (c SearchCursor) Zero() bool { return c.Below == 0 }

func (c SearchCursor) String() string {
	if c.Zero() {
		return ""
	}
	return strconv.FormatInt(c.Below, 10) + "_" + strconv.FormatUint(math.Float64bits(c.Score), 16) + "_" + strconv.FormatInt(c.Number, 10)
}

// ParseSearchCursor reads a cursor from an address; one that cannot be read starts
// from the top.
func ParseSearchCursor(s string) SearchCursor {
	parts := strings.Split(s, "_")
	if len(parts) != 3 {
		return SearchCursor{}
	}
	below, err1 := strconv.ParseInt(parts[0], 10, 64)
	bits, err2 := strconv.ParseUint(parts[1], 16, 64)
	number, err3 := strconv.ParseInt(parts[2], 10, 64)
	score := math.Float64frombits(bits)
	if err1 != nil || err2 != nil || err3 != nil || below < 1 || number < 0 || math.IsNaN(score) {
		return SearchCursor{}
	}
	return SearchCursor{Below: below, Score: score, Number: number}
}
