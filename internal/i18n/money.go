package i18n

import (
	"strings"
	"time"
)

// signs are the currencies that people know by a sign; all others go by their code.
var signs = map[string]map[Lang]string{
	"EUR": {French: "€", English: "€"},
	"GBP": {French: "£", English: "£"},
	"USD": {French: "$US", English: "US$"},
}

// Money writes an amount of decimal text in a currency: 9 €, 1 240,50 €, €1,240.50, 95 CHF. Whole amounts go
// without decimals. Nothing is computed: the figures are those that were given.
func (p *Printer) Money(number, code string) string {
	whole, fraction, _ := strings.Cut(number, ".")
	if strings.Trim(fraction, "0") == "" {
		fraction = ""
	} else if len(fraction) == 1 {
		fraction += "0"
	}
	group, point := ",", "."
	if p.lang == French {
		group, point = "\u202f", ","
	}
	figures := grouped(whole, group)
	if fraction != "" {
		figures += point + fraction
	}
	sign := signs[code][p.lang]
	switch {
	case p.lang == French && sign != "":
		return figures + "\u00a0" + sign
	case p.lang == French:
		return figures + "\u00a0" + code
	case sign != "":
		return sign + figures
	}
	return code + "\u00a0" + figures
}

// grouped parts the digits by three, from the right.
func grouped(digits, by string) string {
	var b strings.Builder
	for i, d := range digits {
		if left := len(digits) - i; i > 0 && left%3 == 0 && digits[:i] != "-" {
			b.WriteString(by)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// DayName is the name of a day of the week: lundi, Monday.
func (p *Printer) DayName(day time.Weekday) string { return p.tongue.names.WeekdayWide(day) }
