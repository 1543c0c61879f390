package pricing

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/bojanz/currency"
)

func TestDraw(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return morning.AddDate(0, 0, n) }
	never := Block{ID: "never", Minutes: 600}
	late := Block{ID: "late", Minutes: 120, Used: 30, Expires: day(60)}
	soon := Block{ID: "soon", Minutes: 60, Used: 20, Expires: day(10)}
	cases := []struct {
		name    string
		blocks  []Block
		minutes int
		want    string
	}{
		{"the soonest to expire first", []Block{never, late, soon}, 100, "[{soon 40} {late 60}] 0"},
		{"over", []Block{late, soon}, 200, "[{soon 40} {late 90}] 70"},
		{"expired", []Block{{ID: "a", Minutes: 60, Expires: day(-1)}}, 10, "[] 10"},
		{"it ends just before it expires", []Block{{ID: "a", Minutes: 60, Expires: morning}}, 10, "[] 10"},
		{"not yet begun", []Block{{ID: "a", Minutes: 60, Starts: day(1)}}, 10, "[] 10"},
		{"begins now", []Block{{ID: "a", Minutes: 60, Starts: morning}}, 10, "[{a 10}] 0"},
		{"overdrawn already", []Block{{ID: "a", Minutes: 60, Used: 90}, soon}, 10, "[{soon 10}] 0"},
		{"the first to have begun", []Block{{ID: "a", Minutes: 60, Starts: day(-1)}, {ID: "b", Minutes: 60, Starts: day(-2)}}, 10, "[{b 10}] 0"},
		{"nothing", []Block{soon}, 0, "[] 0"},
		{"less than nothing", []Block{soon}, -5, "[] 0"},
		{"no blocks", nil, 5, "[] 5"},
	}
	for _, c := range cases {
		draws, over := Draw(c.blocks, c.minutes, morning)
		if got := fmt.Sprint(draws, over); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := Left([]Block{never, late, soon, {Minutes: 9, Expires: morning}}, morning); got != 600+90+40 {
		t.Errorf("left %d", got)
	}
}

func TestFromBlocks(t *testing.T) {
	t.Parallel()
	terms := Terms{Model: Prepaid, Hour: "90", Step: 15, Factors: Factors{OffHours: 150}}
	minutes, _, err := terms.Weigh(work(60, OffHours))
	if err != nil || minutes != 90 {
		t.Errorf("an hour at 150 %% takes %d, %v", minutes, err)
	}
	blocks := []Block{{ID: "b", Minutes: 600}, {ID: "a", Minutes: 40, Expires: morning.AddDate(0, 1, 0)}}
	bill, draws, err := terms.FromBlocks("EUR", work(20, Working, 40, OffHours), true, blocks, morning)
	if err != nil || fmt.Sprint(draws) != "[{a 40} {b 40}]" || tell(bill) != "working 20×100%=20, offhours 40×150%=60, a -40, b -40 → 0.00 EUR" {
		t.Errorf("enough: %v, %s, %v", draws, tell(bill), err)
	}
	bill, draws, err = terms.FromBlocks("EUR", work(20, Working, 40, OffHours), true, blocks[1:], morning)
	if err != nil || fmt.Sprint(draws) != "[{a 40}]" || tell(bill) != "working 20×100%=20, offhours 40×150%=60, a -40,  40×90.00×100%=60.00 → 60.00 EUR" {
		t.Errorf("too little: %v, %s, %v", draws, tell(bill), err)
	}
	bill, draws, err = terms.FromBlocks("EUR", work(20, Working), false, blocks, morning)
	if err != nil || draws != nil || tell(bill) != "free working 20 → 0.00 EUR" {
		t.Errorf("given away: %v, %s, %v", draws, tell(bill), err)
	}
	if _, _, err := hourly("90", 15, 0).FromBlocks("EUR", nil, true, blocks, morning); !errors.Is(err, ErrTerms) {
		t.Errorf("by the hour: %v", err)
	}
}

func TestManual(t *testing.T) {
	t.Parallel()
	bill, err := Manual(euros(t, "-12.5"))
	if err != nil || bill.Total.String() != "-12.50 EUR" || bill.Lines[0].What != ForManual {
		t.Errorf("a credit: %s, %v", tell(bill), err)
	}
	infinite, err := currency.NewAmount("Infinity", "EUR")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		amount Amount
		want   error
	}{
		"no currency": {Amount{}, ErrNumber},
		"infinite":    {infinite, ErrNumber},
		"parts":       {euros(t, "0.005"), ErrDecimals},
		"too much":    {euros(t, "-1000000000.01"), ErrTooMuch},
	} {
		if _, err := Manual(c.amount); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestSum(t *testing.T) {
	t.Parallel()
	var bills []Bill
	for _, a := range []Amount{euros(t, "100.10"), amount(t, "5", "CHF"), euros(t, "-0.20"), amount(t, "700", "JPY"), amount(t, "5.05", "CHF")} {
		bill, err := Manual(a)
		if err != nil {
			t.Fatal(err)
		}
		bills = append(bills, bill)
	}
	sums, err := Sum(append(bills, Bill{})...)
	if err != nil || fmt.Sprint(sums) != "[10.05 CHF 99.90 EUR 700 JPY]" {
		t.Errorf("%v, %v", sums, err)
	}
	much := Bill{Total: euros(t, "1000000000000")}
	if _, err := Sum(much, bills[0]); !errors.Is(err, ErrTooMuch) {
		t.Errorf("beyond all bounds: %v", err)
	}
}

func TestABillIsItsJSON(t *testing.T) {
	t.Parallel()
	bill, err := hourly("90", 15, 0).Time("EUR", work(45, Working, 25, OffHours), true)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"currency":"EUR","total":"131.25","lines":[` +
		`{"what":"time","kind":"working","minutes":50,"percent":100,"unit":"90.00","amount":"75.00"},` +
		`{"what":"time","kind":"offhours","minutes":25,"percent":150,"unit":"90.00","amount":"56.25"},` +
		`{"what":"rounding","kind":"working","minutes":5}]}`
	got, err := json.Marshal(bill)
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
	mixed := Bill{Lines: []Line{{What: ForManual, Amount: amount(t, "1", "CHF")}}, Total: euros(t, "1")}
	if _, err := json.Marshal(mixed); !errors.Is(err, ErrCurrency) {
		t.Errorf("two currencies: %v", err)
	}
	for text, want := range map[string]error{
		`{"currency":"EUR","total":"2.00","lines":[{"what":"manual","amount":"1.00"}]}`: ErrSum,
		`{"currency":"EUR","lines":[{"what":"manual","amount":"1.00"}]}`:                ErrSum,
		`{"total":"2.00","lines":[]}`:                                                   ErrNumber,
		`{"currency":"EUR","total":"NaN","lines":[]}`:                                   ErrNumber,
		`{"currency":"EUR","total":"0","lines":[{"unit":"x"}]}`:                         ErrNumber,
		`{"currency":"EUR","total":"0","lines":[{"amount":"x"}]}`:                       ErrNumber,
		`{"lines":[]}`: nil,
	} {
		var b Bill
		if err := json.Unmarshal([]byte(text), &b); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}
