package pricing

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var morning = time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)

// work makes pieces of so many minutes, one after the other.
func work(parts ...any) []Piece {
	var pieces []Piece
	at := morning
	for i := 0; i < len(parts); i += 2 {
		to := at.Add(time.Duration(parts[i].(int)) * time.Minute)
		pieces = append(pieces, Piece{at, to, parts[i+1].(Kind)})
		at = to
	}
	return pieces
}

func euros(t testing.TB, number string) Amount {
	t.Helper()
	return amount(t, number, "EUR")
}

func amount(t testing.TB, number, code string) Amount {
	t.Helper()
	a, err := Parse(number, code)
	if err != nil {
		t.Fatal(number, code, err)
	}
	return a
}

// tell writes a bill with the figures that make its amounts: what a page says in words.
func tell(b Bill) string {
	var parts []string
	for _, l := range b.Lines {
		switch l.What {
		case ForTime, ForOverage:
			parts = append(parts, fmt.Sprintf("%s %d×%s×%d%%=%s", l.Kind, l.Minutes, l.Unit.Number(), l.Percent, l.Amount.Number()))
		case ForWeighed:
			parts = append(parts, fmt.Sprintf("%s %d×%d%%=%d", l.Kind, l.Minutes, l.Percent, l.Drawn))
		case ForBlock:
			parts = append(parts, fmt.Sprintf("%s -%d", l.Block, l.Minutes))
		case ForMonthly:
			parts = append(parts, fmt.Sprintf("%d×%s×%d/%d=%s", l.Quantity, l.Unit.Number(), l.Days, l.Of, l.Amount.Number()))
		case ForIncident:
			parts = append(parts, fmt.Sprintf("%s %s×%d%%=%s", l.Kind, l.Unit.Number(), l.Percent, l.Amount.Number()))
		default:
			parts = append(parts, fmt.Sprintf("%s %s %d", l.What, l.Kind, l.Minutes))
		}
	}
	return strings.TrimSpace(strings.Join(parts, ", ") + " → " + b.Total.String())
}

func hourly(price string, step, minimum int) Terms {
	return Terms{Model: Hour, Hour: price, Step: step, Minimum: minimum, Factors: Factors{OffHours: 150, Weekend: 150, Holiday: 200}}
}

func TestTime(t *testing.T) {
	t.Parallel()
	included := Terms{Model: Included}
	prepaid := hourly("90.00", 15, 0)
	prepaid.Model, prepaid.Overage = Prepaid, "110.00"
	cases := []struct {
		name     string
		terms    Terms
		code     string
		pieces   []Piece
		billable bool
		want     string
	}{
		{"whole steps at two kinds", hourly("90", 15, 0), "EUR", work(45, Working, 30, OffHours), true,
			"working 45×90.00×100%=67.50, offhours 30×90.00×150%=67.50 → 135.00 EUR"},
		{"rounded up, at the cheapest kind that was worked", hourly("90", 15, 0), "EUR", work(45, Working, 25, OffHours), true,
			"working 50×90.00×100%=75.00, offhours 25×90.00×150%=56.25, rounding working 5 → 131.25 EUR"},
		{"rounded up at night when all was night", hourly("90", 15, 0), "EUR", work(10, OffHours), true,
			"offhours 15×90.00×150%=33.75, rounding offhours 5 → 33.75 EUR"},
		{"the last one among kinds that cost the same", hourly("90", 15, 0), "EUR", work(5, Weekend, 5, OffHours), true,
			"offhours 10×90.00×150%=22.50, weekend 5×90.00×150%=11.25, rounding offhours 5 → 33.75 EUR"},
		{"minimum, then step", hourly("90.00", 15, 20), "EUR", work(3, Working), true,
			"working 30×90.00×100%=45.00, minimum working 17, rounding working 10 → 45.00 EUR"},
		{"beyond the minimum", hourly("90.00", 6, 20), "EUR", work(21, Working), true,
			"working 24×90.00×100%=36.00, rounding working 3 → 36.00 EUR"},
		{"each line half up to the cent", hourly("85.37", 1, 0), "EUR", work(15, Working, 1, Holiday), true,
			"working 15×85.37×100%=21.34, holiday 1×85.37×200%=2.85 → 24.19 EUR"},
		{"exactly half a cent", hourly("0.90", 1, 0), "EUR", work(1, Working), true, "working 1×0.90×100%=0.02 → 0.02 EUR"},
		{"yen have no parts", hourly("12345", 10, 0), "JPY", work(7, Working), true,
			"working 10×12345×100%=2058, rounding working 3 → 2058 JPY"},
		{"yen, half up", hourly("12345", 1, 0), "JPY", work(2, Working), true, "working 2×12345×100%=412 → 412 JPY"},
		{"francs to the centime, not to five", hourly("180.50", 5, 0), "CHF", work(12, Working), true,
			"working 15×180.50×100%=45.13, rounding working 3 → 45.13 CHF"},
		{"dinars have three decimals", hourly("25.125", 1, 0), "KWD", work(7, Working), true, "working 7×25.125×100%=2.931 → 2.931 KWD"},
		{"no work, no minimum", hourly("90", 15, 60), "EUR", work(0, Working), true, "→ 0.00 EUR"},
		{"given away", hourly("90", 15, 60), "EUR", work(7, Working), false, "free working 7 → 0.00 EUR"},
		{"included", included, "EUR", work(7, Working, 3, Holiday), true, "included working 7, included holiday 3 → 0.00 EUR"},
		{"included, where nothing has a price", included, "", work(7, Working), true, "included working 7 → 0"},
		{"prepaid without a block", prepaid, "EUR", work(40, OffHours), true,
			"offhours 45×150%=68, rounding offhours 5,  68×110.00×100%=124.67 → 124.67 EUR"},
		{"prepaid, given away", prepaid, "EUR", work(40, OffHours), false, "free offhours 40 → 0.00 EUR"},
	}
	for _, c := range cases {
		bill, err := c.terms.Time(c.code, c.pieces, c.billable)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := tell(bill); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWorkedAndCharged(t *testing.T) {
	t.Parallel()
	bill, err := hourly("90", 15, 20).Time("EUR", work(3, Working, 4, OffHours), true)
	if err != nil || bill.Worked() != 7 || bill.Charged() != 30 {
		t.Errorf("worked %d, charged %d, %v", bill.Worked(), bill.Charged(), err)
	}
	bill, err = Terms{Model: Included}.Time("", work(3, Working, 4, OffHours), true)
	if err != nil || bill.Worked() != 7 || bill.Charged() != 0 {
		t.Errorf("worked %d, charged %d, %v", bill.Worked(), bill.Charged(), err)
	}
}

func TestABegunMinuteCountsOnce(t *testing.T) {
	t.Parallel()
	noon := morning.Add(90*time.Second + time.Millisecond)
	pieces := []Piece{{morning, noon, Working}, {noon, noon.Add(75 * time.Second), OffHours}}
	bill, err := hourly("60", 1, 0).Time("EUR", pieces, true)
	if got := tell(bill); err != nil || got != "working 2×60.00×100%=2.00, offhours 1×60.00×150%=1.50 → 3.50 EUR" {
		t.Errorf("2 min 45 s: %s, %v", got, err)
	}
}

func TestTimeRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		terms  Terms
		code   string
		pieces []Piece
		want   error
	}{
		{"a step that does not exist", hourly("90", 7, 0), "EUR", work(1, Working), ErrTerms},
		{"an unknown currency", hourly("90", 15, 0), "ECU", work(1, Working), ErrTerms},
		{"no terms", Terms{}, "EUR", work(1, Working), ErrTerms},
		{"an unknown kind", hourly("90", 15, 0), "EUR", work(1, Kind("night")), ErrKind},
		{"time that runs back", hourly("90", 15, 0), "EUR", work(10, Working, -3, Working), ErrNegative},
		{"more than a month", hourly("90", 15, 0), "EUR", work(MostMinutes, Working, 1, Working), ErrTooLong},
		{"a year", hourly("90", 15, 0), "EUR", []Piece{{morning, morning.AddDate(900, 0, 0), Working}}, ErrTooLong},
		{"beyond all bounds", hourly("1000000000", 15, 0), "EUR", work(61, Working), ErrTooMuch},
	}
	for _, c := range cases {
		if bill, err := c.terms.Time(c.code, c.pieces, true); !errors.Is(err, c.want) {
			t.Errorf("%s: %s, %v, want %v", c.name, tell(bill), err, c.want)
		}
	}
	var fault Fault
	if _, err := hourly("90", 7, 0).Time("EUR", nil, true); !errors.As(err, &fault) || fault.Field != "step" {
		t.Errorf("the first fault is not told: %v", err)
	}
	if _, err := hourly("1000000000", 15, 0).Time("EUR", work(60, Working), true); err != nil {
		t.Errorf("the limit itself: %v", err)
	}
	if _, _, err := (Terms{Model: Hour, Step: 1, Factors: Factors{Holiday: -5}}).Weigh(work(1, Holiday)); !errors.Is(err, ErrTerms) {
		t.Errorf("a negative weight: %v", err)
	}
}

func TestOneIncident(t *testing.T) {
	t.Parallel()
	terms := Terms{Model: Incident, Incident: "49.90", Factors: Factors{Holiday: 125}}
	for kind, want := range map[Kind]string{
		Working: "working 49.90×100%=49.90 → 49.90 EUR",
		Holiday: "holiday 49.90×125%=62.38 → 62.38 EUR",
	} {
		bill, err := terms.OneIncident("EUR", kind)
		if got := tell(bill); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", kind, got, err, want)
		}
	}
	if bill, err := hourly("90", 15, 0).OneIncident("EUR", Working); err != nil || len(bill.Lines) != 0 || bill.Total.String() != "0.00 EUR" {
		t.Errorf("by the hour: %s, %v", tell(bill), err)
	}
	if bill, err := terms.Time("EUR", work(9, Working), true); err != nil || tell(bill) != "included working 9 → 0.00 EUR" {
		t.Errorf("work on an incident: %s, %v", tell(bill), err)
	}
	if _, err := terms.OneIncident("EUR", ""); !errors.Is(err, ErrKind) {
		t.Errorf("no kind: %v", err)
	}
}

func TestMonth(t *testing.T) {
	t.Parallel()
	terms := Terms{Model: Included, Monthly: "4.50"}
	cases := []struct {
		users, days, of int
		want            string
	}{
		{25, 30, 30, "25×4.50×30/30=112.50 → 112.50 EUR"},
		{25, 11, 31, "25×4.50×11/31=39.92 → 39.92 EUR"},
		{1, 1, 28, "1×4.50×1/28=0.16 → 0.16 EUR"},
		{0, 30, 30, "0×4.50×30/30=0.00 → 0.00 EUR"},
	}
	for _, c := range cases {
		bill, err := terms.Month("EUR", c.users, c.days, c.of)
		if got := tell(bill); err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
	for _, c := range [][3]int{{-1, 1, 30}, {MostUsers + 1, 1, 30}, {1, 31, 30}, {1, -1, 30}, {1, 1, 0}, {1, 32, 32}} {
		if _, err := terms.Month("EUR", c[0], c[1], c[2]); !errors.Is(err, ErrMonth) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if bill, err := hourly("90", 15, 0).Month("EUR", 5, 30, 30); err != nil || len(bill.Lines) != 0 {
		t.Errorf("no monthly price: %s, %v", tell(bill), err)
	}
}

// The words that only binary fractions need; put together here so that this file passes its own test.
var binary = regexp.MustCompile(`(?i)` + `flo` + `at|\.(Minutes|Hours|Seconds)` + `\(\)|"ma` + `th/big"|time\.N` + `ow`)

func TestNoBinaryFractionAndNoClock(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := binary.FindAllString(string(source), -1)
		if strings.HasSuffix(file, "_test.go") { // the slow model counts in fractions of big integers
			found = slices.DeleteFunc(found, func(s string) bool { return strings.Contains(s, "big") })
		}
		if len(found) > 0 {
			t.Errorf("%s: %v", file, found)
		}
	}
}

func BenchmarkTime(b *testing.B) {
	terms, pieces := hourly("90.00", 15, 0), work(45, Working, 25, OffHours)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := terms.Time("EUR", pieces, true); err != nil {
			b.Fatal(err)
		}
	}
}
