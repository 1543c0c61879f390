// Package pricing is what support costs: the terms of a support type, the bill of a worked time, an incident or a
// month, prepaid blocks of time, what a customer is told beforehand, and the sums and tax of a statement.
//
// Every amount opens its sum. A bill is lines; each line holds the figures that make its amount, is rounded once,
// half up, to the currency's smallest unit, and the total is the sum of the rounded lines, so that what is read adds
// up. Minor units are those of ISO 4217 (list one, as github.com/bojanz/currency carries it): JPY 0, EUR 2, KWD 3.
// Steps of cash, such as five Swiss centimes, are for coins and are not applied.
//
// All is decimal arithmetic on whole minutes and percents; no binary fraction ever holds an amount.
package pricing

import (
	"errors"
	"regexp"
	"strings"

	"github.com/bojanz/currency"
)

// Amount is a decimal number and the ISO 4217 code of its currency. Number() and CurrencyCode() are what a database
// keeps, and Parse reads them again. The zero Amount has no currency: what support costs where nothing is priced.
type Amount = currency.Amount

// The most that one entry, one price and one statement may be; beyond lies a slip of the keyboard.
const (
	MostMinutes = 60 * 24 * 31    // of one entry of work
	MostMinimum = 60 * 24         // minutes that one entry is charged at least
	MostUsers   = 1_000_000       // of one customer
	mostAmount  = "1000000000"    // a price, a line, a bill: 10^9
	mostSum     = "1000000000000" // all bills of a statement: 10^12
)

// What can be wrong with what is to be charged. All are mistakes of the caller or of stored data, none of them a
// matter of luck.
var (
	ErrTerms    = errors.New("pricing: these terms cannot be charged") // wraps the first Fault
	ErrNumber   = errors.New("pricing: no amount")                     // not decimal text, or an unknown currency
	ErrDecimals = errors.New("pricing: more decimals than the currency has")
	ErrTooLong  = errors.New("pricing: more minutes than a month has")
	ErrTooMuch  = errors.New("pricing: the amount is beyond all bounds")
	ErrNegative = errors.New("pricing: less than nothing was worked or used")
	ErrKind     = errors.New("pricing: no such kind of time")
	ErrCurrency = errors.New("pricing: amounts of different currencies")
	ErrSum      = errors.New("pricing: the lines of a bill do not add up to its total")
)

var decimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,12})?$`)

// Parse reads an amount from decimal text ("-12.50") and an ISO code. It fails with ErrNumber and, beyond 10^12,
// with ErrTooMuch.
func Parse(number, code string) (Amount, error) {
	if !decimal.MatchString(number) {
		return Amount{}, ErrNumber
	}
	a, err := currency.NewAmount(number, code)
	if err != nil {
		return Amount{}, ErrNumber
	}
	return a, within(a, mostSum)
}

// Typed turns what people type into decimal text: spaces and apostrophes between thousands go, and a lone comma is
// the decimal point, so "1 090,50" is "1090.50". Text that is no number stays wrong, for Check to say so.
func Typed(text string) string {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u00a0\u202f\u2009'’", r) {
			return -1
		}
		return r
	}, text)
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	return text
}

// zero is nothing, in a currency; without a code it is the zero Amount.
func zero(code string) Amount {
	a, err := currency.NewAmountFromInt64(0, code)
	if err != nil {
		return Amount{}
	}
	return a
}

// within fails with ErrTooMuch for an amount beyond the limit, on either side of zero.
func within(a Amount, limit string) error {
	most, err := currency.NewAmount(limit, a.CurrencyCode())
	if err != nil {
		return nil // the zero Amount
	}
	if a.IsNegative() {
		if a, err = zero(a.CurrencyCode()).Sub(a); err != nil {
			return ErrCurrency
		}
	}
	if order, err := a.Cmp(most); err != nil || order > 0 {
		return ErrTooMuch
	}
	return nil
}

// share is an amount times one whole number, divided by another, rounded half up. The product is exact, and the
// quotient has digits enough that rounding it again cannot tip a half.
func share(a Amount, times, by string) (Amount, error) {
	product, err := a.Mul(times)
	if err != nil {
		return Amount{}, ErrNumber
	}
	quotient, err := product.Div(by)
	if err != nil {
		return Amount{}, ErrNumber
	}
	rounded := round(quotient)
	return rounded, within(rounded, mostAmount)
}

// round goes half up, away from zero on both sides of it, to the smallest unit. A zero has no sign.
func round(a Amount) Amount {
	if a = a.Round(); a.IsZero() {
		return zero(a.CurrencyCode())
	}
	return a
}

// text writes the number of an amount; the zero Amount is no text at all.
func text(a Amount) string {
	if a.CurrencyCode() == "" {
		return ""
	}
	return a.Number()
}

// read is the inverse of text.
func read(number, code string) (Amount, error) {
	if number == "" {
		return Amount{}, nil
	}
	return Parse(number, code)
}
