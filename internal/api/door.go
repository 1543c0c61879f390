package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// caller is who asks: a person of a desk through a token.
type caller struct {
	who    desk.Actor
	bearer desk.Bearer
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// recovered answers for a bug, and logs it.
func (d *door) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			d.log.ErrorContext(r.Context(), "api: panic", "panic", v, "method", r.Method, "path", r.URL.Path)
			refused(http.StatusInternalServerError, "internal", "Something went wrong on our side.").write(w)
		}()
		next.ServeHTTP(w, r)
	})
}

// guarded sets what holds for every answer: they are for whoever holds the token
// alone, and no browser shows them as a page.
func (d *door) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "private, no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Vary", "Authorization, Accept-Language")
		if d.base.Scheme == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		lang, ok := i18n.Match(r.Header.Get("Accept-Language"))
		if !ok {
			lang = i18n.English
		}
		next.ServeHTTP(w, r.WithContext(i18n.With(r.Context(), i18n.New(lang, time.UTC, d.app.Now()))))
	})
}

// bearer finds who asks, by the token in the Authorization header and nothing else
// (RFC 6750, section 2.1). Who tries many that open nothing is made to wait.
func (d *door) bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || text == "" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="guichet"`)
			refused(http.StatusUnauthorized, "missing_token", "Send a token of the desk in the Authorization header, after the word Bearer.").write(w)
			return
		}
		from := network(r)
		if ok, rate, err := d.wrong.Status(from); err != nil || !ok || rate >= wrongTokens {
			w.Header().Set("Retry-After", "60")
			refused(http.StatusTooManyRequests, "too_many_attempts", "Too many tokens from your address opened nothing. Try again in a minute.").write(w)
			return
		}
		who, b, err := d.app.Bearer(r.Context(), strings.TrimSpace(text))
		if errors.Is(err, desk.ErrSignIn) {
			d.wrong.OnLimit(w, r, from)
			w.Header().Set("WWW-Authenticate", `Bearer realm="guichet", error="invalid_token"`)
			refused(http.StatusUnauthorized, "invalid_token", "This is no token that opens anything: it was mistyped, has ended or was revoked.").write(w)
			return
		}
		if err != nil {
			d.answer(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller{who, b})))
	})
}

// answer writes a failure outside of any operation.
func (d *door) answer(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	if errors.As(d.problemOf(r.Context(), err), &p) {
		p.write(w)
	}
}

// limited holds each token to its requests a minute, and tells how many are left
// (draft-ietf-httpapi-ratelimit-headers).
func (d *door) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		over := d.used.OnLimit(w, r, callerOf(r.Context()).bearer.ID.String())
		h := w.Header()
		reset, _ := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
		wait := max(1, reset-time.Now().Unix())
		h.Set("RateLimit-Policy", `"token";q=`+strconv.Itoa(d.rate)+`;w=60`)
		h.Set("RateLimit", `"token";r=`+h.Get("X-RateLimit-Remaining")+`;t=`+number(wait))
		if over {
			h.Set("Retry-After", number(wait))
			refused(http.StatusTooManyRequests, "rate_limited", "This token has asked too often. Wait for as long as Retry-After says.").write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// scoped refuses what the token does not reach.
func (d *door) scoped(ctx huma.Context, next func(huma.Context)) {
	needed, _ := ctx.Operation().Metadata["scope"].(desk.TokenScope)
	if callerOf(ctx.Context()).bearer.May(needed) {
		next(ctx)
		return
	}
	_, w := humachiUnwrap(ctx)
	w.Header().Set("WWW-Authenticate", `Bearer realm="guichet", error="insufficient_scope", scope="`+string(needed)+`"`)
	p := refused(http.StatusForbidden, "missing_scope", "The token lacks the scope "+string(needed)+".")
	p.Scope = string(needed)
	p.write(w)
}

func (d *door) nowhere(w http.ResponseWriter, _ *http.Request) {
	refused(http.StatusNotFound, "not_found", "There is no such address. "+Path+"/openapi.json lists all.").write(w)
}

// otherMethod tells which methods an address has (RFC 9110, section 15.5.6).
func (d *door) otherMethod(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, Path)
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if d.mux.Match(chi.NewRouteContext(), m, path) {
			w.Header().Add("Allow", m)
		}
	}
	refused(http.StatusMethodNotAllowed, "method", "This address has no such method.").write(w)
}

// network is whose tries count together: whoever has IPv6 has a whole /64 to ask
// from (RFC 6177).
func network(r *http.Request) string {
	from := middleware.GetClientIP(r.Context())
	if from == "" {
		from, _, _ = net.SplitHostPort(r.RemoteAddr)
	}
	ip, err := netip.ParseAddr(from)
	if err != nil || ip.Is4() || ip.Is4In6() {
		return from
	}
	p, _ := ip.WithZone("").Prefix(64)
	return p.String()
}
