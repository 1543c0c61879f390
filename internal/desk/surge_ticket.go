package desk

import (
	"time"

	"guichet/internal/signals"
	"guichet/internal/surge"
)

// SurgeTicket is a ticket as it is read for the sake of other customers. At is when the desk received
// it, in the desk's zone; service and region are the form's.
type SurgeTicket struct {
	ID, Customer                   string
	At                             time.Time
	Service, Region, Subject, Body string
}

// Read turns a ticket's words into what customers are counted by.
func (s SurgeTicket) Read() surge.Ticket {
	said := signals.ReadComplaint(s.Subject, s.Body, s.Service, s.Region)
	t := surge.Ticket{ID: s.ID, Customer: s.Customer, At: s.At, Says: surge.Reading(said.Says), Places: said.Places, Other: said.Other,
		Local: said.Local, Wide: said.Wide, Chasing: said.Chasing, Thread: said.Thread, Words: said.Words}
	for _, service := range said.Services {
		t.Services = append(t.Services, surge.Service(service))
	}
	return t
}
