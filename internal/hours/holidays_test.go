package hours

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func dates(t *testing.T, code string, year int) []string {
	t.Helper()
	list, ok := Holidays(code, year)
	if !ok {
		t.Fatalf("%s is not known", code)
	}
	var dates []string
	for _, h := range list {
		if h.Name == "" || !strings.HasPrefix(h.Date, "20") {
			t.Errorf("%s %d: %+v", code, year, h)
		}
		dates = append(dates, h.Date[len("2006-"):])
	}
	return dates
}

// The movable feasts as the French almanac prints them.
func TestFrenchHolidays(t *testing.T) {
	t.Parallel()
	movable := map[int][3]string{ // Easter Monday, Ascension, Whit Monday
		2024: {"04-01", "05-09", "05-20"}, 2025: {"04-21", "05-29", "06-09"}, 2026: {"04-06", "05-14", "05-25"},
		2027: {"03-29", "05-06", "05-17"}, 2028: {"04-17", "05-25", "06-05"}, 2029: {"04-02", "05-10", "05-21"},
		2030: {"04-22", "05-30", "06-10"}, 2031: {"04-14", "05-22", "06-02"}, 2032: {"03-29", "05-06", "05-17"},
		2033: {"04-18", "05-26", "06-06"}, 2034: {"04-10", "05-18", "05-29"},
	}
	for year, feasts := range movable {
		want := append([]string{"01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"}, feasts[:]...)
		slices.Sort(want)
		if got := dates(t, "FR", year); !slices.Equal(got, want) {
			t.Errorf("%d: %v, want %v", year, got, want)
		}
		monday, _ := time.Parse("2006-01-02", time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006-")+feasts[0])
		want = append(want, monday.AddDate(0, 0, -3).Format("01-02"), "12-26")
		slices.Sort(want)
		for _, code := range []string{"FR-57", "FR-67", "FR-68", "FR-6AE"} {
			if got := dates(t, code, year); !slices.Equal(got, want) {
				t.Errorf("%s %d: %v, want %v", code, year, got, want)
			}
		}
	}
}

func TestHolidaysOfOtherPlaces(t *testing.T) {
	t.Parallel()
	cases := []struct {
		code string
		year int
		want string
	}{
		// gov.uk/bank-holidays; the weekend's own dates close as well.
		{"GB", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27"},
		{"GB", 2023, "01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"},
		{"GB", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"},
		{"GB-ENG", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"},
		{"GB-SCT", 2023, "01-01 01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26"},
		{"GB-NIR", 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-12 07-13 08-31 12-25 12-26 12-28"},
		{"DE", 2025, "01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26"},
		{"DE-BY", 2025, "01-01 01-06 04-18 04-21 05-01 05-29 06-09 06-19 10-03 11-01 12-25 12-26"},
		{"DE-SN", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26"},
		{"DE-MV", 2022, "01-01 04-15 04-18 05-01 05-26 06-06 10-03 10-31 12-25 12-26"},
		{"DE-MV", 2023, "01-01 03-08 04-07 04-10 05-01 05-18 05-29 10-03 10-31 12-25 12-26"},
		{"DE-BE", 2025, "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"},
		// opm.gov: the Friday before and the Monday after, over the end of a year too.
		{"US", 2021, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
		{"US", 2022, "01-01 01-17 02-21 05-30 06-19 06-20 07-04 09-05 10-10 11-11 11-24 12-25 12-26"},
		{"CH", 2026, "01-01 05-14 08-01 12-25"},
		{"CH-GE", 2026, "01-01 04-03 04-06 05-14 05-25 08-01 09-10 12-25 12-31"},
		{"CH-VD", 2026, "01-01 01-02 04-03 04-06 05-14 05-25 08-01 09-21 12-25"},
		{"CH-NE", 2023, "01-01 01-02 03-01 04-07 05-01 05-18 08-01 12-25"},
		{"CH-GL", 2026, "01-01 04-03 04-06 04-09 05-14 05-25 08-01 11-01 12-25 12-26"},
		{"BE", 2026, "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25"},
		{"LU", 2026, "01-01 04-06 05-01 05-09 05-14 05-25 06-23 08-15 11-01 12-25 12-26"},
		{"LU", 2018, "01-01 04-02 05-01 05-10 05-21 06-23 08-15 11-01 12-25 12-26"},
		{"PT", 2014, "01-01 04-18 04-20 04-25 05-01 06-10 08-15 12-08 12-25"},
		{"PT", 2026, "01-01 04-03 04-05 04-25 05-01 06-04 06-10 08-15 10-05 11-01 12-01 12-08 12-25"},
		{"NL", 2025, "01-01 04-18 04-20 04-21 04-26 05-05 05-29 06-08 06-09 12-25 12-26"},
		{"CA-QC", 2029, "01-01 03-30 05-21 06-24 06-25 07-01 07-02 09-03 10-08 12-25"},
		{"BG", 2021, "01-01 03-03 04-30 05-01 05-03 05-04 05-06 05-24 09-06 09-22 12-24 12-25 12-26 12-27 12-28"},
		{"NZ", 2022, "01-01 01-02 01-03 01-04 02-06 02-07 04-15 04-18 04-25 06-06 06-24 10-24 12-25 12-26 12-27"},
		{"JP", 2026, "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23"},
		{"AR", 2024, "01-01 02-12 02-13 03-24 03-29 04-02 05-01 05-25 06-17 06-20 07-09 08-17 10-12 11-18 12-08 12-25"},
	}
	for _, c := range cases {
		if got := strings.Join(dates(t, c.code, c.year), " "); got != c.want {
			t.Errorf("%s %d:\n %s, want\n %s", c.code, c.year, got, c.want)
		}
	}
}

func TestMatarikiIsAFriday(t *testing.T) {
	t.Parallel()
	for year := 2022; year <= 2052; year++ {
		day := time.Date(year, time.June, matariki[year-2022], 0, 0, 0, 0, time.UTC)
		if day.Weekday() != time.Friday {
			t.Errorf("%v", day)
		}
	}
	if _, ok := parse(t, Spec{Zone: "UTC", Holidays: "NZ"}).HolidayOn("2053-07-11"); ok {
		t.Error("a Matariki after the law's last one")
	}
}

func TestRegionsAreInOrderAndHaveHolidays(t *testing.T) {
	t.Parallel()
	list := Regions()
	seen := map[string]bool{}
	for i, r := range list {
		if seen[r.Code] || r.Name == "" || r.Country == "" {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
		if i > 0 && r.Country < list[i-1].Country || len(r.Code) > 2 && !seen[r.Code[:2]] {
			t.Errorf("%s is out of order", r.Code)
		}
		for _, year := range []int{1990, 2026, 2090} {
			if n := len(all(r.Code, year)); n < 4 || n > 25 {
				t.Errorf("%s has %d holidays in %d", r.Code, n, year)
			}
		}
	}
	for _, code := range []string{"FR", "FR-57", "DE-BY", "GB-SCT", "US", "CH-VD", "CA-QC", "BE", "LU", "ES", "IT", "NL", "AT", "IE", "PT"} {
		if !seen[code] {
			t.Errorf("%s is missing", code)
		}
	}
	if _, ok := Holidays("ZZ", 2026); ok {
		t.Error("ZZ has holidays")
	}
}

func all(code string, year int) []Holiday {
	list, _ := Holidays(code, year)
	return list
}

func TestHolidayOn(t *testing.T) {
	t.Parallel()
	s := office()
	s.Holidays = "FR"
	s.Open = map[string][]string{"2026-11-11": {"10:00-12:00"}}
	c := parse(t, s)
	for date, want := range map[string]string{"2026-11-11": "Armistice de 1918", "2027-05-17": "Lundi de Pentecôte", "2026-11-12": "", "11 novembre": ""} {
		if name, ok := c.HolidayOn(date); name != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", date, name, ok, want)
		}
	}
	if name, ok := (Calendar{}).HolidayOn("2026-11-11"); ok {
		t.Errorf("no region, but %s", name)
	}
}

// Two holidays on one date are both named: in 2008 Ascension was the first of May.
func TestTwoHolidaysOnOneDate(t *testing.T) {
	t.Parallel()
	s := office()
	s.Holidays = "FR"
	if name, _ := parse(t, s).HolidayOn("2008-05-01"); name != "Fête du Travail, Ascension" {
		t.Errorf("%q", name)
	}
}
