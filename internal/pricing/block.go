package pricing

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Block is time that a customer bought beforehand, in minutes. It gives time from Starts on and until just before
// Expires; a zero Starts is always past, a zero Expires never comes.
type Block struct {
	ID              string
	Minutes, Used   int
	Starts, Expires time.Time
}

// Left is the minutes that the block has at an instant, never below zero.
func (b Block) Left(at time.Time) int {
	if at.Before(b.Starts) || !b.Expires.IsZero() && !at.Before(b.Expires) {
		return 0
	}
	return max(0, b.Minutes-max(0, b.Used))
}

// Left is the minutes that blocks have together at an instant.
func Left(blocks []Block, at time.Time) int {
	left := 0
	for _, b := range blocks {
		left += min(b.Left(at), math.MaxInt-left)
	}
	return left
}

// Drawn is minutes taken from a block.
type Drawn struct {
	ID      string
	Minutes int
}

// Draw takes minutes from blocks at an instant, the soonest to expire first, then the first to have begun, then by
// ID; over is what none of them had. It changes no block: the caller adds the draws to Used.
func Draw(blocks []Block, minutes int, at time.Time) (draws []Drawn, over int) {
	over = max(0, minutes)
	for _, b := range slices.SortedFunc(slices.Values(blocks), sooner) {
		if taken := min(over, b.Left(at)); taken > 0 {
			draws = append(draws, Drawn{b.ID, taken})
			over -= taken
		}
	}
	return draws, over
}

func sooner(a, b Block) int {
	if a.Expires.IsZero() != b.Expires.IsZero() {
		if a.Expires.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(a.Expires.Compare(b.Expires), a.Starts.Compare(b.Starts), cmp.Compare(a.ID, b.ID))
}

// FromBlocks is the bill of one entry of work on prepaid terms, and what it takes from the blocks: its weighed minutes are
// drawn, and what no block has is charged by the price of an hour. Factors are in the weight, so that price is the
// ordinary one. Work that is not billable draws nothing. It fails as Time does, and on terms of another model with
// ErrTerms.
func (t Terms) FromBlocks(code string, pieces []Piece, billable bool, blocks []Block, at time.Time) (Bill, []Drawn, error) {
	if err := t.usable(code); err != nil {
		return Bill{}, nil, err
	}
	if t.Model != Prepaid {
		return Bill{}, nil, ErrTerms
	}
	if !billable {
		bill, err := t.Time(code, pieces, false)
		return bill, nil, err
	}
	minutes, lines, err := t.Weigh(pieces)
	if err != nil {
		return Bill{}, nil, err
	}
	draws, over := Draw(blocks, minutes, at)
	for _, d := range draws {
		lines = append(lines, Line{What: ForBlock, Block: d.ID, Minutes: d.Minutes})
	}
	if over > 0 {
		hour, err := unit(t.overage(), code)
		if err != nil {
			return Bill{}, nil, err
		}
		line, err := timed(ForOverage, "", over, LeastFactor, hour)
		if err != nil {
			return Bill{}, nil, err
		}
		lines = append(lines, line)
	}
	bill, err := total(code, lines...)
	return bill, draws, err
}
