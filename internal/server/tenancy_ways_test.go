package server_test

import (
	"net/http"
	"net/url"
)

// reach is who gets past the door of a route.
type reach int

const (
	public reach = iota
	people       // of the desk and of its customers
	agents       // the desk's own
	admins
)

// A way is how a route is asked: its form, the ids that stand in its form or
// query, and what the answer is to one who may.
type way struct {
	who   reach
	form  url.Values
	ids   map[string]string // fields that carry an id, and what it is an id of
	query map[string]string // the same of the query, which only the desk's people are asked
	done  int
	or    int  // the same where a sign-in had begun
	ended bool // the ticket must have ended
	last  bool // ends the session that it is asked in
}

// ways has every route of the house. In a path, {number}, {customer}, {person}
// and {session} are ids of what they say.
var ways = map[string]way{
	"GET /":                             {done: http.StatusOK},
	"GET /healthz":                      {done: http.StatusOK},
	"GET /readyz":                       {done: http.StatusOK},
	"GET /favicon.ico":                  {done: http.StatusFound},
	"GET /assets/*":                     {done: http.StatusNotFound},
	"POST /assets/*":                    {done: http.StatusNotFound},
	"GET /sign-in/return":               {done: http.StatusNotFound, or: http.StatusUnauthorized},
	"GET /{desk}/*":                     {done: http.StatusNotFound},
	"POST /{desk}/*":                    {done: http.StatusNotFound},
	"GET /{desk}":                       {done: http.StatusOK},
	"GET /{desk}/accent.css":            {done: http.StatusOK},
	"GET /{desk}/sign-in":               {done: http.StatusSeeOther},
	"GET /{desk}/sign-in/return":        {done: http.StatusNotFound, or: http.StatusUnauthorized},
	"POST /{desk}/sign-in/link":         {done: http.StatusOK, form: url.Values{"email": {"nobody@nowhere.example"}}},
	"GET /{desk}/sign-in/link/{token}":  {done: http.StatusOK},
	"POST /{desk}/sign-in/link/{token}": {done: http.StatusGone},
	"POST /{desk}/sign-out":             {done: http.StatusSeeOther, last: true},

	"GET /{desk}/tickets":     {who: people, done: http.StatusOK},
	"GET /{desk}/tickets/new": {who: people, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"POST /{desk}/tickets": {who: people, done: http.StatusSeeOther, ids: map[string]string{"requester": "requester"},
		form: url.Values{"subject": {"Essai"}, "body": {"Une question."}}},
	"GET /{desk}/tickets/{number}":            {who: people, done: http.StatusOK},
	"POST /{desk}/tickets/{number}/messages":  {who: people, done: http.StatusSeeOther, form: url.Values{"body": {"Un mot."}, "kind": {"message"}}},
	"POST /{desk}/tickets/{number}/closure":   {who: people, done: http.StatusSeeOther},
	"POST /{desk}/tickets/{number}/reopening": {who: people, done: http.StatusSeeOther, ended: true},
	"POST /{desk}/tickets/{number}/followers": {who: people, done: http.StatusSeeOther, ids: map[string]string{"person": "colleague"}},

	"GET /{desk}/queue":        {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/queue/{view}": {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"POST /{desk}/tickets/{number}/findings": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"finding_kind": {"other"}, "result": {"info"}, "text": {"Vu."}}},
	"POST /{desk}/tickets/{number}/decision": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"do": {"override"}, "outcome": {"PARTNER"}, "category": {"how_to"}, "reason": {"Vu."}}},
	"POST /{desk}/tickets/{number}/corrections": {who: agents, done: http.StatusSeeOther,
		form: url.Values{"do": {"set"}, "fact": {"affected"}, "value": {"one_user"}}},
	"POST /{desk}/tickets/{number}/tags":       {who: agents, done: http.StatusSeeOther, form: url.Values{"tags": {"vip"}, "team": {"Réseau"}}},
	"POST /{desk}/tickets/{number}/assignment": {who: agents, done: http.StatusSeeOther, ids: map[string]string{"assignee": "agent"}},
	"POST /{desk}/tickets/{number}/state":      {who: agents, done: http.StatusSeeOther, form: url.Values{"state": {"waiting_customer"}}},
	"POST /{desk}/tickets/{number}/priority":   {who: agents, done: http.StatusSeeOther, form: url.Values{"priority": {"2"}}},

	"GET /{desk}/reports":                {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/attainment.csv": {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/hours.csv":      {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/sides.csv":      {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"GET /{desk}/reports/work.csv":       {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},

	"GET /{desk}/account":                         {who: people, done: http.StatusOK},
	"POST /{desk}/account":                        {who: people, done: http.StatusSeeOther, form: url.Values{"language": {"fr"}, "zone": {"Europe/Paris"}}},
	"POST /{desk}/account/sessions/{session}/end": {who: people, done: http.StatusSeeOther},
	"POST /{desk}/account/sessions/end":           {who: people, done: http.StatusSeeOther},

	"GET /{desk}/settings":               {who: agents, done: http.StatusSeeOther},
	"GET /{desk}/settings/customers":     {who: agents, done: http.StatusOK},
	"GET /{desk}/settings/customers/new": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/customers": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Menuiserie Bois Clair"}, "relationship": {"direct"}}},
	"GET /{desk}/settings/customers/{customer}": {who: agents, done: http.StatusOK},
	"POST /{desk}/settings/customers/{customer}": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Renommée"}, "relationship": {"direct"}, "active": {"on"}}},
	"GET /{desk}/settings/people":     {who: admins, done: http.StatusOK},
	"GET /{desk}/settings/people/new": {who: admins, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
	"POST /{desk}/settings/people": {who: admins, done: http.StatusSeeOther, ids: map[string]string{"customer": "customer"},
		form: url.Values{"name": {"Nouvelle Personne"}, "email": {"nouvelle@personne.example"}, "role": {"contact"}}},
	"GET /{desk}/settings/people/{person}": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/people/{person}": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Renommé"}, "email": {"renomme@personne.example"}, "role": {"manager"}, "active": {"on"}}},
	"GET /{desk}/settings/desk": {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/desk": {who: admins, done: http.StatusSeeOther,
		form: url.Values{"name": {"Autre nom"}, "language": {"fr"}, "zone": {"Europe/Paris"}, "email_sign_in": {"on"}, "accent": {"#2f6f73"}}},

	"GET /{desk}/settings/rules":     {who: agents, done: http.StatusOK},
	"GET /{desk}/settings/rules/new": {who: admins, done: http.StatusOK},
	// Forms that carry no state of the rules are those of an old page.
	"POST /{desk}/settings/rules":                                {who: admins, done: http.StatusConflict, form: url.Values{"view": {"cel"}, "when": {"true"}}},
	"GET /{desk}/settings/rules/rule/{key}":                      {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/rules/rule/{key}":                     {who: admins, done: http.StatusConflict, form: url.Values{"view": {"cel"}, "when": {"true"}}},
	"POST /{desk}/settings/rules/rule/{key}/place":               {who: admins, done: http.StatusConflict, form: url.Values{"do": {"up"}}},
	"POST /{desk}/settings/rules/rule/{key}/removal":             {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/rules/rule/{key}/restoration":         {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/rules/hint":                           {who: admins, done: http.StatusConflict},
	"POST /{desk}/settings/rules/draft/removal":                  {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/rules/export":                          {who: agents, done: http.StatusOK},
	"POST /{desk}/settings/rules/file":                           {who: admins, done: http.StatusConflict, form: url.Values{"rules": {"{}"}}},
	"GET /{desk}/settings/rules/publication":                     {who: admins, done: http.StatusOK},
	"POST /{desk}/settings/rules/publication":                    {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/rules/versions/{version}":              {who: agents, done: http.StatusOK},
	"POST /{desk}/settings/rules/versions/{version}/restoration": {who: admins, done: http.StatusConflict},
	"GET /{desk}/settings/rules/trials":                          {who: agents, done: http.StatusOK},
	"POST /{desk}/settings/rules/trials":                         {who: admins, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, form: url.Values{"most": {"100"}}},
	"GET /{desk}/settings/rules/trials/{trial}":                  {who: agents, done: http.StatusOK},
	"POST /{desk}/settings/rules/trials/{trial}/stop":            {who: admins, done: http.StatusSeeOther},
	"GET /{desk}/settings/rules/rule/{key}/results":              {who: agents, done: http.StatusOK},
}
