package i18n

import (
	"strconv"
	"time"

	"github.com/bojanz/currency"
)

var amounts = map[Lang]*currency.Formatter{
	French:  currency.NewFormatter(currency.NewLocale("fr")),
	English: currency.NewFormatter(currency.NewLocale("en-GB")),
}

// Amount writes decimal text in a currency with all its decimals, so that a column of them can be added up by eye:
// 1 090,50 €, €1,090.50, -12,00 €. What is no amount stays as it was given.
func (p *Printer) Amount(number, code string) string {
	a, err := currency.NewAmount(number, code)
	if err != nil {
		return number
	}
	return amounts[p.lang].Format(a)
}

// Month writes a month with its year: novembre 2026, November 2026.
func (p *Printer) Month(t time.Time) string {
	t = t.In(p.zone)
	return p.tongue.names.MonthWide(t.Month()) + " " + strconv.Itoa(t.Year())
}
