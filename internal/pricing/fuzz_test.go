package pricing

import (
	"encoding/json"
	"testing"
)

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
