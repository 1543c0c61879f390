package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guichet/internal/desk"
)

// workload is one thing that people do, and the bare handler's equal.
type workload struct {
	name         string
	bare, portal target
}

// target is a server and what to ask of it: the i-th request of a client.
type target struct {
	server  *process
	request func(client, i int) (*http.Request, error)
	status  int
	ready   func(context.Context) error // before each turn; nil: it is
}

func workloads(ctx context.Context, d *data, bare, portal *process) ([]workload, error) {
	deskID := d.desk.ID.String()
	get := func(to *process, cookies []session, path func(n int) string) target {
		return target{server: to, request: func(client, i int) (*http.Request, error) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, to.base+path(client*7919+i), nil)
			if err == nil && cookies != nil {
				cookies[client%len(cookies)].carry(r)
			}
			return r, err
		}, status: http.StatusOK}
	}
	list := []workload{
		{"submit", submission(ctx, bare, nil, "/submit/"+deskID+"/"+deskID), submission(ctx, portal, d.contacts, "/"+deskSlug+"/tickets")},
		{"submit, fed to search", d.fed(submission(ctx, portal, d.contacts, "/"+deskSlug+"/tickets"), false), d.fed(submission(ctx, portal, d.contacts, "/"+deskSlug+"/tickets"), true)},
		{"queue page", get(bare, nil, func(int) string { return "/queue/" + deskID }), get(portal, d.agents, func(int) string { return "/" + deskSlug + "/queue" })},
		{"ticket page", get(bare, nil, func(n int) string { return "/ticket/" + deskID + "/" + d.longIDs[n%len(d.longIDs)].String() }),
			get(portal, d.agents, func(n int) string { return "/" + deskSlug + "/tickets/" + strconv.FormatInt(d.long[n%len(d.long)], 10) })},
		{"search, a rare word", get(bare, nil, func(int) string { return "/queue/" + deskID }), get(portal, d.agents, func(n int) string {
			return "/" + deskSlug + "/search?q=" + url.QueryEscape(d.rare[n%len(d.rare)])
		})},
		{"search, a name", get(bare, nil, func(int) string { return "/queue/" + deskID }), get(portal, d.agents, func(n int) string {
			return "/" + deskSlug + "/search?q=" + url.QueryEscape(d.names[n%len(d.names)])
		})},
		{"search, common words", get(bare, nil, func(int) string { return "/queue/" + deskID }), get(portal, d.agents, func(n int) string {
			return "/" + deskSlug + "/search?q=" + url.QueryEscape(commonWords[n%len(commonWords)])
		})},
		{"search, fields", get(bare, nil, func(int) string { return "/queue/" + deskID }), get(portal, d.agents, func(n int) string {
			return "/" + deskSlug + "/search?q=" + url.QueryEscape(fieldSearches[n%len(fieldSearches)])
		})},
		{"search, by a customer", get(bare, nil, func(int) string { return "/queue/" + deskID }), get(portal, d.contacts, func(n int) string {
			return "/" + deskSlug + "/search?q=" + url.QueryEscape(commonWords[n%len(commonWords)])
		})},
		{"published page", get(bare, nil, func(int) string { return "/published/" + deskSlug }), get(portal, nil, func(int) string { return "/" + deskSlug })},
	}
	for _, w := range list {
		for _, t := range []target{w.bare, w.portal} {
			if err := t.try(); err != nil {
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	return list, nil
}

// submission sends the ticket form.
func submission(ctx context.Context, to *process, cookies []session, path string) target {
	return target{server: to, request: func(client, i int) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.base+path, strings.NewReader(form(client, i).Encode()))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if cookies != nil {
			cookies[client%len(cookies)].carry(r)
		}
		return r, nil
	}, status: http.StatusSeeOther}
}

// fed asks the same of a desk whose new tickets are found by their words, or of one
// whose are not: the two, in turns, tell what that costs the database.
func (d *data) fed(t target, on bool) target {
	t.ready = func(ctx context.Context) error {
		if on {
			_, err := d.conn.Exec(ctx, d.feeding)
			return err
		}
		_, err := d.conn.Exec(ctx, `create or replace function add_search_texts(tickets uuid[], texts text[]) returns void language plpgsql volatile security definer set search_path = public, pg_temp as 'begin end'`)
		return err
	}
	return t
}

// carry puts the cookie into a request, under the name it has where the
// address is not https.
func (s session) carry(r *http.Request) {
	r.AddCookie(&http.Cookie{Name: "guichet", Value: string(s)})
}

// form is a ticket as somebody types it.
func form(client, i int) url.Values {
	return url.Values{
		"kind": {"problem"}, "service": {"Microsoft Teams"}, "affected": {"some_users"}, "impact": {"slowed"}, "region": {"france"}, "since": {""},
		"key":     {desk.NewID().String()},
		"subject": {fmt.Sprintf("Réunions Teams : %d personnes n’entendent rien (%d)", 2+client, i)},
		"body": {"Bonjour,\n\nDepuis ce matin, plusieurs personnes de l’atelier n’entendent plus rien dans les réunions Teams. L’image passe. " +
			"Chez les autres tout va bien. Nous avons redémarré les postes, sans effet.\n\nMerci d’avance"},
	}
}

// try makes one request, so that a mistake is seen before it is measured.
func (t target) try() error {
	r, err := t.request(0, 0)
	if err != nil {
		return err
	}
	resp, err := transport(1).RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != t.status {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 2000))
		return fmt.Errorf("%s %s: %s\n%s", r.Method, r.URL, resp.Status, text)
	}
	return nil
}
