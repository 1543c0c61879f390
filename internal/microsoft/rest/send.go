package rest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"guichet/internal/desk"
)

// Call is one request that may change something on the other side. It is sent
// again only where a token of ours was too old, so its maker sees to it that
// twice is as good as once.
type Call struct {
	Method string
	Path   string // below the root, without a slash at the beginning
	At     string // an address that an answer gave, in the place of Path; of the same host
	Params url.Values
	Header http.Header
	Body   any   // JSON; nil: none
	Most   int64 // bytes of the answer; 0: those of a page. More is refused with RefusedSize

	Tenant string // whose token is asked for
	Also   string // a tenant whose token goes along as the second one; "": none
	Bearer string // a token that is at hand, in the place of the tenant's
}

// Answer is what came back with a status that means well (2xx).
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the answer's JSON. Errors: desk.Refusal.
func (a Answer) Into(into any) error { return decode(a.Body, into) }

// auxiliary carries the partner's token beside the customer's (Azure Resource
// Manager, "Authenticate requests across tenants").
const auxiliary = "X-Ms-Authorization-Auxiliary"

// Send asks once. Errors: desk.Refusal.
func (c *Client) Send(ctx context.Context, q Call) (Answer, error) {
	address := c.address(Question{Path: q.Path, Params: q.Params})
	if q.At != "" {
		var err error
		if address, err = c.within(q.At); err != nil {
			return Answer{}, err
		}
	}
	body, err := written(q.Body)
	if err != nil {
		return Answer{}, err
	}
	for {
		header, kept, err := c.authorised(ctx, q)
		if err != nil {
			return Answer{}, err
		}
		answer, status, err := c.send(ctx, q, address, header, body)
		if status != http.StatusUnauthorized || !kept {
			return answer, err
		}
		for _, tenant := range []string{q.Tenant, q.Also} {
			c.tokens.drop(tenant)
		}
	}
}

func written(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("request to Microsoft: %w", err)
	}
	return text, nil
}

// authorised gives the request its tokens; kept tells that one of them was not
// asked for just now.
func (c *Client) authorised(ctx context.Context, q Call) (header http.Header, kept bool, err error) {
	header = q.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	token := q.Bearer
	if token == "" {
		if token, kept, err = c.token(ctx, q.Tenant); err != nil {
			return nil, false, err
		}
	}
	header.Set("Authorization", "Bearer "+token)
	if q.Also != "" && !strings.EqualFold(q.Also, q.Tenant) {
		second, held, err := c.token(ctx, q.Also)
		if err != nil {
			return nil, false, err
		}
		kept = kept || held
		header.Set(auxiliary, "Bearer "+second)
	}
	return header, kept, nil
}

// send gives the status even where it is refused; 0 where there was no answer.
func (c *Client) send(ctx context.Context, q Call, address string, header http.Header, body []byte) (Answer, int, error) {
	r, err := http.NewRequestWithContext(ctx, q.Method, address, bytes.NewReader(body))
	if err != nil {
		return Answer{}, 0, desk.Refusal{Kind: desk.RefusedForm, Detail: brief(err.Error())}
	}
	r.Header = header
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Guichet")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return Answer{}, 0, desk.Refusal{Kind: desk.RefusedDown, Detail: brief(err.Error())}
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return Answer{}, answer.StatusCode, c.refusalOfCall(answer)
	}
	most := cmp.Or(q.Most, mostBytes)
	text, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return Answer{}, 0, desk.Refusal{Kind: desk.RefusedDown, Detail: brief(err.Error())}
	case err != nil:
		return Answer{}, 0, desk.Refusal{Kind: desk.RefusedForm, Detail: "cut off: " + brief(err.Error())}
	case int64(len(text)) > most:
		kind := desk.RefusedForm
		if q.Most > 0 {
			kind = desk.RefusedSize
		}
		return Answer{}, 0, desk.Refusal{Kind: kind, Detail: fmt.Sprintf("an answer of more than %d MiB", most>>20)}
	}
	return Answer{answer.StatusCode, answer.Header, text}, answer.StatusCode, nil
}

// refusalOfCall is refusal, told apart further: who sends something must know
// whether a role is missing or the thing itself is not taken.
func (c *Client) refusalOfCall(answer *http.Response) desk.Refusal {
	refusal := c.refusal(answer)
	switch answer.StatusCode {
	case http.StatusForbidden:
		refusal.Kind = desk.RefusedRole
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		refusal.Kind = desk.RefusedRequest
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		refusal.Kind = desk.RefusedChanged
	case http.StatusNotFound, http.StatusGone:
		if refusal.Kind == desk.RefusedConsent { // a subscription that is not there for us
			refusal.Kind = desk.RefusedRole
		} else {
			refusal.Kind = desk.RefusedGone
		}
	}
	return refusal
}

// Refused tells whether an error is a refusal of that kind.
func Refused(err error, kind desk.RefusalKind) bool {
	var r desk.Refusal
	return errors.As(err, &r) && r.Kind == kind
}

// Brief is what the other side said, on one line, cut.
func Brief(text string) string { return brief(text) }

// Authorised tells why a tenant gives the application no token; nil when it does.
// Who keeps tokens only as long as they last asks anew.
func (c *Client) Authorised(ctx context.Context, tenant string) error {
	c.tokens.drop(tenant)
	return c.Check(ctx, tenant)
}

// Each hands over the entries of a list that is asked for as Send asks, following
// its pages. What was handed over before an error stands. Errors: desk.Refusal.
func (c *Client) Each(ctx context.Context, q Call, most int, take func(json.RawMessage)) error {
	seen, taken := map[string]bool{}, 0
	for range mostPages {
		answer, err := c.Send(ctx, q)
		if err != nil {
			return err
		}
		var p page
		if err := answer.Into(&p); err != nil {
			return err
		}
		if p.Value == nil {
			return desk.Refusal{Kind: desk.RefusedForm, Detail: "a list without its value"}
		}
		for _, entry := range *p.Value {
			if taken++; taken > most {
				return desk.Refusal{Kind: desk.RefusedForm, Detail: fmt.Sprintf("more than %d entries", most)}
			}
			take(entry)
		}
		if q.At = p.next(); q.At == "" {
			return nil
		}
		if seen[q.At] {
			return desk.Refusal{Kind: desk.RefusedForm, Detail: "a page that leads to one read before"}
		}
		seen[q.At] = true
	}
	return desk.Refusal{Kind: desk.RefusedForm, Detail: fmt.Sprintf("more than %d pages", mostPages)}
}
