package i18n

import "testing"

func TestMoney(t *testing.T) {
	t.Parallel()
	fr, en := setup()
	for _, c := range []struct{ number, code, french, english string }{
		{"9", "EUR", "9 €", "€9"},
		{"9.00", "EUR", "9 €", "€9"},
		{"9.5", "EUR", "9,50 €", "€9.50"},
		{"1240.50", "EUR", "1 240,50 €", "€1,240.50"},
		{"1000000", "JPY", "1 000 000 JPY", "JPY 1,000,000"},
		{"-120.00", "USD", "-120 $US", "US$-120"},
		{"0.125", "KWD", "0,125 KWD", "KWD 0.125"},
		{"", "EUR", " €", "€"},
	} {
		if got := loose(fr.Money(c.number, c.code)); got != c.french {
			t.Errorf("%s %s: %q, want %q", c.number, c.code, got, c.french)
		}
		if got := loose(en.Money(c.number, c.code)); got != c.english {
			t.Errorf("%s %s: %q, want %q", c.number, c.code, got, c.english)
		}
	}
}
