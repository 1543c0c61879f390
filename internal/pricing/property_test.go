package pricing

import (
	"math/big"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/bojanz/currency"
	"pgregory.net/rapid"
)

func TestEveryAmountOpensItsSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := aCode(t)
		terms, pieces := someTerms(t, code), someWork(t, "pieces")
		bill := must[Bill](t)(terms.Time(code, pieces, rapid.Bool().Draw(t, "billable")))
		judgeBill(t, bill)
		worked := 0
		for _, p := range pieces {
			worked += int(p.To.Sub(p.From) / time.Minute)
		}
		if bill.Worked() != worked {
			t.Fatalf("%d minutes worked, the bill says %d", worked, bill.Worked())
		}
		if n := bill.Charged(); n > 0 && (n%terms.Step != 0 || n < max(worked, terms.Minimum) || n >= max(worked, terms.Minimum)+terms.Step) {
			t.Fatalf("%d minutes worked, %d charged on %+v", worked, n, terms)
		}
		kind := rapid.SampledFrom(Kinds).Draw(t, "opened")
		judgeBill(t, must[Bill](t)(terms.OneIncident(code, kind)))
		of := rapid.IntRange(28, 31).Draw(t, "month")
		judgeBill(t, must[Bill](t)(terms.Month(code, rapid.IntRange(0, MostUsers).Draw(t, "users"), rapid.IntRange(0, of).Draw(t, "days"), of)))
		units := rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(t, "manual")
		judgeBill(t, must[Bill](t)(Manual(must[Amount](t)(currency.NewAmountFromInt64(units, code)))))
	})
}

// lengthen makes one piece longer. The others stay: what they overlap is of no account to a bill.
func lengthen(pieces []Piece, i, minutes int) []Piece {
	longer := slices.Clone(pieces)
	longer[i].To = longer[i].To.Add(time.Duration(minutes) * time.Minute)
	return longer
}

func TestMoreTimeNeverCostsLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := aCode(t)
		terms, pieces := someTerms(t, code), someWork(t, "pieces")
		terms.Model = Hour
		if rapid.Bool().Draw(t, "one kind") {
			pieces = pieces[:1]
		}
		longer := lengthen(pieces, rapid.IntRange(0, len(pieces)-1).Draw(t, "which"), rapid.IntRange(1, 90).Draw(t, "longer"))
		less, more := must[Bill](t)(terms.Time(code, pieces, true)), must[Bill](t)(terms.Time(code, longer, true))
		// Of several lines each may be half a unit off, before and after.
		grace := product(smallest(code), over(len(more.Lines), 1))
		if len(pieces) == 1 {
			grace = new(big.Rat)
		}
		if lost := new(big.Rat).Sub(fraction(less.Total), fraction(more.Total)); lost.Cmp(grace) > 0 {
			t.Fatalf("%s, and longer %s", tell(less), tell(more))
		}
	})
}

func TestTwoEntriesAreNeverCheaperThanOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := aCode(t)
		terms, first, second := someTerms(t, code), someWork(t, "first"), someWork(t, "second")
		terms.Model = Hour
		one := must[Bill](t)(terms.Time(code, slices.Concat(first, second), true))
		a, b := must[Bill](t)(terms.Time(code, first, true)), must[Bill](t)(terms.Time(code, second, true))
		two := must[Amount](t)(a.Total.Add(b.Total))
		grace := product(smallest(code), over(len(one.Lines)+len(a.Lines)+len(b.Lines), 2))
		if lost := new(big.Rat).Sub(fraction(one.Total), fraction(two)); lost.Cmp(grace) > 0 {
			t.Fatalf("one %s, two %s and %s", tell(one), tell(a), tell(b))
		}
		if one.Charged() > a.Charged()+b.Charged() {
			t.Fatalf("one has %d minutes, two have %d and %d", one.Charged(), a.Charged(), b.Charged())
		}
	})
}

func someBlocks(t *rapid.T) []Block {
	moment := func(label string) time.Time {
		if days := rapid.IntRange(-3, 4).Draw(t, label); days < 4 {
			return morning.AddDate(0, 0, days)
		}
		return time.Time{}
	}
	blocks := make([]Block, rapid.IntRange(0, 6).Draw(t, "blocks"))
	for i := range blocks {
		blocks[i] = Block{strconv.Itoa(i), rapid.IntRange(-10, 600).Draw(t, "minutes"), rapid.IntRange(-10, 700).Draw(t, "used"), moment("starts"), moment("expires")}
	}
	return blocks
}

func TestDrawConservesMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks, minutes := someBlocks(t), rapid.IntRange(0, 2000).Draw(t, "wanted")
		draws, over := Draw(blocks, minutes, morning)
		sum, taken := over, map[string]int{}
		for _, d := range draws {
			sum += d.Minutes
			taken[d.ID] += d.Minutes
		}
		if sum != minutes || over != max(0, minutes-Left(blocks, morning)) {
			t.Fatalf("%d wanted: %v and %d over", minutes, draws, over)
		}
		for _, b := range blocks {
			if n := taken[b.ID]; n > max(0, b.Minutes) || n < 0 || n > b.Left(morning) {
				t.Fatalf("%d taken from %+v", n, b)
			}
			for _, c := range blocks {
				if sooner(b, c) < 0 && taken[c.ID] > 0 && taken[b.ID] < b.Left(morning) {
					t.Fatalf("%+v gave before %+v was used up", c, b)
				}
			}
		}
	})
}

func TestPrepaidWorkIsDrawnOrCharged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := aCode(t)
		terms, pieces, blocks := someTerms(t, code), someWork(t, "pieces"), someBlocks(t)
		terms.Model = Prepaid
		weight, _, err := terms.Weigh(pieces)
		if err != nil {
			t.Fatal(err)
		}
		bill, draws, err := terms.FromBlocks(code, pieces, true, blocks, morning)
		if err != nil {
			t.Fatal(err)
		}
		judgeBill(t, bill)
		drawn, paid := 0, 0
		for _, d := range draws {
			drawn += d.Minutes
		}
		for _, l := range bill.Lines {
			switch l.What {
			case ForWeighed:
				weight -= l.Drawn
			case ForBlock:
				paid += l.Minutes
				drawn -= l.Minutes
			case ForOverage:
				paid += l.Minutes
			}
		}
		if whole, _, _ := terms.Weigh(pieces); weight != 0 || drawn != 0 || paid != whole {
			t.Fatalf("%d weighed, %d told: %s", whole, paid, tell(bill))
		}
	})
}
