package desk

import (
	"time"

	"guichet/internal/hours"
)

// OpenDay is one date of a reader's week with when the desk is open on it.
type OpenDay struct {
	Date   time.Time // the midnight it begins at, in the reader's zone
	Blocks hours.Sum // cut at midnight
}
