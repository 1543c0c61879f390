package azuresupport

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

// Limits of our own on what an answer says, in runes.
const (
	mostTitle = 300
	mostWord  = 100
	ahead     = 366 * 24 * time.Hour // a promise lies in the near future
)

func asRefusal(err error, r *desk.Refusal) bool { return errors.As(err, r) }

// ticket is a request as Azure writes it ("SupportTicketDetails").
type ticket struct {
	Name       string `json:"name"`
	Properties struct {
		Number   string `json:"supportTicketId"`
		Title    string `json:"title"`
		Status   string `json:"status"`
		Severity string `json:"severity"`
		Plan     string `json:"supportPlanType"`
		Created  string `json:"createdDate"`
		Modified string `json:"modifiedDate"`
		Promise  *struct {
			From    string `json:"startTime"`
			To      string `json:"expirationTime"`
			Minutes int    `json:"slaMinutes"`
		} `json:"serviceLevelAgreement"`
		Engineer *struct {
			Address string `json:"emailAddress"`
		} `json:"supportEngineer"`
	} `json:"properties"`
}

// letters are the severities of the interface by those that people say. The one
// above A exists for Premier alone.
var letters = map[string]string{"minimal": "C", "moderate": "B", "critical": "A", "highestcriticalimpact": "A"}

var words = map[string]string{"A": "critical", "B": "moderate", "C": "minimal"}

var digits = regexp.MustCompile(`^[0-9]{6,20}$`)

func (t ticket) request(now time.Time) desk.RemoteRequest {
	p := t.Properties
	r := desk.RemoteRequest{Name: prose.Line(t.Name, mostWord), Title: prose.Line(p.Title, mostTitle), Status: prose.Word(p.Status), Severity: letters[prose.Word(p.Severity)],
		PlanType: prose.Line(p.Plan, mostWord), CreatedAt: prose.TimeOrNone(p.Created, now, ahead), ChangedAt: prose.TimeOrNone(p.Modified, now, ahead)}
	if number := strings.TrimSpace(p.Number); digits.MatchString(number) {
		r.Request = number
	}
	if p.Engineer != nil {
		r.Engineer = prose.Line(p.Engineer.Address, mostWord)
	}
	if p.Promise != nil {
		from, to := prose.TimeOrNone(p.Promise.From, now, ahead), prose.TimeOrNone(p.Promise.To, now, ahead)
		if from != nil && to != nil && !to.Before(*from) {
			r.Reply = &desk.RemotePromise{From: *from, To: *to, Minutes: max(0, p.Promise.Minutes)}
		}
	}
	return r
}

// Create files a request under a name of ours, once: what is there already under
// that name is read and handed back. Microsoft may accept it and work on; then it
// is waited for, and handed back as pending when that takes longer. Errors:
// desk.Refusal.
func (c *Client) Create(ctx context.Context, a Access, name string, f desk.RemoteRequestForm) (desk.RemoteRequest, error) {
	free, err := c.free(ctx, a, name)
	if err != nil {
		return desk.RemoteRequest{}, err
	}
	if !free {
		return c.readOrPending(ctx, a, name)
	}
	q, err := c.named(http.MethodPut, a, "supportTickets", name)
	if err != nil {
		return desk.RemoteRequest{}, err
	}
	q.Body = map[string]any{"properties": written(f)}
	answer, err := c.as(a).Send(ctx, q)
	switch {
	case rest.Refused(err, desk.RefusedChanged): // somebody was faster under the same name: we were, earlier
		return c.readOrPending(ctx, a, name)
	case err != nil:
		return desk.RemoteRequest{}, refused(err)
	case answer.Status != http.StatusAccepted:
		return c.read(answer)
	}
	done, err := c.follow(ctx, a, answer)
	if err != nil {
		return desk.RemoteRequest{}, err
	}
	if !done {
		return desk.RemoteRequest{Name: name, Title: f.Title, Pending: true}, nil
	}
	return c.readOrPending(ctx, a, name)
}

// free asks whether the name is ours to give ("Support Tickets - Check Name
// Availability").
func (c *Client) free(ctx context.Context, a Access, name string) (bool, error) {
	if !ourName.MatchString(name) {
		return false, desk.Refusal{Kind: desk.RefusedRequest, Detail: "no name that Microsoft takes"}
	}
	q, err := c.call(http.MethodPost, a, "checkNameAvailability")
	if err != nil {
		return false, err
	}
	q.Body = map[string]any{"name": name, "type": "Microsoft.Support/supportTickets"}
	answer, err := c.as(a).Send(ctx, q)
	if err != nil {
		return false, refused(err)
	}
	var said struct {
		Available *bool `json:"nameAvailable"`
	}
	if err := answer.Into(&said); err != nil {
		return false, err
	}
	if said.Available == nil {
		return false, desk.Refusal{Kind: desk.RefusedForm, Detail: "no word on whether a name is free"}
	}
	return *said.Available, nil
}

// readOrPending reads what has a name; a name that is taken and shows nothing yet
// is being worked on.
func (c *Client) readOrPending(ctx context.Context, a Access, name string) (desk.RemoteRequest, error) {
	r, err := c.Read(ctx, a, name)
	if rest.Refused(err, desk.RefusedGone) {
		return desk.RemoteRequest{Name: name, Pending: true}, nil
	}
	return r, err
}

// Read reads a request by the name that it was filed under. Errors: desk.Refusal.
func (c *Client) Read(ctx context.Context, a Access, name string) (desk.RemoteRequest, error) {
	q, err := c.named(http.MethodGet, a, "supportTickets", name)
	if err != nil {
		return desk.RemoteRequest{}, err
	}
	answer, err := c.as(a).Send(ctx, q)
	if err != nil {
		return desk.RemoteRequest{}, refused(err)
	}
	return c.read(answer)
}

func (c *Client) read(answer rest.Answer) (desk.RemoteRequest, error) {
	var t ticket
	if err := answer.Into(&t); err != nil {
		return desk.RemoteRequest{}, err
	}
	r := t.request(c.config.Now())
	if r.Name == "" || r.Status == "" {
		return desk.RemoteRequest{}, desk.Refusal{Kind: desk.RefusedForm, Detail: "a request without a name or a status"}
	}
	r.Pending = r.Request == ""
	return r, nil
}

// Update changes what may still be changed: the severity only until an engineer
// has it ("Support Tickets - Update"). Errors: desk.Refusal.
func (c *Client) Update(ctx context.Context, a Access, name string, u desk.RemoteUpdate) (desk.RemoteRequest, error) {
	q, err := c.named(http.MethodPatch, a, "supportTickets", name)
	if err != nil {
		return desk.RemoteRequest{}, err
	}
	body := map[string]any{}
	if u.Severity != nil {
		body["severity"] = words[*u.Severity]
	}
	if u.Status != nil {
		body["status"] = *u.Status
	}
	if u.Contact != nil {
		body["contactDetails"] = contact(*u.Contact)
	}
	if u.Diagnostics != nil {
		body["advancedDiagnosticConsent"] = yes(*u.Diagnostics)
	}
	q.Body = body
	answer, err := c.as(a).Send(ctx, q)
	if err != nil {
		return desk.RemoteRequest{}, refused(err)
	}
	return c.read(answer)
}

// written is a request as "Support Tickets - Create" takes it.
func written(f desk.RemoteRequestForm) map[string]any {
	p := map[string]any{"title": f.Title, "description": f.Description, "severity": words[f.Severity], "serviceId": f.Service, "problemClassificationId": f.Classification,
		"advancedDiagnosticConsent": yes(f.Diagnostics), "contactDetails": contact(f.Contact)}
	if f.StartedAt != nil {
		p["problemStartTime"] = f.StartedAt.UTC().Format(time.RFC3339)
	}
	if f.Plan != "" {
		p["supportPlanId"] = f.Plan
	}
	if f.Workspace != "" {
		p["fileWorkspaceName"] = f.Workspace
	}
	if f.Resource != "" {
		p["technicalTicketDetails"] = map[string]any{"resourceId": f.Resource}
	}
	return p
}

func contact(c desk.RemoteContact) map[string]any {
	method := "email"
	if c.ByPhone {
		method = "phone"
	}
	m := map[string]any{"firstName": c.FirstName, "lastName": c.LastName, "preferredContactMethod": method, "primaryEmailAddress": c.Email,
		"preferredTimeZone": WindowsZone(c.Zone), "country": Country(c.Country), "preferredSupportLanguage": language(c.Language)}
	if c.Phone != "" {
		m["phoneNumber"] = c.Phone
	}
	if len(c.Extra) > 0 {
		m["additionalEmailAddresses"] = c.Extra
	}
	return m
}

func yes(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}
