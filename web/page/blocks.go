package page

import (
	"slices"
	"time"

	"guichet/internal/desk"
)

// BlockPanel is a customer's prepaid blocks on his settings page.
type BlockPanel struct {
	List     []desk.Block
	Form     desk.BlockSettings // of a new one, or the expiry of Block
	Block    desk.ID            // the block whose expiry came back, Nobody for a new one
	Problems desk.Problems
	Currency string
}

// of is what is wrong with the expiry of one block, or with a new one.
func (p BlockPanel) of(block desk.ID) desk.Problems {
	if p.Block != block {
		return nil
	}
	return p.Problems
}

// expiry is what the form of a block shows as its last day.
func (p BlockPanel) expiry(b desk.Block) string {
	switch {
	case p.Block == b.ID:
		return p.Form.Expires
	case b.Expires != nil:
		return string(*b.Expires)
	}
	return ""
}

// runningBlocks are those that are neither used up, closed nor over.
func runningBlocks(blocks []desk.Block, now time.Time, zone *time.Location) []desk.Block {
	return slices.DeleteFunc(slices.Clone(blocks), func(b desk.Block) bool {
		return b.Over(now, zone) || now.Before(b.Starts.At(zone))
	})
}

// soonest is the first last day of blocks that still hold something, nil for none.
func soonest(blocks []desk.Block) *desk.Day {
	var day *desk.Day
	for _, b := range blocks {
		if b.Used < b.Minutes && b.Expires != nil && (day == nil || *b.Expires < *day) {
			day = b.Expires
		}
	}
	return day
}

// newExpiryID is the id of a new block's last day: the field's name, unless the
// expiry of another block came back and has it.
func newExpiryID(p BlockPanel) string {
	if p.Block == desk.Nobody {
		return "block_expires"
	}
	return "new_block_expires"
}
