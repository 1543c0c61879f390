package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Problem is why a request was refused (RFC 9457, application/problem+json).
type Problem struct {
	Title  string  `json:"title" doc:"The status in words."`
	Status int     `json:"status"`
	Code   string  `json:"code" doc:"The reason as a word that never changes, such as missing_scope."`
	Detail string  `json:"detail,omitempty" doc:"The reason as a sentence."`
	Scope  string  `json:"scope,omitempty" doc:"The scope that the token lacks."`
	Errors []Fault `json:"errors,omitempty" doc:"What is wrong with the request, one by one."`
}

// Fault is one thing wrong with a request, and where.
type Fault struct {
	Detail    string `json:"detail"`
	Pointer   string `json:"pointer,omitempty" doc:"In the body, as a JSON pointer (RFC 6901) in a fragment."`
	Parameter string `json:"parameter,omitempty" doc:"In the address: the name of a parameter."`
	Header    string `json:"header,omitempty"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (*Problem) ContentType(string) string { return "application/problem+json" }

func refused(status int, code, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// write answers with a problem where no operation does.
func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// codes names a status that says all there is to say.
var codes = map[int]string{http.StatusBadRequest: "malformed", http.StatusUnprocessableEntity: "invalid", http.StatusNotFound: "not_found",
	http.StatusRequestEntityTooLarge: "too_large", http.StatusUnsupportedMediaType: "unsupported_type", http.StatusNotAcceptable: "not_acceptable"}

// What the library finds wrong is told as all else is. It asks for that through one
// variable of the whole program.
var ownProblems = sync.OnceFunc(func() {
	huma.NewError = func(status int, detail string, errs ...error) huma.StatusError {
		p := refused(status, codes[status], detail)
		if p.Code == "" {
			p.Code = "internal"
		}
		if status >= http.StatusInternalServerError {
			return p // whatever else there is, is for the log
		}
		for _, err := range errs {
			var d huma.ErrorDetailer
			if errors.As(err, &d) {
				p.Errors = append(p.Errors, faultAt(d.ErrorDetail().Location, d.ErrorDetail().Message))
			} else if err != nil {
				p.Errors = append(p.Errors, Fault{Detail: err.Error()})
			}
		}
		return p
	}
})

func init() { ownProblems() }

// faultAt reads a place as the library writes it: body.items[3].tags, query.limit.
func faultAt(place, message string) Fault {
	part, rest, _ := strings.Cut(place, ".")
	f := Fault{Detail: message}
	switch part {
	case "body":
		f.Pointer = "#"
		for _, step := range strings.FieldsFunc(rest, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
			f.Pointer += "/" + escapePointer(step)
		}
	case "query", "path":
		f.Parameter = rest
	case "header":
		f.Header = rest
	}
	return f
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1").Replace

// fields are the verbs' fields that have another name here.
var fields = map[string]string{"finding_kind": "kind", "requester": "requester_id", "assignee": "assignee_id", "accept": "price_agreed"}

// problemOf turns what a verb says into a problem. Only surprises are logged.
func (d *door) problemOf(ctx context.Context, err error) error {
	var own *Problem
	var invalid desk.Invalid
	var closed desk.OutOfHours
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &invalid):
		return d.faults(ctx, invalid)
	case errors.As(err, &closed):
		return refused(http.StatusForbidden, "out_of_hours", "The person in whose name the token acts may not work at this hour.")
	case errors.Is(err, desk.ErrNotFound):
		return refused(http.StatusNotFound, "not_found", "There is no such thing here.")
	case errors.Is(err, desk.ErrForbidden):
		return refused(http.StatusForbidden, "forbidden", "The person in whose name the token acts may not do this.")
	case errors.Is(err, desk.ErrSignIn):
		return refused(http.StatusUnauthorized, "invalid_token", "The token opens nothing any more.")
	case errors.Is(err, app.ErrChanged):
		return refused(http.StatusPreconditionFailed, "changed", "It has changed since you read it. Read it again.")
	case errors.Is(err, app.ErrNewer):
		return refused(http.StatusConflict, "newer_message", "Somebody wrote meanwhile. Read the messages again.")
	case errors.Is(err, desk.ErrConflict):
		return refused(http.StatusConflict, "conflict", "As things stand this cannot be done.")
	}
	if !errors.Is(err, context.Canceled) {
		d.log.ErrorContext(ctx, "api: internal error", "err", err)
	}
	if errors.Is(err, context.DeadlineExceeded) || d.app.Ready(context.WithoutCancel(ctx)) != nil {
		return refused(http.StatusServiceUnavailable, "unavailable", "The desk cannot be reached at the moment. Try again later.")
	}
	return refused(http.StatusInternalServerError, "internal", "Something went wrong on our side.")
}

func (d *door) faults(ctx context.Context, invalid desk.Invalid) *Problem {
	p := refused(http.StatusUnprocessableEntity, "invalid", "Some of what you sent cannot be taken.")
	for _, q := range invalid.Problems {
		f := Fault{Detail: i18n.T(ctx, q.Key, q.Args...)}
		switch {
		case q.Field == keyHeader:
			f.Header = keyHeader
		case fields[q.Field] != "":
			f.Pointer = "#/" + fields[q.Field]
		case q.Field != "":
			f.Pointer = "#/" + escapePointer(q.Field)
		}
		p.Errors = append(p.Errors, f)
	}
	return p
}
