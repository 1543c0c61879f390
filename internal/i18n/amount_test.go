package i18n

import "testing"

func TestAmountsKeepTheirDecimals(t *testing.T) {
	t.Parallel()
	french, english := setup()
	for _, c := range []struct{ number, code, fr, en string }{
		{"1090.50", "EUR", "1 090,50 €", "€1,090.50"}, {"9", "EUR", "9,00 €", "€9.00"}, {"-12.5", "EUR", "-12,50 €", "-€12.50"},
		{"1000", "JPY", "1 000 ¥", "JP¥1,000"}, {"95.00", "CHF", "95,00 CHF", "CHF 95.00"}, {"x", "EUR", "x", "x"}, {"5", "", "5", "5"},
	} {
		if got := loose(french.Amount(c.number, c.code)); got != c.fr {
			t.Errorf("%s %s in French: %q, want %q", c.number, c.code, got, c.fr)
		}
		if got := loose(english.Amount(c.number, c.code)); got != c.en {
			t.Errorf("%s %s in English: %q, want %q", c.number, c.code, got, c.en)
		}
	}
	if got := french.Month(at(10, 14, 0)); got != "novembre 2026" {
		t.Error(got)
	}
}
