package mail

import (
	"bytes"
	netmail "net/mail"
	"net/url"
	"testing"
	"time"

	"guichet/internal/desk"
)

// Names come from tokens and forms. Whatever they hold, a letter goes out, to
// its one recipient.
func TestNamesAreNamesWhateverTheyHold(t *testing.T) {
	t.Parallel()
	s, err := New(Config{From: "support@guichet.example", BaseURL: &url.URL{Scheme: "https", Host: "guichet.example"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Léa Martin", `Jean "JJ" Dupont`, `x" <victim@evil.example>, "y`, `a\b`, `"`, "Dupont, Jean", "a@b.example", "=?utf-8?q?x?=",
		"Léa\r\nBcc: victim@evil.example"} {
		d, err := desk.NewDesk("alpine", name, "fr", "Europe/Paris")
		if err != nil {
			t.Fatal(err)
		}
		d.Email = "help@alpine.example"
		m, err := s.message(Letter{ID: desk.NewID(), Kind: Link, Desk: d, Path: "/alpine", Written: time.Unix(0, 0),
			To: desk.Person{Name: name, Email: "lea@lumen.example", Role: desk.Contact}})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		var sent bytes.Buffer
		if _, err := m.WriteTo(&sent); err != nil {
			t.Fatal(err)
		}
		read, err := netmail.ReadMessage(&sent)
		if err != nil {
			t.Fatal(err)
		}
		for header, address := range map[string]string{"To": "lea@lumen.example", "From": "support@guichet.example", "Reply-To": "help@alpine.example"} {
			if list, err := read.Header.AddressList(header); err != nil || len(list) != 1 || list[0].Address != address {
				t.Errorf("%q: %s is %q (%v)", name, header, read.Header.Get(header), err)
			}
		}
		if read.Header.Get("Bcc") != "" {
			t.Errorf("%q writes a header", name)
		}
	}
}
