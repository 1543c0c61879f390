package pricing

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	with := func(change func(*Terms)) Terms {
		terms := hourly("90.00", 15, 0)
		change(&terms)
		return terms
	}
	cases := []struct {
		name  string
		terms Terms
		code  string
		want  string // "field key value; …"
	}{
		{"fine", hourly("90.00", 15, 0), "EUR", ""},
		{"included needs nothing", Terms{Model: Included}, "", ""},
		{"nothing at all", Terms{}, "", "model fault.price.model "},
		{"price without currency", hourly("90.00", 15, 0), "", "currency fault.price.no_currency "},
		{"a price is missing, and a currency", Terms{Model: Incident}, "", "currency fault.price.no_currency ; incident fault.price.missing "},
		{"unknown currency", hourly("90.00", 15, 0), "FRF", "currency fault.price.currency FRF"},
		{"currency in small letters", hourly("90.00", 15, 0), "eur", "currency fault.price.currency eur"},
		{"negative hour", hourly("-90.00", 15, 0), "EUR", "hour fault.price.negative -90.00"},
		{"too many decimals", hourly("90.005", 15, 0), "EUR", "hour fault.price.decimals 90.005"},
		{"yen with decimals", hourly("90.5", 15, 0), "JPY", "hour fault.price.decimals 90.5"},
		{"dinars may have three", hourly("90.005", 15, 0), "KWD", ""},
		{"no number", hourly("ninety", 15, 0), "EUR", "hour fault.price.number ninety"},
		{"an exponent", hourly("9e1", 15, 0), "EUR", "hour fault.price.number 9e1"},
		{"not a number, says the library", hourly("NaN", 15, 0), "EUR", "hour fault.price.number NaN"},
		{"a comma", hourly("90,00", 15, 0), "EUR", "hour fault.price.number 90,00"},
		{"beyond all bounds", hourly("1000000000.01", 15, 0), "EUR", "hour fault.price.too_much 1000000000.01"},
		{"no hour", hourly("", 15, 0), "EUR", "hour fault.price.missing "},
		{"no incident", Terms{Model: Incident}, "EUR", "incident fault.price.missing "},
		{"no hour beyond the block", Terms{Model: Prepaid, Step: 15}, "EUR", "hour fault.price.missing "},
		{"the overage will do", Terms{Model: Prepaid, Step: 15, Overage: "90"}, "EUR", ""},
		{"step 0", hourly("90.00", 0, 0), "EUR", "step fault.price.step 0"},
		{"step 7", hourly("90.00", 7, 0), "EUR", "step fault.price.step 7"},
		{"a step that nobody needs", Terms{Model: Included, Step: 7}, "EUR", "step fault.price.step 7"},
		{"minimum", hourly("90.00", 15, -1), "EUR", "minimum fault.price.minimum -1"},
		{"minimum of two days", hourly("90.00", 15, 2880), "EUR", "minimum fault.price.minimum 2880"},
		{"factors", with(func(t *Terms) { t.Factors = Factors{OffHours: 99, Weekend: 1001, Holiday: -1} }), "EUR",
			"factors.offhours fault.price.factor 99; factors.weekend fault.price.factor 1001; factors.holiday fault.price.factor -1"},
		{"monthly", with(func(t *Terms) { t.Monthly = "-1" }), "EUR", "monthly fault.price.negative -1"},
		{"overage", with(func(t *Terms) { t.Overage = "1.234" }), "EUR", "overage fault.price.decimals 1.234"},
	}
	for _, c := range cases {
		var got []string
		for _, f := range c.terms.Check(c.code) {
			got = append(got, f.Field+" "+f.Key+" "+f.Value)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, "; "), c.want)
		}
	}
	if got := hourly("90.005", 15, 0).Check("EUR")[0].Error(); got != `hour "90.005": decimals` {
		t.Errorf("in words: %s", got)
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"90,00": "90.00", " 1 090,50 ": "1090.50", "1\u202f090,50": "1090.50", "1’090.50": "1090.50", "90.00": "90.00",
		"1,090.50": "1,090.50", "1.090,50": "1.090,50", "ninety": "ninety", "": "",
	} {
		if got := Typed(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, code string
		want         error
	}{
		{"", "EUR", ErrNumber}, {"1", "", ErrNumber}, {"1", "XXX", ErrNumber}, {"Infinity", "EUR", ErrNumber}, {"1e3", "EUR", ErrNumber},
		{"+1", "EUR", ErrNumber}, {".5", "EUR", ErrNumber}, {"1.", "EUR", ErrNumber}, {"1000000000000.01", "EUR", ErrTooMuch},
		{"-1000000000000.01", "EUR", ErrTooMuch}, {"-1000000000000", "EUR", nil}, {"9999999999999999", "EUR", ErrNumber},
	} {
		if _, err := Parse(c.number, c.code); !errors.Is(err, c.want) {
			t.Errorf("%q %q: %v, want %v", c.number, c.code, err, c.want)
		}
	}
}

func TestTermsAreTheirJSON(t *testing.T) {
	t.Parallel()
	text := `{"model":"hour","hour":"90.00","monthly":"4.50","step":15,"minimum":30,"factors":{"offhours":150,"holiday":200},"overage":"110.00"}`
	var terms Terms
	if err := json.Unmarshal([]byte(text), &terms); err != nil {
		t.Fatal(err)
	}
	if faults := terms.Check("EUR"); len(faults) > 0 {
		t.Error(faults)
	}
	if back, err := json.Marshal(terms); err != nil || string(back) != text {
		t.Errorf("%s, %v", back, err)
	}
	if back, err := json.Marshal(Terms{Model: Included}); err != nil || string(back) != `{"model":"included"}` {
		t.Errorf("%s, %v", back, err)
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	prepaid := Terms{Model: Prepaid, Hour: "90", Step: 15, Minimum: 20, Factors: Factors{OffHours: 150}}
	cases := []struct {
		name    string
		terms   Terms
		kind    Kind
		left    int
		want    string
		charged bool
	}{
		{"included", Terms{Model: Included}, Holiday, 0, `{"model":"included","kind":"holiday","percent":100}`, false},
		{"incident", Terms{Model: Incident, Incident: "49.90", Factors: Factors{Holiday: 125}}, Holiday, 0,
			`{"model":"incident","kind":"holiday","currency":"EUR","unit":"49.90","percent":125,"amount":"62.38"}`, true},
		{"incident for nothing", Terms{Model: Incident, Incident: "0"}, Working, 0,
			`{"model":"incident","kind":"working","currency":"EUR","unit":"0.00","percent":100,"amount":"0.00"}`, false},
		{"hour", hourly("90", 15, 30), OffHours, 7,
			`{"model":"hour","kind":"offhours","currency":"EUR","unit":"90.00","percent":150,"amount":"135.00","step":15,"minimum":30}`, true},
		{"block", prepaid, Working, 30,
			`{"model":"block","kind":"working","currency":"EUR","unit":"90.00","percent":100,"amount":"90.00","step":15,"minimum":20,"left":30}`, false},
		{"block too small for one entry", prepaid, OffHours, 44,
			`{"model":"block","kind":"offhours","currency":"EUR","unit":"90.00","percent":150,"amount":"135.00","step":15,"minimum":20,"left":44}`, true},
		{"block used up", prepaid, Working, -5,
			`{"model":"block","kind":"working","currency":"EUR","unit":"90.00","percent":100,"amount":"90.00","step":15,"minimum":20}`, true},
	}
	for _, c := range cases {
		quote, err := c.terms.Quote("EUR", c.kind, c.left)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		text, err := json.Marshal(quote)
		if err != nil || string(text) != c.want || quote.Charged() != c.charged {
			t.Errorf("%s: %s, charged %v, %v", c.name, text, quote.Charged(), err)
		}
		var back Quote
		if err := json.Unmarshal(text, &back); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if again, err := json.Marshal(back); err != nil || string(again) != string(text) {
			t.Errorf("%s comes back as %s, %v", c.name, again, err)
		}
	}
	if _, err := prepaid.Quote("EUR", "night", 0); !errors.Is(err, ErrKind) {
		t.Errorf("no such kind: %v", err)
	}
}

func isTerms(err error) bool   { return errors.Is(err, ErrTerms) }
func isTooMuch(err error) bool { return errors.Is(err, ErrTooMuch) }
