package desk

import (
	"errors"
	"strings"
	"time"

	"guichet/internal/pricing"
)

// Block is time that a customer bought beforehand.
type Block struct {
	ID         ID
	CustomerID ID
	Name       string
	Minutes    int
	Used       int
	Price      string // decimal text, "" where none was said
	Currency   string
	Starts     Day
	Expires    *Day // the last day, nil: never
	ClosedAt   *time.Time
	CreatedAt  time.Time
}

// BlockSettings is a block as its form sends it.
type BlockSettings struct{ Name, Time, Price, Starts, Expires string }

// The most that a block holds, in minutes, and the longest name.
const (
	MostBlock    = 60 * 100_000
	MaxBlockName = 80
)

// NewBlock sells a customer time. A day left out is today. Errors: Invalid, by
// the form's field names.
func NewBlock(s BlockSettings, customer ID, currency string, today Day, now time.Time) (Block, error) {
	var p Problems
	b := Block{ID: NewID(), CustomerID: customer, Name: clean(s.Name), Currency: currency, Starts: today, CreatedAt: now}
	p.Text("block_name", b.Name, 1, MaxBlockName)
	minutes, key := ParseSpent(s.Time, BareHours)
	switch {
	case key != "":
		p.Add("block_time", key)
	case minutes > MostBlock:
		p.Add("block_time", "error.block_long")
	}
	b.Minutes = minutes
	if strings.TrimSpace(s.Price) != "" {
		a, key := parsePrice(s.Price, currency)
		if key == "" && a.IsNegative() {
			key = "error.amount_negative"
		}
		if key != "" {
			p.Add("block_price", key)
		}
		b.Price = a.Number()
	}
	if s.Starts != "" {
		day, ok := ParseDay(s.Starts)
		if !ok {
			p.Add("block_starts", "error.date")
		}
		b.Starts = day
	}
	expires, problem := b.expiry(s.Expires)
	if problem != "" {
		p.Add("block_expires", problem)
	}
	b.Expires = expires
	return b, p.Err()
}

// Until returns the block with another last day. Errors: Invalid on
// "block_expires".
func (b Block) Until(expires string) (Block, error) {
	day, problem := b.expiry(expires)
	if problem != "" {
		return b, NewInvalid("block_expires", problem)
	}
	b.Expires = day
	return b, nil
}

func (b Block) expiry(s string) (*Day, string) {
	if s == "" {
		return nil, ""
	}
	day, ok := ParseDay(s)
	switch {
	case !ok:
		return nil, "error.date"
	case day < b.Starts:
		return nil, "error.expires_early"
	}
	return &day, ""
}

// parsePrice reads an amount from a form, with all decimals of its currency.
// The key is that of what is wrong, "" for nothing.
func parsePrice(s, currency string) (a pricing.Amount, key string) {
	a, err := pricing.Parse(pricing.Typed(s), currency)
	if err == nil {
		_, err = pricing.Manual(a)
	}
	switch {
	case errors.Is(err, pricing.ErrDecimals):
		return a, "error.amount_decimals"
	case errors.Is(err, pricing.ErrTooMuch):
		return a, "error.amount_much"
	case err != nil:
		return a, "error.amount"
	}
	return a.Round(), ""
}

// Prepaid is the block as prices are reckoned with it. One that was closed gives
// nothing more.
func (b Block) Prepaid(zone *time.Location) pricing.Block {
	p := pricing.Block{ID: b.ID.String(), Minutes: b.Minutes, Used: b.Used, Starts: b.Starts.At(zone)}
	if b.Expires != nil {
		p.Expires = b.Expires.End(zone)
	}
	if b.ClosedAt != nil {
		p.Minutes, p.Used = 0, 0
	}
	return p
}

// Left is the minutes that it can still give at an instant.
func (b Block) Left(at time.Time, zone *time.Location) int { return b.Prepaid(zone).Left(at) }

// Over tells a block that is closed or has expired.
func (b Block) Over(at time.Time, zone *time.Location) bool {
	return b.ClosedAt != nil || b.Expires != nil && !at.Before(b.Expires.End(zone))
}

// MinutesLeft is what blocks have together at an instant.
func MinutesLeft(blocks []Block, at time.Time, zone *time.Location) int {
	return pricing.Left(prepaid(blocks, zone), at)
}

func prepaid(blocks []Block, zone *time.Location) []pricing.Block {
	list := make([]pricing.Block, len(blocks))
	for i, b := range blocks {
		list[i] = b.Prepaid(zone)
	}
	return list
}
