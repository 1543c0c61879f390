package rest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"guichet/internal/desk"
)

// longestWait bounds what another side can make us wait.
const longestWait = 24 * time.Hour

// refusal tells what an answer other than 200 means. Graph and Azure give the
// same form of error (Microsoft Graph, "Error responses and resource types";
// Azure, "Common API Details", error response content); Partner Center another
// ("Partner Center REST error codes").
func (c *Client) refusal(answer *http.Response) desk.Refusal {
	var said struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
		Code        any    `json:"code"` // a number or a text
		Description string `json:"description"`
	}
	if body, err := io.ReadAll(io.LimitReader(answer.Body, mostErrorBytes)); err == nil {
		_ = json.Unmarshal(body, &said) // an error page of a proxy has none
	}
	if said.Error.Message == "" && said.Description != "" {
		said.Error.Code, said.Error.Message = fmt.Sprint(said.Code), said.Description
	}
	refusal := desk.Refusal{Detail: brief(strings.TrimSpace(answer.Status + ": " + said.Error.Code + " " + said.Error.Message))}
	switch status := answer.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "":
		refusal.Kind, refusal.After = desk.RefusedThrottle, c.retryAfter(answer)
	case status == http.StatusUnauthorized || status == http.StatusForbidden || slices.Contains(denials, said.Error.Code):
		refusal.Kind = desk.RefusedConsent
	case status >= 500 || status == http.StatusRequestTimeout:
		refusal.Kind = desk.RefusedDown
	default:
		refusal.Kind = desk.RefusedForm
	}
	return refusal
}

// denials say that access is missing, whatever the status.
var denials = []string{"Authorization_RequestDenied", "Authorization_IdentityNotFound", "InvalidAuthenticationToken", "AuthorizationFailed",
	"InvalidAuthenticationTokenTenant", "SubscriptionNotFound", "InvalidSubscriptionId"}

// retryAfter reads seconds or a date (RFC 9110, section 10.2.3); 0 when there is
// neither. A date is held against the other side's own clock, if it shows it.
func (c *Client) retryAfter(answer *http.Response) time.Duration {
	text := strings.TrimSpace(answer.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return clampWait(time.Duration(seconds) * time.Second)
	}
	then, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		now = c.Now()
	}
	return clampWait(then.Sub(now))
}

func clampWait(d time.Duration) time.Duration { return min(max(d, 0), longestWait) }

// brief is what the other side said, on one line, cut.
func brief(text string) string {
	const most = 300 // runes
	clean := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
	clean = strings.Join(strings.Fields(clean), " ")
	if runes := []rune(clean); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return clean
}
