package postgres_test

import (
	"encoding/base64"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Whatever place in a list an address names, the database can be asked for it.
func TestEveryCursorIsAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, at := range []string{"never", "0", "-1", "-9223372036854775808", "9223372036854775807", "1772452800000000"} {
		for _, priority := range []string{"0", "4", "-1", "99999"} {
			after := desk.ParseCursor(base64.RawURLEncoding.EncodeToString([]byte(priority + "." + at + "." + desk.NewID().String())))
			w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
				for _, sort := range desk.Sorts {
					if _, _, err := tx.Queue(desk.QueueFilter{View: desk.ViewAll, Sort: sort, After: after}, w.one.agent); err != nil {
						t.Errorf("by %s after %+v: %v", sort, after, err)
					}
				}
				_, _, err := tx.CustomerTickets(desk.TicketFilter{After: after}, w.one.first.contact)
				return err
			})
		}
	}
}

// What no text in the database holds finds nothing; it is no failure.
func TestSearchTakesAnything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\x00", "a\x00b", "\xff", "99999999999999999999", "-1", "%", "_", `\`})).Draw(r, "text")
		err := w.db.View(bg, w.one.scope(), func(tx *postgres.Tx) error {
			if _, _, err := tx.Queue(desk.QueueFilter{View: desk.ViewAll, Text: text}, w.one.agent); err != nil {
				return err
			}
			_, err := tx.Customers(text, "")
			return err
		})
		if err != nil {
			r.Fatalf("%q: %v", text, err)
		}
	})
}

func TestCustomersAreFoundByNameDomainAndTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	special := made(desk.NewCustomer(desk.CustomerSettings{Name: "50% Off_Shop", Relationship: desk.Direct, InitialDomain: "shop.onmicrosoft.com"}))
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.AddCustomer(special) })
	for text, want := range map[string][]string{
		"":                 {"50% Off_Shop", "First", "Second"},
		"FIR":              {"First"},
		"first.ex":         {"First"},
		"shop.onm":         {"50% Off_Shop"},
		w.one.first.Tenant: {"First"},
		w.two.first.Tenant: nil,
		"%":                {"50% Off_Shop"},
		"_":                {"50% Off_Shop"},
		`\`:                nil,
		"' or true --":     nil,
	} {
		w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
			list, err := tx.Customers(text, "")
			var got []string
			for _, c := range list {
				got = append(got, c.Name)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
			return err
		})
	}
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.Customers("", "first")
		if len(list) != 1 || list[0].Name != "Second" {
			t.Errorf("after “first” comes %v", list)
		}
		return err
	})
}
