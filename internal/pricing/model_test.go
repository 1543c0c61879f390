package pricing

import (
	"encoding/json"
	"math/big"
	"strconv"

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
