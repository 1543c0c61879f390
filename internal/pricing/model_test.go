package pricing

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/bojanz/currency"
	"pgregory.net/rapid"
)

// The slow model: fractions of big integers, and half up by hand.

func fraction(a Amount) *big.Rat {
	r, ok := new(big.Rat).SetString(a.Number())
	if !ok {
		panic("no number: " + a.Number())
	}
	return r
}

func over(numerator, denominator int) *big.Rat {
	return big.NewRat(int64(numerator), int64(denominator))
}

func product(factors ...*big.Rat) *big.Rat {
	r := big.NewRat(1, 1)
	for _, f := range factors {
		r.Mul(r, f)
	}
	return r
}

// smallest is the minor unit of a currency.
func smallest(code string) *big.Rat {
	digits, _ := currency.GetDigits(code)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	return new(big.Rat).SetFrac(big.NewInt(1), power)
}

// halfUp rounds to the smallest unit, a half away from zero.
func halfUp(r *big.Rat, code string) *big.Rat {
	unit := smallest(code)
	units := new(big.Rat).Quo(new(big.Rat).Abs(r), unit)
	units.Add(units, big.NewRat(1, 2))
	whole := new(big.Int).Quo(units.Num(), units.Denom())
	rounded := new(big.Rat).Mul(new(big.Rat).SetInt(whole), unit)
	if r.Sign() < 0 {
		rounded.Neg(rounded)
	}
	return rounded
}

// exact is what a line costs before it is rounded.
func exact(l Line) *big.Rat {
	switch l.What {
	case ForTime, ForOverage:
		return product(fraction(l.Unit), over(l.Minutes, 60), over(l.Percent, 100))
	case ForIncident:
		return product(fraction(l.Unit), over(l.Percent, 100))
	case ForMonthly:
		return product(fraction(l.Unit), over(l.Quantity, 1), over(l.Days, l.Of))
	case ForManual:
		return fraction(l.Amount)
	}
	return new(big.Rat)
}

// judgeBill fails unless every amount is what its figures make and the total is what its lines make.
func judgeBill(t *rapid.T, b Bill) {
	t.Helper()
	sum := new(big.Rat)
	code := b.Total.CurrencyCode()
	for _, l := range b.Lines {
		if want := halfUp(exact(l), code); fraction(l.Amount).Cmp(want) != 0 {
			t.Fatalf("%+v costs %s, want %s", l, l.Amount, want)
		}
		sum.Add(sum, fraction(l.Amount))
	}
	if fraction(b.Total).Cmp(sum) != 0 {
		t.Fatalf("the lines make %s, the total is %s", sum, b.Total)
	}
	if digits, _ := currency.GetDigits(code); !b.Total.RoundTo(digits, currency.RoundDown).Equal(b.Total) {
		t.Fatalf("%s has parts of the smallest unit", b.Total)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var back Bill
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	judgeSame(t, b, back)
}

// judgeSame compares what a reader of the bills would: figures, the digits of amounts, currencies.
func judgeSame(t *rapid.T, a, b Bill) {
	t.Helper()
	if a.Total.String() != b.Total.String() || len(a.Lines) != len(b.Lines) {
		t.Fatalf("%+v came back as %+v", a, b)
	}
	for i, l := range a.Lines {
		m := b.Lines[i]
		if l.Unit.String() != m.Unit.String() || l.Amount.String() != m.Amount.String() {
			t.Fatalf("%+v came back as %+v", l, m)
		}
		l.Unit, l.Amount, m.Unit, m.Amount = Amount{}, Amount{}, Amount{}, Amount{}
		if l != m {
			t.Fatalf("%+v came back as %+v", l, m)
		}
	}
}

func aCode(t *rapid.T) string {
	return rapid.SampledFrom([]string{"EUR", "CHF", "JPY", "KWD", "USD", "CLF"}).Draw(t, "currency")
}

// aPrice draws decimal text up to the given whole number, with the decimals of the currency.
func aPrice(t *rapid.T, code, label string, most int) string {
	text := strconv.Itoa(rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(0, most-1)).Draw(t, label))
	digits, _ := currency.GetDigits(code)
	if digits == 0 || rapid.Bool().Draw(t, label+" is whole") {
		return text
	}
	return text + "." + rapid.StringMatching(`[0-9]{`+strconv.Itoa(int(digits))+`}`).Draw(t, label+" decimals")
}

func aFactor(t *rapid.T, label string) int {
	return rapid.SampledFrom([]int{0, 100, 110, 125, 133, 150, 200, 1000}).Draw(t, label)
}

func someTerms(t *rapid.T, code string) Terms {
	terms := Terms{
		Model:    rapid.SampledFrom(Models).Draw(t, "model"),
		Incident: aPrice(t, code, "incident", 10_000_000),
		Hour:     aPrice(t, code, "hour", 100_000),
		Monthly:  aPrice(t, code, "monthly", 999),
		Step:     rapid.SampledFrom(Steps).Draw(t, "step"),
		Minimum:  rapid.SampledFrom([]int{0, 0, 5, 20, 60, MostMinimum}).Draw(t, "minimum"),
		Factors:  Factors{aFactor(t, "off hours"), aFactor(t, "weekend"), aFactor(t, "holiday")},
	}
	if rapid.Bool().Draw(t, "has overage") {
		terms.Overage = aPrice(t, code, "overage", 100_000)
	}
	if faults := terms.Check(code); len(faults) > 0 {
		t.Fatal(faults)
	}
	return terms
}

func someWork(t *rapid.T, label string) []Piece {
	var parts []any
	for range rapid.IntRange(1, 4).Draw(t, label) {
		minutes := rapid.OneOf(rapid.IntRange(1, 120), rapid.IntRange(1, MostMinutes/10)).Draw(t, "minutes")
		parts = append(parts, minutes, rapid.SampledFrom(Kinds).Draw(t, "kind"))
	}
	return work(parts...)
}

func must[T any](t *rapid.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

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

func TestTaxIsHalfUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := aCode(t)
		sum := must[Amount](t)(Parse(aPrice(t, code, "sum", 1_000_000_000_000), code))
		percent := rapid.SampledFrom([]string{"0", "2.1", "5.5", "7.7", "8.1", "10", "20", "21", "25.5", "99.9999", "100"}).Draw(t, "percent")
		tax := must[Amount](t)(Tax(sum, percent))
		rate, _ := new(big.Rat).SetString(percent)
		if want := halfUp(product(fraction(sum), rate, over(1, 100)), code); fraction(tax).Cmp(want) != 0 {
			t.Fatalf("%s %% of %s is %s, want %s", percent, sum, tax, want)
		}
		back := must[Amount](t)(Tax(must[Amount](t)(zero(code).Sub(sum)), percent))
		if both := must[Amount](t)(tax.Add(back)); !both.IsZero() {
			t.Fatalf("a credit leaves %s of tax", both)
		}
	})
}

// Whatever terms a file holds: what Check lets pass can be charged, and terms are their JSON.
func FuzzTermsJSON(f *testing.F) {
	f.Add([]byte(`{"model":"hour","hour":"90.00","step":15,"minimum":30,"factors":{"offhours":150,"holiday":200}}`), "EUR")
	f.Add([]byte(`{"model":"block","hour":"12345","step":6,"overage":"15000"}`), "JPY")
	f.Add([]byte(`{"model":"incident","incident":"49.90","monthly":"1000000000"}`), "CHF")
	f.Add([]byte(`{"model":"included"}`), "")
	f.Add([]byte(`{"model":"hour","hour":"1e9","step":1,"factors":{"weekend":-9223372036854775808}}`), "XAU")
	f.Fuzz(func(t *testing.T, text []byte, code string) {
		var terms Terms
		if json.Unmarshal(text, &terms) != nil {
			return
		}
		faults := terms.Check(code)
		again, err := json.Marshal(terms)
		if err != nil {
			t.Fatal(err)
		}
		var back Terms
		if err := json.Unmarshal(again, &back); err != nil || back != terms {
			t.Fatalf("%s came back as %+v, %v", again, back, err)
		}
		bill, err := terms.Time(code, work(61, Working, 7, Weekend), true)
		_, quoteErr := terms.Quote(code, Holiday, 100)
		_, incidentErr := terms.OneIncident(code, OffHours)
		_, monthErr := terms.Month(code, 3, 10, 30)
		for _, err := range []error{err, quoteErr, incidentErr, monthErr} {
			if len(faults) > 0 != isTerms(err) || err != nil && !isTerms(err) && !isTooMuch(err) {
				t.Fatalf("%+v in %q: faults %v, error %v", terms, code, faults, err)
			}
		}
		if _, err := json.Marshal(bill); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever is stored as a bill: it is refused, or it adds up and comes back the same.
func FuzzBillJSON(f *testing.F) {
	f.Add([]byte(`{"currency":"EUR","total":"67.50","lines":[{"what":"time","minutes":45,"percent":100,"unit":"90.00","amount":"67.50"}]}`))
	f.Add([]byte(`{"lines":[{"what":"free","minutes":7}]}`))
	f.Add([]byte(`{"currency":"JPY","total":"-0","lines":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var bill, back Bill
		if json.Unmarshal(text, &bill) != nil {
			return
		}
		again, err := json.Marshal(bill)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &back); err != nil || !back.Total.Equal(bill.Total) || len(back.Lines) != len(bill.Lines) {
			t.Fatalf("%s came back as %+v, %v", again, back, err)
		}
	})
}
