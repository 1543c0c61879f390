package microsoft

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// promised is how soon the first reply is promised, in minutes, by severity.
var promised = map[string]int{"highestcriticalimpact": 60, "critical": 120, "moderate": 240, "minimal": 480}

// live lets pass what has happened by now: an engineer takes the request, and
// answers what was written to him last.
func (k *supportTicket) live(now time.Time) {
	if taken := k.created.Add(takenAfter); !now.Before(taken) && !k.has("inbound", time.Time{}) {
		k.hear(taken, "Your support request "+k.number, "<p>Hello,</p><p>My name is Priya and I am the support engineer who works with you on this request. I am reading through what you sent and will write again with first findings.</p><p>Next update by: "+
			taken.Add(2*time.Hour).Format("Monday, January 2, 2006, at 3:04 PM UTC")+"</p>")
	}
	var ours *supportMessage
	for i := range k.said {
		if k.said[i].direction == "outbound" {
			ours = &k.said[i]
		}
	}
	if ours == nil {
		return
	}
	if answered := ours.at.Add(answersAfter); !now.Before(answered) && !k.has("inbound", ours.at) && !k.created.Add(takenAfter).After(answered) {
		k.hear(answered, "RE: "+ours.subject, "<p>Thank you for the details. I passed them on to the product team and will come back to you.</p>")
	}
}

// has tells whether something was said in a direction after a time.
func (k *supportTicket) has(direction string, after time.Time) bool {
	return slices.ContainsFunc(k.said, func(m supportMessage) bool { return m.direction == direction && m.at.After(after) })
}

func (k *supportTicket) hear(at time.Time, subject, body string) {
	k.changed = at
	k.said = append(k.said, supportMessage{name: fmt.Sprintf("%s-m%d", k.number, len(k.said)+1), subject: subject, body: body, sender: "priya@support.microsoft.example",
		direction: "inbound", at: at})
}

// written is the request as it is read.
func (k *supportTicket) written(now time.Time) entry {
	p := entry{}
	for name, value := range k.properties {
		p[name] = value
	}
	severity, _ := p["severity"].(string)
	minutes := promised[severity]
	var engineer any
	if !now.Before(k.created.Add(takenAfter)) {
		engineer = "priya@support.microsoft.example"
	}
	p["supportTicketId"], p["status"], p["supportPlanType"], p["supportPlanDisplayName"] = k.number, k.status, k.tenant.Plan, k.tenant.Plan
	p["createdDate"], p["modifiedDate"] = k.created.Format(time.RFC3339), k.changed.Format(time.RFC3339)
	p["require24X7Response"] = severity == "critical"
	p["serviceLevelAgreement"] = entry{"startTime": k.created.Format(time.RFC3339), "expirationTime": k.created.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339), "slaMinutes": minutes}
	p["supportEngineer"] = entry{"emailAddress": engineer}
	return entry{"id": "/subscriptions/" + k.subscription + "/providers/Microsoft.Support/supportTickets/" + k.name, "name": k.name, "type": "Microsoft.Support/supportTickets", "properties": p}
}

func (s *Server) getTicket(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, ok := s.ticketOf(w, r); ok {
		s.answer(w, http.StatusOK, k.written(s.now()))
	}
}

// listTickets answers the newest of a subscription, one page.
func (s *Server) listTickets(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	top, err := strconv.Atoi(r.URL.Query().Get("$top"))
	if err != nil || top < 1 {
		top = 10
	}
	var found []*supportTicket
	for _, k := range s.support.tickets {
		if k.subscription == strings.ToLower(r.PathValue("subscription")) && !s.now().Before(k.ready) {
			found = append(found, k)
		}
	}
	slices.SortFunc(found, func(x, y *supportTicket) int { return y.created.Compare(x.created) })
	list := []entry{}
	for _, k := range found[:min(top, len(found))] {
		list = append(list, k.written(s.now()))
	}
	s.answer(w, http.StatusOK, entry{"value": list})
}

// patchTicket changes severity, status, contact or consent. The severity is the
// engineer's once he has the request.
func (s *Server) patchTicket(w http.ResponseWriter, r *http.Request, t Tenant) {
	var sent map[string]any
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent) != nil {
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The request content was invalid and could not be deserialized.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.ticketOf(w, r)
	if !ok {
		return
	}
	status, _ := sent["status"].(string)
	switch _, severe := sent["severity"]; {
	case t.Plan == "" || t.Plan == plainPlan:
		s.refuse(w, http.StatusBadRequest, "BadRequest", planRefusal)
		return
	case severe && !s.now().Before(k.created.Add(takenAfter)):
		s.refuse(w, http.StatusBadRequest, "BadRequest", "Severity cannot be changed once a support engineer is assigned. Use the communications to ask for it.")
		return
	case status != "" && status != "open" && status != "closed":
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The value of 'status' is not one of open, closed.")
		return
	}
	for _, name := range []string{"severity", "contactDetails", "advancedDiagnosticConsent"} {
		if value, given := sent[name]; given {
			k.properties[name] = value
		}
	}
	if status != "" {
		k.status = strings.ToUpper(status[:1]) + status[1:]
	}
	k.changed = s.now()
	s.answer(w, http.StatusOK, k.written(s.now()))
}

// saidPage is how many messages a page has ("Communications - List", $top).
const saidPage = 10

func (m supportMessage) written(k *supportTicket) entry {
	return entry{"id": "/subscriptions/" + k.subscription + "/providers/Microsoft.Support/supportTickets/" + k.name + "/communications/" + m.name, "name": m.name,
		"type": "Microsoft.Support/communications", "properties": entry{"communicationType": "web", "communicationDirection": m.direction, "sender": m.sender,
			"subject": m.subject, "body": m.body, "createdDate": m.at.Format(time.RFC3339)}}
}

func (s *Server) listSaid(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.ticketOf(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	since := time.Time{}
	if _, text, found := strings.Cut(q.Get("$filter"), "createdDate ge "); found {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			s.refuse(w, http.StatusBadRequest, "BadRequest", "The $filter is invalid.")
			return
		}
		since = at
	}
	said := slices.Clone(k.said)
	slices.SortStableFunc(said, func(x, y supportMessage) int { return y.at.Compare(x.at) })
	said = slices.DeleteFunc(said, func(m supportMessage) bool { return m.at.Before(since) })
	from, _ := strconv.Atoi(q.Get("$skipToken")) // what is no number skips nothing
	first := min(max(from, 0), len(said))
	last := min(first+saidPage, len(said))
	list := []entry{}
	for _, m := range said[first:last] {
		list = append(list, m.written(k))
	}
	body := entry{"value": list}
	if last < len(said) {
		q.Set("$skipToken", strconv.Itoa(last))
		body["nextLink"] = s.config.Base + r.URL.Path + "?" + q.Encode()
	}
	s.answer(w, http.StatusOK, body)
}

func (s *Server) getSaid(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.ticketOf(w, r)
	if !ok {
		return
	}
	if i := k.message(r.PathValue("message")); i >= 0 {
		s.answer(w, http.StatusOK, k.said[i].written(k))
		return
	}
	s.refuse(w, http.StatusNotFound, "ResourceNotFound", "The communication was not found.")
}

func (k *supportTicket) message(name string) int {
	return slices.IndexFunc(k.said, func(m supportMessage) bool { return strings.EqualFold(m.name, name) })
}

// putSaid takes what the customer's side says.
func (s *Server) putSaid(w http.ResponseWriter, r *http.Request, t Tenant) {
	var sent struct {
		Properties struct{ Subject, Body, Sender string } `json:"properties"`
	}
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent) != nil || sent.Properties.Subject == "" || sent.Properties.Body == "" {
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The properties 'subject' and 'body' are required.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.ticketOf(w, r)
	if !ok {
		return
	}
	switch {
	case t.Plan == "" || t.Plan == plainPlan:
		s.refuse(w, http.StatusBadRequest, "BadRequest", planRefusal)
	case k.status != "Open":
		s.refuse(w, http.StatusConflict, "Conflict", "Communications can be added to open support tickets only.")
	case k.message(r.PathValue("message")) >= 0:
		s.refuse(w, http.StatusConflict, "Conflict", "A communication with the same name already exists.")
	default:
		m := supportMessage{name: r.PathValue("message"), subject: sent.Properties.Subject, body: sent.Properties.Body, sender: sent.Properties.Sender, direction: "outbound", at: s.now()}
		k.said, k.changed = append(k.said, m), m.at
		s.answer(w, http.StatusOK, m.written(k))
	}
}

// Filed counts the support requests of a subscription, for tests.
func (s *Server) Filed(subscription string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, k := range s.support.tickets {
		if k.subscription == strings.ToLower(subscription) {
			n++
		}
	}
	return n
}
