package desk

import (
	"guichet/internal/access"
	"guichet/internal/route"
)

// Handing is what a ticket's page shows of handing it on: what was handed on of it,
// and where it would go now.
type Handing struct {
	List    []TicketEscalation // the live one first, then the newest
	Route   route.Route
	Access  access.Verdict // to open a request for this customer
	Missing []string       // of the diagnosis, as message keys; see Diagnosed
}

// Live is the escalation that the ticket waits on; nil for none.
func (h Handing) Live() *TicketEscalation {
	if len(h.List) > 0 && h.List[0].Live {
		return &h.List[0]
	}
	return nil
}

// Past are those that it waited on, the newest first.
func (h Handing) Past() []TicketEscalation {
	if h.Live() != nil {
		return h.List[1:]
	}
	return h.List
}

// DeadEnd tells that Microsoft would have to be asked and the desk may not ask.
func (h Handing) DeadEnd() bool { return h.Route.Target == route.Microsoft && h.Access.DeadEnd() }

// Begins tells that an escalation can be begun now.
func (h Handing) Begins() bool {
	return h.Live() == nil && h.Route.Target != route.Nobody && !h.DeadEnd() && len(h.Missing) == 0
}
