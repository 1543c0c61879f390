package page

import (
	"testing"
	"time"

	"guichet/internal/desk"
)

var noon = time.Date(2026, 11, 10, 13, 18, 0, 0, time.UTC)

func deskOf(t *testing.T) desk.Desk {
	t.Helper()
	d, err := desk.NewDesk("alpine", "Alpine Cloud", "fr", "Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	d.Phone, d.Email, d.Tenant = "+33 (0)4 78 00 00 00", "support@alpine.example", "8f2c41d7-0b6e-4f93-a1d5-3e7c9b20f684"
	return d
}

func visitor(t *testing.T) Frame { return Frame{Who: desk.Visitor(deskOf(t)), Path: "/alpine"} }

// as is the frame of somebody of this role.
func as(t *testing.T, role desk.Role) Frame {
	t.Helper()
	s := desk.PersonSettings{Name: "Paul Mercier", Email: "paul@alpine.example", Role: role}
	if !role.DeskSide() {
		s.CustomerID = desk.NewID()
	}
	p, err := desk.NewPerson(s)
	if err != nil {
		t.Fatal(err)
	}
	return Frame{Who: desk.Actor{Desk: deskOf(t), Person: p}, Path: "/alpine/settings"}
}
