package microsoft

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// How the support of the sample works: an engineer takes a request after a while,
// and answers what is written to him.
const (
	supportVersion = "2024-04-01"
	takenAfter     = 4 * time.Minute
	answersAfter   = 6 * time.Minute
	plainPlan      = "CSP"
)

// planRefusal is what Microsoft says to who has no plan for the interface.
const planRefusal = "Your support plan type is CSP. To create and update support tickets, and add communication operations, you need access to our high tier-support plans. Learn more at https://aka.ms/supportAPI."

// supportTicket is a request as it was filed.
type supportTicket struct {
	name, number, subscription string
	tenant                     Tenant
	properties                 map[string]any // as they were sent
	status                     string
	created, changed           time.Time
	ready                      time.Time // when it can be read
	said                       []supportMessage
}

type supportMessage struct {
	name, subject, body, sender, direction string
	at                                     time.Time
}

// supportOperation is what a request that was accepted is known by meanwhile.
type supportOperation struct {
	ticket *supportTicket // nil: it failed
	polls  int
	fault  string
}

// supportBook is all that was filed; the server's lock guards it.
type supportBook struct {
	tickets    map[string]*supportTicket // by subscription and name
	operations map[string]*supportOperation
	workspaces map[string]map[string]*supportFile
	filed      int
}

func (s *Server) routeSupport() {
	s.support = supportBook{tickets: map[string]*supportTicket{}, operations: map[string]*supportOperation{}, workspaces: map[string]map[string]*supportFile{}}
	const of = "/azure/subscriptions/{subscription}/providers/Microsoft.Support/"
	s.mux.HandleFunc("POST "+of+"checkNameAvailability", s.supported(s.checkName))
	s.mux.HandleFunc("GET "+of+"supportTickets", s.supported(s.listTickets))
	s.mux.HandleFunc("PUT "+of+"supportTickets/{name}", s.supported(s.putTicket))
	s.mux.HandleFunc("GET "+of+"supportTickets/{name}", s.supported(s.getTicket))
	s.mux.HandleFunc("PATCH "+of+"supportTickets/{name}", s.supported(s.patchTicket))
	s.mux.HandleFunc("GET "+of+"operationsStatus/{operation}", s.supported(s.operation))
	s.mux.HandleFunc("GET "+of+"supportTickets/{name}/communications", s.supported(s.listSaid))
	s.mux.HandleFunc("GET "+of+"supportTickets/{name}/communications/{message}", s.supported(s.getSaid))
	s.mux.HandleFunc("PUT "+of+"supportTickets/{name}/communications/{message}", s.supported(s.putSaid))
	s.mux.HandleFunc("PUT "+of+"fileWorkspaces/{workspace}", s.supported(s.putWorkspace))
	s.mux.HandleFunc("PUT "+of+"fileWorkspaces/{workspace}/files/{file}", s.supported(s.putFile))
	s.mux.HandleFunc("GET "+of+"fileWorkspaces/{workspace}/files/{file}", s.supported(s.getFile))
	s.mux.HandleFunc("POST "+of+"fileWorkspaces/{workspace}/files/{file}/upload", s.supported(s.upload))
	s.mux.HandleFunc("GET /azure/providers/Microsoft.Support/services", s.supported(s.listServices))
	s.mux.HandleFunc("GET /azure/providers/Microsoft.Support/services/{service}/problemClassifications", s.supported(s.listProblems))
}

// supported lets a request in that has both tokens, the customer's and a
// partner's, and names a version and a subscription of that customer.
func (s *Server) supported(next func(http.ResponseWriter, *http.Request, Tenant)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tenant, ok := s.bearer(r, s.Azure().String())
		if !ok {
			s.refuse(w, http.StatusUnauthorized, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing or invalid.")
			return
		}
		deny := func() {
			s.refuse(w, http.StatusForbidden, "AuthorizationFailed", "The client does not have authorization to perform action 'Microsoft.Support/supportTickets/write' over scope '"+r.URL.Path+"' or the scope is invalid.")
		}
		subscription := strings.ToLower(r.PathValue("subscription"))
		switch {
		case s.fails(w, tenant.ID, deny), s.throttles(w, "support/"+tenant.ID):
		case !s.consented(tenant.ID), !tenant.Partner && !s.vouched(r):
			deny()
		case r.URL.Query().Get("api-version") != supportVersion:
			s.refuse(w, http.StatusBadRequest, "InvalidApiVersionParameter", "The api-version is invalid. The supported versions are '"+supportVersion+"'.")
		case subscription != "" && !slices.Contains(tenant.Subscriptions, subscription):
			s.refuse(w, http.StatusNotFound, "SubscriptionNotFound", "The subscription '"+subscription+"' could not be found.")
		default:
			next(w, r, tenant)
		}
	}
}

// vouched tells whether a partner's token comes along (Azure, "Authenticate
// requests across tenants").
func (s *Server) vouched(r *http.Request) bool {
	text, found := strings.CutPrefix(r.Header.Get("X-Ms-Authorization-Auxiliary"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	t, given := s.tokens[text]
	return found && given && t.audience == s.Azure().String() && !s.now().After(t.until) && s.tenants[t.tenant].Partner
}

func supportKey(r *http.Request) string {
	return strings.ToLower(r.PathValue("subscription") + "/" + r.PathValue("name"))
}

func (s *Server) checkName(w http.ResponseWriter, r *http.Request, _ Tenant) {
	var asked struct{ Name, Type string }
	if json.NewDecoder(r.Body).Decode(&asked) != nil || asked.Type != "Microsoft.Support/supportTickets" {
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The request is not a name and a type.")
		return
	}
	s.mu.Lock()
	_, taken := s.support.tickets[strings.ToLower(r.PathValue("subscription")+"/"+asked.Name)]
	s.mu.Unlock()
	body := entry{"nameAvailable": !taken}
	if taken {
		body["reason"], body["message"] = "Name is already in use", "Name not available"
	}
	s.answer(w, http.StatusOK, body)
}

// putTicket files a request. Those on the plain plan are accepted and fail while
// they are worked on, as Microsoft does it.
func (s *Server) putTicket(w http.ResponseWriter, r *http.Request, t Tenant) {
	var sent struct {
		Properties map[string]any `json:"properties"`
	}
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent) != nil || sent.Properties == nil {
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The request content was invalid and could not be deserialized.")
		return
	}
	if fault := s.ticketFault(sent.Properties); fault != "" {
		s.refuse(w, http.StatusBadRequest, "BadRequest", fault)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.support.tickets[supportKey(r)]; taken {
		s.refuse(w, http.StatusConflict, "Conflict", "A support ticket with the same name already exists.")
		return
	}
	named, _ := sent.Properties["fileWorkspaceName"].(string)
	if named != "" && s.support.workspaces[strings.ToLower(r.PathValue("subscription")+"/"+named)] == nil {
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The file workspace '"+named+"' was not found.")
		return
	}
	now := s.now()
	s.support.filed++
	operation := fmt.Sprintf("%08d", s.support.filed)
	if t.Plan == "" || t.Plan == plainPlan {
		s.support.operations[operation] = &supportOperation{fault: planRefusal}
	} else {
		k := &supportTicket{name: r.PathValue("name"), subscription: strings.ToLower(r.PathValue("subscription")), tenant: t, properties: sent.Properties, status: "Open",
			number: fmt.Sprintf("1%s%08d", now.Format("060102"), 4_000_100+s.support.filed), created: now, changed: now, ready: now.Add(5 * time.Second)}
		s.support.tickets[supportKey(r)] = k
		s.support.operations[operation] = &supportOperation{ticket: k}
	}
	base := s.config.Base + "/azure/subscriptions/" + r.PathValue("subscription") + "/providers/Microsoft.Support/"
	w.Header().Set("Azure-AsyncOperation", base+"operationsStatus/"+operation+"?api-version="+supportVersion)
	w.Header().Set("Location", base+"operationResults/"+operation+"?api-version="+supportVersion)
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusAccepted)
}

// operation tells how far a request that was accepted is: it is ready when it is
// asked about for the second time.
func (s *Server) operation(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.support.operations[r.PathValue("operation")]
	if !ok {
		s.refuse(w, http.StatusNotFound, "NotFound", "There is no such operation.")
		return
	}
	body := entry{"id": r.URL.Path, "name": r.PathValue("operation"), "status": "InProgress"}
	if o.polls++; o.polls >= 2 {
		if o.ticket == nil {
			body["status"], body["error"] = "Failed", entry{"code": "BadRequest", "message": o.fault}
		} else {
			body["status"], o.ticket.ready = "Succeeded", s.now()
		}
	}
	w.Header().Set("Retry-After", "1")
	s.answer(w, http.StatusOK, body)
}

// ticketFault is what is wrong with a request, as far as Microsoft says it.
func (s *Server) ticketFault(p map[string]any) string {
	text := func(name string) string { t, _ := p[name].(string); return t }
	contact, _ := p["contactDetails"].(map[string]any)
	of := func(name string) string { t, _ := contact[name].(string); return t }
	for _, name := range []string{"title", "description", "severity", "serviceId", "problemClassificationId"} {
		if text(name) == "" {
			return "The property '" + name + "' is required."
		}
	}
	severe := text("severity") == "critical" || text("severity") == "highestcriticalimpact"
	switch {
	case strings.ContainsFunc(text("description"), func(r rune) bool { return r > '~' }):
		return "The property 'description' contains characters that are not allowed. Only ASCII characters are allowed."
	case !severe && text("severity") != "moderate" && text("severity") != "minimal":
		return "The value of 'severity' is not one of minimal, moderate, critical, highestcriticalimpact."
	case !slices.ContainsFunc(supportServices, func(o supportService) bool { return o.holds(text("serviceId"), text("problemClassificationId")) }):
		return "The service or the problem classification is not found. Always call the services and problemClassifications API to get the most recent set."
	case severe && of("phoneNumber") == "":
		return "The property 'phoneNumber' is required for severity critical and highestcriticalimpact."
	case of("firstName") == "", of("lastName") == "", !strings.Contains(of("primaryEmailAddress"), "@"):
		return "The property 'contactDetails' needs firstName, lastName and primaryEmailAddress."
	case !strings.HasSuffix(of("preferredTimeZone"), "Standard Time") && !strings.HasPrefix(of("preferredTimeZone"), "UTC"):
		return "The value of 'preferredTimeZone' is not a time zone of Microsoft Windows."
	case len(of("country")) != 3:
		return "The value of 'country' is not an ISO 3166-1 alpha-3 code."
	case !strings.Contains(of("preferredSupportLanguage"), "-"):
		return "The value of 'preferredSupportLanguage' is not supported."
	}
	return ""
}

// ticketOf finds a request that can be read by now. The lock is held.
func (s *Server) ticketOf(w http.ResponseWriter, r *http.Request) (*supportTicket, bool) {
	k, ok := s.support.tickets[supportKey(r)]
	if !ok || s.now().Before(k.ready) {
		s.refuse(w, http.StatusNotFound, "ResourceNotFound", "The support ticket '"+r.PathValue("name")+"' was not found.")
		return nil, false
	}
	k.live(s.now())
	return k, true
}
