package desk

import (
	"slices"

	"guichet/internal/route"
)

// Matter is what a person says that an escalation is about where the ticket does not
// tell: one of route.Topics, or one of the others; "" for nothing beyond the ticket.
type Matter string

// Matters beside the topics.
const (
	MatterVulnerability Matter = "vulnerability" // a weakness of a product, not an attack on the customer
	MatterOtherPartner  Matter = "other_partner" // another partner sold it
	MatterDirect        Matter = "direct"        // the customer bought it from Microsoft himself
)

// Matters lists them in the order of a form.
func Matters() []Matter {
	list := []Matter{""}
	for _, topic := range route.Topics {
		if topic != "technical" { // what a ticket is when nothing is said
			list = append(list, Matter(topic))
		}
	}
	return append(list, MatterOtherPartner, MatterDirect, MatterVulnerability)
}

// Known tells one of them from anything else.
func (m Matter) Known() bool { return slices.Contains(Matters(), m) }

// In says it in a case.
func (m Matter) In(c route.Case) route.Case {
	switch m {
	case MatterVulnerability:
		c.Vulnerability = true
	case MatterOtherPartner, MatterDirect:
		c.Channel = string(m)
	case "":
	default:
		c.Topic = string(m)
	}
	return c
}
