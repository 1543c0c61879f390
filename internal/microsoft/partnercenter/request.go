package partnercenter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

const (
	pageSize    = 100
	mostPages   = 50
	mostNotes   = 500
	mostLine    = 300 // runes
	ahead       = 366 * 24 * time.Hour
	mostNoteLen = 30_000 // bytes of a note, our own limit
)

// requestID is the number of a request ("Update a service request", the pattern of
// its id).
var requestID = regexp.MustCompile(`^([0-9]{1,10}|[0-9]{15,16}|[0-9]-[0-9]{13})$`)

// serviceRequest is one as Partner Center writes it ("Service request resources").
type serviceRequest struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity either `json:"severity"`
	Status   either `json:"status"`
	Contact  struct {
		Email string `json:"email"`
	} `json:"primaryContact"`
	Updated struct {
		Email string `json:"email"`
	} `json:"lastUpdatedBy"`
	Created  string `json:"createdDate"`
	Modified string `json:"lastModifiedDate"`
	Closed   string `json:"lastClosedDate"`
	Notes    []note `json:"notes"`
}

type note struct {
	By   string `json:"createdByName"`
	At   string `json:"createdDate"`
	Text string `json:"text"`
}

// either is a fixed value that is a number in some answers and a name in others.
type either string

// UnmarshalJSON keeps the text of both.
func (e *either) UnmarshalJSON(text []byte) error {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
	case string:
		*e = either(prose.Word(v))
	case float64:
		*e = either(strconv.FormatFloat(v, 'f', -1, 64))
	default:
		return fmt.Errorf("a fixed value that is neither number nor name")
	}
	return nil
}

// The numbers are those of the enums ServiceRequestSeverity and
// ServiceRequestStatus.
var (
	severities = map[either]string{"1": "A", "critical": "A", "2": "B", "moderate": "B", "3": "C", "minimal": "C"}
	statuses   = map[either]string{"1": "open", "2": "closed", "3": "waiting", "attention_needed": "waiting", "attentionneeded": "waiting", "0": "none"}
)

func (s serviceRequest) request(now time.Time) (desk.RemoteRequest, bool) {
	id := strings.TrimSpace(s.ID)
	if !requestID.MatchString(id) {
		return desk.RemoteRequest{}, false
	}
	r := desk.RemoteRequest{Request: id, Title: prose.Line(s.Title, mostLine), Severity: severities[s.Severity], Status: statuses[s.Status],
		CreatedAt: prose.TimeOrNone(s.Created, now, ahead), ChangedAt: prose.TimeOrNone(s.Modified, now, ahead), ClosedAt: prose.TimeOrNone(s.Closed, now, ahead)}
	if r.Status == "" {
		r.Status = prose.Line(string(s.Status), 40)
	}
	return r, true
}

// messages are the notes, the oldest first. They have no names: each is known by
// its time and its place among those of that time.
func (s serviceRequest) messages(now time.Time) []desk.RemoteMessage {
	var said []desk.RemoteMessage
	for _, n := range s.Notes[:min(len(s.Notes), mostNotes)] {
		at, ok := prose.Time(n.At, now, ahead)
		text := prose.Plain(n.Text)
		if !ok || text == "" {
			continue
		}
		m := desk.RemoteMessage{From: "us", Author: prose.Line(n.By, mostLine), Text: text, At: at}
		if strings.Contains(strings.ToLower(m.Author), "microsoft") {
			m.From = "them"
		}
		said = append(said, m)
	}
	slices.SortStableFunc(said, func(x, y desk.RemoteMessage) int { return x.At.Compare(y.At) })
	for i := range said {
		place := 0
		for j := i - 1; j >= 0 && said[j].At.Equal(said[i].At); j-- {
			place++
		}
		said[i].ID = fmt.Sprintf("%s/%s/%d", s.ID, said[i].At.Format(time.RFC3339Nano), place)
	}
	return said
}

// Requests lists a customer's service requests, as far as the person may see them.
// Errors: desk.Refusal.
func (c *Client) Requests(ctx context.Context, a Access, tenant string) ([]desk.RemoteRequest, error) {
	if !rest.GUID(tenant) {
		return nil, desk.Refusal{Kind: desk.RefusedRequest, Detail: "no tenant id"}
	}
	var all []desk.RemoteRequest
	for page := range mostPages {
		q := rest.Call{Method: http.MethodGet, Path: "v1/customers/" + strings.ToLower(tenant) + "/servicerequests",
			Params: url.Values{"size": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(page * pageSize)}}}
		answer, err := c.ask(ctx, a, q, "")
		if err != nil {
			return all, err
		}
		var list struct {
			Total int               `json:"totalCount"`
			Items []json.RawMessage `json:"items"`
		}
		if err := answer.Into(&list); err != nil {
			return all, err
		}
		if list.Items == nil {
			return all, desk.Refusal{Kind: desk.RefusedForm, Detail: "a list without its items"}
		}
		for _, item := range list.Items[:min(len(list.Items), pageSize)] {
			var s serviceRequest
			if json.Unmarshal(item, &s) != nil {
				continue
			}
			if r, ok := s.request(c.config.Now()); ok {
				all = append(all, r)
			}
		}
		if len(list.Items) < pageSize {
			return all, nil
		}
	}
	return all, nil
}

// Request reads one, with its notes. Errors: desk.Refusal.
func (c *Client) Request(ctx context.Context, a Access, id string) (desk.RemoteRequest, []desk.RemoteMessage, error) {
	if !requestID.MatchString(id) {
		return desk.RemoteRequest{}, nil, desk.Refusal{Kind: desk.RefusedRequest, Detail: "no number of a request"}
	}
	answer, err := c.ask(ctx, a, rest.Call{Method: http.MethodGet, Path: "v1/servicerequests/" + id}, "")
	if err != nil {
		return desk.RemoteRequest{}, nil, err
	}
	var s serviceRequest
	if err := answer.Into(&s); err != nil {
		return desk.RemoteRequest{}, nil, err
	}
	r, ok := s.request(c.config.Now())
	if !ok || r.Request != id {
		return desk.RemoteRequest{}, nil, desk.Refusal{Kind: desk.RefusedForm, Detail: "another request than the one asked for"}
	}
	return r, s.messages(c.config.Now()), nil
}

// AddNote says something in a request. key is a GUID: with the same one it is said
// once, however often this is called. Errors: desk.Refusal.
func (c *Client) AddNote(ctx context.Context, a Access, id, text, key string) error {
	if !requestID.MatchString(id) || !rest.GUID(key) || text == "" || len(text) > mostNoteLen {
		return desk.Refusal{Kind: desk.RefusedRequest, Detail: "no number of a request, no key, or a note that is none"}
	}
	body := map[string]any{"NewNote": map[string]any{"Text": text}, "Attributes": map[string]any{"ObjectType": "ServiceRequest"}}
	_, err := c.ask(ctx, a, rest.Call{Method: http.MethodPatch, Path: "v1/servicerequests/" + id, Body: body}, key)
	return err
}
