package hours

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

func TestSpecIsItsJSON(t *testing.T) {
	t.Parallel()
	text := `{"zone":"Europe/Paris","weekly":{"fri":["22:00-02:00"],"mon":["08:30-12:30","13:30-18:00"]},` +
		`"closed":["2026-12-24"],"open":{"2026-12-26":["10:00-12:00"]}}`
	var s Spec
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(s); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(s)
	if err != nil || string(back) != text {
		t.Errorf("%s, %v", back, err)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	week := func(name string, blocks ...string) Spec {
		return Spec{Zone: "Europe/Paris", Weekly: map[string][]string{name: blocks}}
	}
	cases := []struct {
		spec Spec
		want SpecError
	}{
		{Spec{}, SpecError{"zone", "", "error.hours.zone"}},
		{Spec{Zone: "Local"}, SpecError{"zone", "Local", "error.hours.zone"}},
		{Spec{Zone: "Europe/Lyon"}, SpecError{"zone", "Europe/Lyon", "error.hours.zone"}},
		{Spec{Zone: "UTC", Holidays: "ZZ"}, SpecError{"holidays", "ZZ", "error.hours.holidays"}},
		{week("lundi", "09:00-12:00"), SpecError{"weekly", "lundi", "error.hours.weekday"}},
		{week("mon", "9:00-12:00"), SpecError{"weekly.mon", "9:00-12:00", "error.hours.block"}},
		{week("mon", "09:00"), SpecError{"weekly.mon", "09:00", "error.hours.block"}},
		{week("mon", "09:00-25:00"), SpecError{"weekly.mon", "09:00-25:00", "error.hours.block"}},
		{week("mon", "24:00-02:00"), SpecError{"weekly.mon", "24:00-02:00", "error.hours.block"}},
		{week("mon", "09:00-09:00"), SpecError{"weekly.mon", "09:00-09:00", "error.hours.block"}},
		{week("mon", "09:00-12:00", "11:00-14:00"), SpecError{"weekly.mon", "11:00-14:00", "error.hours.overlap"}},
		{week("mon", "22:00-02:00", "23:00-24:00"), SpecError{"weekly.mon", "23:00-24:00", "error.hours.overlap"}},
		{Spec{Zone: "UTC", Weekly: map[string][]string{"sat": {"22:00-02:00"}, "sun": {"01:00-03:00"}}},
			SpecError{"weekly.sat", "22:00-02:00", "error.hours.overlap"}},
		{Spec{Zone: "UTC", Closed: []string{"24/12/2026"}}, SpecError{"closed", "24/12/2026", "error.hours.date"}},
		{Spec{Zone: "UTC", Closed: []string{"2026-02-29"}}, SpecError{"closed", "2026-02-29", "error.hours.date"}},
		{Spec{Zone: "UTC", Open: map[string][]string{"Noël": nil}}, SpecError{"open", "Noël", "error.hours.date"}},
		{Spec{Zone: "UTC", Open: map[string][]string{"2026-12-26": {"ten to noon"}}}, SpecError{"open.2026-12-26", "ten to noon", "error.hours.block"}},
		{Spec{Zone: "UTC", Weekly: map[string][]string{"fri": {"22:00-02:00"}}, Open: map[string][]string{"2026-12-26": {"00:00-04:00"}}},
			SpecError{"open.2026-12-26", "22:00-02:00", "error.hours.overlap"}},
	}
	for _, c := range cases {
		_, err := Parse(c.spec)
		var got *SpecError
		if !errors.As(err, &got) || *got != c.want {
			t.Errorf("%+v: %v, want %v", c.spec, err, &c.want)
			continue
		}
		if reasons[got.Key] == "" {
			t.Errorf("%s has no reason in words", got.Key)
		}
	}
}

func TestBlocksThatTouchAreFine(t *testing.T) {
	t.Parallel()
	blocks, err := parseBlocks("weekly.mon", []string{"12:00-24:00", "00:00-12:00"})
	if err != nil || !reflect.DeepEqual(blocks, []block{{0, 720}, {720, 1440}}) {
		t.Errorf("%v, %v", blocks, err)
	}
	parse(t, daily("UTC", "22:00-04:00", "04:00-22:00"))
}
