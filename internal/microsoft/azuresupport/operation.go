package azuresupport

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

// How often an operation is asked how far it is, when it does not say.
const (
	askEvery   = 2 * time.Second
	askLongest = 10 * time.Second
)

// follow asks an operation that was accepted how far it is, until it has ended
// or patience has (Azure Resource Manager, "Track asynchronous Azure
// operations"). Errors: desk.Refusal for one that failed.
func (c *Client) follow(ctx context.Context, a Access, accepted rest.Answer) (done bool, err error) {
	at := accepted.Header.Get("Azure-AsyncOperation")
	if at == "" {
		return false, nil // the name is looked for later
	}
	pause := pauseOf(accepted.Header)
	for waited := time.Duration(0); waited+pause <= c.config.Patience; waited += pause {
		if err := c.config.Wait(ctx, pause); err != nil {
			return false, nil //nolint:nilerr // it was accepted all the same
		}
		answer, err := c.as(a).Send(ctx, rest.Call{Method: http.MethodGet, At: at, Tenant: a.Tenant, Also: a.PartnerTenant})
		if err != nil {
			return false, refused(err)
		}
		var op struct {
			Status string `json:"status"`
			Error  struct {
				Code    string `json:"code"`
				Message string `json:"message"`
			} `json:"error"`
		}
		if err := answer.Into(&op); err != nil {
			return false, err
		}
		switch prose.Word(op.Status) {
		case "succeeded":
			return true, nil
		case "failed", "canceled", "cancelled":
			return false, refused(desk.Refusal{Kind: failureOf(op.Error.Code), Detail: rest.Brief(op.Error.Code + ": " + op.Error.Message)})
		}
		pause = pauseOf(answer.Header)
	}
	return false, nil
}

func failureOf(code string) desk.RefusalKind {
	switch prose.Word(code) {
	case "authorizationfailed", "forbidden":
		return desk.RefusedRole
	case "internalservererror", "servererror", "serviceunavailable":
		return desk.RefusedDown
	}
	return desk.RefusedRequest
}

func pauseOf(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 1 {
		return askEvery
	}
	return min(time.Duration(seconds)*time.Second, askLongest)
}
